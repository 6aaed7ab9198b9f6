"""pmdaloop agent under a real pmcd, on each kind of channel, read and written by PCP's own
tools."""
import json
import os
import re
import signal
import socket
import unittest

import agents
import labwire
import pcp

labwire.need(*pcp.PEERS)
DOMAIN = 402

TYPES = {  # value as it is fed, and as pminfo shows it
    "i32": (-2147483648, "-2147483648"),
    "u32": (4294967295, "4294967295"),
    "i64": ("-9223372036854775808", "-9223372036854775808"),
    "u64": ("18446744073709551615", "18446744073709551615"),
    "float": (0.25, "0.25"),
    "double": (-1e100, "-1e+100"),
    "string": ("forty two", '"forty two"'),
}

CONFIG = {
    "name": "fed", "domain": DOMAIN, "labels": {"site": "north"},
    "indoms": [{"name": "city", "help": "cities", "text": "Some cities.",
                "labels": {"on": "earth"}}],
    "metrics": [
        *[{"name": "fed.kind." + name, "type": name.lstrip("i")} for name in TYPES],
        *[{"name": "fed.each." + name, "type": name.lstrip("i"), "indom": "city"}
          for name in TYPES],
        {"name": "fed.rate", "type": "u64", "semantics": "counter", "units": "Kbyte / sec",
         "help": "how fast", "text": "How fast\nit goes.", "labels": {"scale": "big"}},
        {"name": "fed.word", "type": "string", "semantics": "discrete"},
        {"name": "fed.run", "type": "u32"},
        {"name": "fed.limit", "type": "double", "writable": True, "units": "count x 10^6",
         "value": 100},
        {"name": "fed.name", "type": "string", "writable": True, "indom": "city"},
        {"name": "fed.short", "expire_s": 0.2},
        {"name": "fed.big", "type": "u64", "writable": True, "value": "18446744073709551614"},
    ],
}


class Fed(unittest.TestCase):
    """pmcd with the agent, which reads a FIFO."""

    def setUp(self):
        self.pcp = pcp.Pmcd()
        self.addCleanup(self.pcp.__exit__)
        self.fifo = self.pcp.path("feed")
        os.mkfifo(self.fifo)
        self.lines = 0

    def up(self, channel, options="", **more):
        config = self.pcp.write("fed.json", json.dumps({**CONFIG, "input": self.fifo, **more}))
        got = agents.run("agent", "--check", config)
        self.assertEqual(got.returncode, 0, got.stderr)
        self.pcp.agent("fed %d %s %s agent %s %s" % (DOMAIN, channel, agents.TOOL, options, config),
                       dynamic="fed", domain=DOMAIN)
        self.pcp.start()
        labwire.wait_for(lambda: self.value("fed.feed.lines"), "agent that answers")

    def pipe(self, **more):
        self.up("pipe binary", **more)

    def value(self, metric, instance=None):
        return self.pcp.values(metric).get(metric, {}).get(instance)

    def wait_for_value(self, metric, instance, value):
        labwire.wait_for(lambda: self.value(metric, instance) == value,
                         "%s of %s" % (value, metric))

    def feed(self, *lines):
        """Write lines, good ones, and wait until they are taken."""
        with open(self.fifo, "w") as f:
            f.write("".join(json.dumps(line) + "\n" for line in lines))
        self.lines += len(lines)
        self.wait_for_value("fed.feed.lines", None, str(self.lines))

    # ---- on each channel ----

    def check_session(self):
        """All types, instances that come and go, bad lines."""
        for kind in ("kind", "each"):
            got = self.pcp.values("fed." + kind)
            for name in TYPES:
                self.assertIn("No value", got["fed.%s.%s" % (kind, name)][""], got)
        self.feed({"fed.kind." + name: fed for name, (fed, _) in TYPES.items()},
                  {"fed.each." + name: {"Oslo city": fed} for name, (fed, _) in TYPES.items()})
        got = self.pcp.values("fed.kind", "fed.each")
        for name, (_, shown) in TYPES.items():
            self.assertEqual(got["fed.kind." + name], {None: shown})
            self.assertEqual(got["fed.each." + name], {"Oslo city": shown})
        self.feed({"fed.each.i32": {"rome": 7, "bonn": 8}})
        self.assertEqual(self.pcp.values("fed.each.i32")["fed.each.i32"],
                         {"Oslo city": TYPES["i32"][1], "rome": "7", "bonn": "8"})
        self.feed({"fed.each.i32": {"rome": None, "Oslo city": None}})
        self.assertEqual(self.pcp.values("fed.each.i32")["fed.each.i32"], {"bonn": "8"})
        with open(self.fifo, "w") as f:
            f.write('nonsense\n{"fed.rate": -1}\n')
        self.wait_for_value("fed.feed.bad_lines", None, "2")
        self.assertEqual(self.value("fed.kind.i32"), TYPES["i32"][1])

    def test_pipe(self):
        self.pipe()
        self.check_session()
        self.assertIn("a bad line: ", self.pcp.read("pmcd.log"))

    def test_unix_socket(self):
        path = self.pcp.path("agent.socket")
        self.up("socket unix " + path, "--socket unix:" + path)
        self.check_session()

    def test_inet_socket(self):
        port = labwire.free_port()
        self.up("socket inet %d" % port, "--socket inet:%d" % port)
        self.check_session()

    # ---- PCP's tools ----

    def test_descriptions_help_and_labels(self):
        self.pipe()
        self.feed({"fed.each.i32": {"rome": 7}})
        _, text = self.pcp.run("pminfo", "-dtTl", "fed.rate", "fed.each.i32", "fed.word")
        for words in ("Data Type: 64-bit unsigned int  InDom: PM_INDOM_NULL",
                      "Semantics: counter  Units: Kbyte / sec", "[how fast]", "How fast\nit goes.",
                      "Data Type: 32-bit int  InDom: %d.0" % DOMAIN, "Semantics: discrete",
                      '"scale":"big"', '"site":"north"', '"on":"earth"'):
            self.assertIn(words, text)
        _, text = self.pcp.run("pminfo", "-tT", "%d.0" % DOMAIN)
        self.assertIn("cities", text)
        self.assertIn("Some cities.", text)

    def test_names(self):
        self.pipe()
        _, text = self.pcp.run("pminfo", "fed")
        wanted = {m["name"] for m in CONFIG["metrics"]} | {"fed.feed.lines", "fed.feed.bad_lines"}
        self.assertLessEqual(wanted, set(text.split()))
        _, text = self.pcp.run("pminfo", "-m", "fed.kind.i32")
        self.assertIn("PMID: %d.1.0" % DOMAIN, text)
        _, text = self.pcp.run("pminfo", "fed.none")
        self.assertIn("Unknown metric name", text)

    def test_pmprobe_and_pmval(self):
        self.pipe()
        _, text = self.pcp.run("pmprobe", "fed.kind.i32", "fed.each.i32")
        self.assertEqual(text.splitlines(), ["fed.kind.i32 0", "fed.each.i32 0"])
        self.feed({"fed.each.i32": {"rome": 7, "bonn": 8, "lima": 9}})
        _, text = self.pcp.run("pmprobe", "-v", "fed.each.i32")
        self.assertEqual(text.split(), ["fed.each.i32", "3", "7", "8", "9"])
        _, text = self.pcp.run("pmprobe", "-I", "fed.each.i32")
        self.assertEqual(text.split(), ["fed.each.i32", "3", '"rome"', '"bonn"', '"lima"'])
        _, text = self.pcp.run("pmval", "-s", "1", "-i", "bonn,lima", "fed.each.i32")
        self.assertRegex(text, r"\b8\b +9\b")
        self.assertNotRegex(text, r"\b7\b")

    def test_stores_are_refused(self):
        self.pipe()
        self.feed({"fed.word": "as fed"})
        _, text = self.pcp.run("pmstore", "fed.word", "changed")
        self.assertIn("No permission", text)
        self.assertEqual(self.value("fed.word"), '"as fed"')

    def test_stores_into_what_is_writable(self):
        self.pipe()
        self.assertEqual(self.value("fed.limit"), "100")
        self.feed({"fed.name": {"rome": "one", "bonn": "two"}})
        for args, metric, instance, shown in (
                (["fed.limit", "-2.25"], "fed.limit", None, "-2.25"),
                (["-i", "rome", "fed.name", "other"], "fed.name", "rome", '"other"'),
                (["-i", "bonn", "fed.name", ""], "fed.name", "bonn", '""')):
            status, text = self.pcp.run("pmstore", *args)
            self.assertEqual(status, 0, text)
            self.assertEqual(self.value(metric, instance), shown)
        _, text = self.pcp.run("pminfo", "-d", "fed.limit")
        self.assertIn("Units: count x 10^6", text)
        self.feed({"fed.limit": 7})
        self.assertEqual(self.value("fed.limit"), "7")

    def test_instances_by_name(self):
        """Held without values, with labels of their own, and gone at a word."""
        self.pipe()
        self.feed({"city": {"rome": {"hills": 7}, "bonn": {}}})
        _, text = self.pcp.run("pmprobe", "-I", "fed.each.i32")
        self.assertEqual(text.split(), ["fed.each.i32", "0"])
        self.feed({"fed.each.i32": {"rome": 1, "lima": 2}})
        _, text = self.pcp.run("pminfo", "-l", "fed.each.i32")
        self.assertRegex(text, r'inst \[0 or "rome"\] labels \{.*"hills":7')
        self.feed({"city": {"rome": None}})
        self.assertEqual(self.pcp.values("fed.each.i32")["fed.each.i32"], {"lima": "2"})
        self.feed({"city": None, "fed.each.i32": {"bonn": 3}})
        self.assertEqual(self.pcp.values("fed.each.i32")["fed.each.i32"], {"bonn": "3"})

    def test_values_expire(self):
        self.pipe()
        self.feed({"fed.short": 1, "fed.rate": 2})
        labwire.wait_for(lambda: "" in self.pcp.values("fed.short")["fed.short"], "end of the value")
        self.assertEqual(self.value("fed.rate"), "2")

    def test_fed_by_a_socket(self):
        path = self.pcp.path("feed.socket")
        self.up("pipe binary", input="unix:" + path)
        with socket.socket(socket.AF_UNIX) as writer:
            writer.connect(path)
            writer.sendall(b'{"fed.word": "by a socket"}\n')
            self.wait_for_value("fed.word", None, '"by a socket"')

    def test_stores_are_told_to_feeds(self):
        """A program connected to a socket, and a command that answers each store."""
        path = self.pcp.path("feed.socket")
        self.up("pipe binary", input=["unix:" + path, self.fifo], commands=[
            {"command": "while read -r line; do echo \"$line\" >>%s/told; "
                        "echo '{\"fed.word\": \"heard\"}'; done" % self.pcp.dir, "stores": True}])
        with socket.socket(socket.AF_UNIX) as writer:
            writer.settimeout(20)
            writer.connect(path)
            writer.sendall(b'{"fed.name": {"ro me": "one"}}\n')
            self.wait_for_value("fed.name", "ro me", '"one"')
            told = writer.makefile("r")
            for args, line in ((["fed.limit", "0.1"], {"fed.limit": 0.1}),
                               (["fed.name", "a \"b\""], {"fed.name": {"ro me": "a \"b\""}}),
                               (["fed.big", "18446744073709551615"],
                                {"fed.big": 18446744073709551615})):
                status, text = self.pcp.run("pmstore", *args)
                self.assertEqual(status, 0, text)
                self.assertEqual(json.loads(told.readline()), line)
            told.close()
        self.wait_for_value("fed.word", None, '"heard"')
        labwire.wait_for(lambda: self.pcp.read("told").count("\n") == 3, "stores told")

    # ---- feeds that fail ----

    def test_commands_that_die(self):
        """One ends with a status, one dies of a signal; a third goes on."""
        self.pipe(commands=[
            {"command": "exit 3", "every_s": 0.05},
            {"command": "kill -9 $$", "every_s": 0.05},
            {"command": "n=$(cat %s/n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >%s/n; "
                        "echo '{\"fed.run\": '$n'}'" % (self.pcp.dir, self.pcp.dir),
             "every_s": 0.05}])
        labwire.wait_for(lambda: int(self.value("fed.run") or 0) >= 5 and all(
            int(self.value("fed.feed.command.failures", command) or 0) > 1
            for command in ("exit 3", "kill -9 $$")), "commands that go on")
        log = self.pcp.read("pmcd.log")
        self.assertIn("'exit 3' has ended with status 3", log)
        self.assertIn("'kill -9 $$' has died of signal 9", log)
        got = self.pcp.values("fed.feed.command")
        self.assertEqual(got["fed.feed.command.status"]["exit 3"], "3")
        self.assertEqual(got["fed.feed.command.status"]["kill -9 $$"], "137")

    def agents_pid(self):
        found = re.findall(r"^fed +%d +(\d+) " % DOMAIN, self.pcp.read("pmcd.log"), re.M)
        return int(found[-1])

    def test_death_and_restart(self):
        self.pipe(state=self.pcp.path("state"))
        self.feed({"fed.word": "first", "fed.each.i32": {"rome": 1, "bonn": 2}})
        labwire.wait_for(lambda: "bonn" in self.pcp.read("state"), "numbers on disk")
        os.kill(self.agents_pid(), signal.SIGKILL)
        labwire.wait_for(lambda: self.value("fed.word") is None, "notice of the death")
        self.pcp.conf.append("# read me again")
        self.pcp.reload()
        labwire.wait_for(lambda: self.value("fed.feed.lines"), "agent that answers again")
        self.lines = 0
        self.feed({"fed.word": "second"})
        self.assertEqual(self.value("fed.word"), '"second"')
        self.feed({"fed.each.i32": {"lima": 3, "bonn": 2}})
        _, text = self.pcp.run("pminfo", "-f", "fed.each.i32")
        for words in ('inst [1 or "bonn"] value 2', 'inst [2 or "lima"] value 3'):
            self.assertIn(words, text)


unittest.main(verbosity=2)
