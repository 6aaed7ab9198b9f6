"""pmdaloop agent: configured, fed, and asked by pmdaloop probe."""
import json
import os
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import agents
import labwire

DOMAIN = 401
CONFIG = {
    "name": "weather", "domain": DOMAIN, "labels": {"site": "north"},
    "indoms": [{"name": "city", "help": "cities", "labels": {"on": "earth"}}],
    "metrics": [
        {"name": "weather.temp", "type": "double", "indom": "city", "help": "degrees",
         "text": "How warm it is.", "labels": {"scale": "C"}},
        {"name": "weather.rain", "type": "u64", "semantics": "counter",
         "units": "Kbyte^2 / sec"},
        {"name": "weather.word", "type": "string", "semantics": "discrete"},
        {"name": "weather.i32", "type": "32", "units": "count"},
    ],
}


class Fed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def config(self, **more):
        path = os.path.join(self.folder, "config.json")
        with open(path, "w") as f:
            json.dump({**CONFIG, **more}, f)
        return path

    def ask(self, path, *args):
        got = agents.run("probe", "--json", *args, "--", agents.TOOL, "agent", path)
        self.assertEqual(got.returncode, 0, got.stderr)
        return {m["name"]: m for m in json.loads(got.stdout)["metrics"]}, got.stderr

    def values(self, metric):
        return {v.get("name"): v["value"] for v in metric["values"]}

    def feed(self, *lines):
        path = os.path.join(self.folder, "feed")
        with open(path, "w") as f:
            f.write("\n".join(lines))
        return self.ask(self.config(input=path))

    def test_descriptions(self):
        got, _ = self.feed('{"weather.temp": {"oslo": 1.5}}')
        temp, rain = got["weather.temp"], got["weather.rain"]
        self.assertEqual((temp["type"], temp["semantics"], temp["help"], temp["text"]),
                         ("DOUBLE", "instant", "degrees", "How warm it is."))
        self.assertEqual(temp["labels"], {"on": "earth", "scale": "C", "site": "north"})
        self.assertEqual((rain["units"], rain["semantics"]), ("Kbyte^2 / sec", "counter"))

    def test_values(self):
        got, said = self.feed(
            '{"weather.temp": {"oslo": 1.5, "rome": 30}, "weather.rain": 7}',
            '{"weather.rain": "18446744073709551615", "weather.word": "a \\u00e4 b"}',
            '{"weather.temp": {"rome": null, "oslo": -2}, "weather.i32": -5}')
        self.assertEqual(self.values(got["weather.temp"]), {"oslo": -2})
        self.assertEqual(self.values(got["weather.rain"]), {None: 18446744073709551615})
        self.assertEqual(self.values(got["weather.word"]), {None: "a ä b"})
        self.assertEqual(self.values(got["weather.i32"]), {None: -5})
        self.assertEqual(self.values(got["weather.feed.lines"]), {None: 3})
        self.assertNotIn("bad line", said)

    def test_bad_lines_are_counted_and_change_nothing(self):
        bad = ['nonsense', '[1]', '{"weather.none": 1}', '{"weather.rain": -1}',
               '{"weather.rain": 1.5}', '{"weather.i32": 2147483648}', '{"weather.word": 1}',
               '{"weather.temp": 1}', '{"weather.temp": {"": 1}}', '{"weather.rain": 9',
               '{"weather.rain": 9, "weather.word": 1}', '{"weather.feed.lines": 1}',
               '{"weather.rain": {"a": 1}}', '\x00\xff', "x" * (1 << 20 | 1)]
        got, said = self.feed('{"weather.rain": 3}', *bad, "", '{"weather.word": "end"}')
        self.assertEqual(self.values(got["weather.feed.bad_lines"]), {None: len(bad)})
        self.assertEqual(self.values(got["weather.feed.lines"]), {None: 2})
        self.assertEqual(self.values(got["weather.rain"]), {None: 3})
        self.assertEqual(self.values(got["weather.word"]), {None: "end"})
        self.assertEqual(said.count("a bad line"), len(bad))

    def listen(self, path, *options):
        where = "unix:" + os.path.join(self.folder, "socket")
        agent = subprocess.Popen([agents.TOOL, "agent", "--socket", where, *options, path], text=True,
                                 stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        self.addCleanup(agent.stdin.close)
        labwire.wait_for(lambda: os.path.exists(where[5:]), "listening agent")
        return agent, where

    def shown(self, where):
        got = agents.run("probe", "--json", "--socket", where)
        self.assertEqual(got.returncode, 0, got.stderr)
        return {m["name"]: self.values(m) for m in json.loads(got.stdout)["metrics"]}

    def test_standard_input(self):
        agent, where = self.listen(self.config(input="-"))
        agent.stdin.write('{"weather.rain": 12}\n')
        agent.stdin.close()
        # its one session is the probe's, so it cannot be asked whether it has read
        labwire.wait_for(lambda: self.idle(agent.pid), "agent that has read")
        self.assertEqual(self.shown(where)["weather.rain"], {None: 12})
        self.assertEqual(agent.wait(20), 0)

    @staticmethod
    def idle(pid):
        with open("/proc/%d/wchan" % pid) as f, open("/proc/%d/stat" % pid) as stat:
            return "poll" in f.read() or stat.read().rsplit(")", 1)[1].split()[0] == "S"

    def test_commands_do_not_read_along(self):
        """What is on their standard input, or open beside it, is none of the agent's."""
        path = self.config(input="-", commands=[
            {"command": "ls -l /proc/self/fd >%s/open; mv %s/open %s/seen" % (
                (self.folder,) * 3), "every_s": 100}])
        agent, _ = self.listen(path)
        labwire.wait_for(lambda: self.read("seen"), "a command that has looked")
        fed = os.readlink("/proc/%d/fd/0" % agent.pid)
        self.assertTrue(fed.startswith("pipe:"))
        self.assertNotIn(fed, self.read("seen"))

    # ---- sockets ----

    def test_many_write_to_a_unix_socket(self):
        path = os.path.join(self.folder, "feed")
        with socket.socket(socket.AF_UNIX) as dead:  # what an earlier life has left behind
            dead.bind(path)
        agent, where = self.listen(self.config(input=["unix:" + path],
                                               state=os.path.join(self.folder, "state")))
        writers = [socket.socket(socket.AF_UNIX) for _ in range(5)]

        def listens():
            try:
                writers[0].connect(path)
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            return True
        labwire.wait_for(listens, "input that listens")
        for i, w in enumerate(writers):
            self.addCleanup(w.close)
            if i:
                w.connect(path)
            w.sendall(b'{"weather.temp": {"c%d": ' % i)
        for i, w in enumerate(writers):
            w.sendall(b"%d}}\n" % i)
            w.close()
        labwire.wait_for(lambda: self.read("state").count('"c') == 6,  # and "city"
                         "agent that has read")
        self.assertEqual(self.shown(where)["weather.temp"], {"c%d" % i: i for i in range(5)})
        self.assertEqual(agent.wait(20), 0)
        self.assertFalse(os.path.exists(path))

    def test_a_port_of_the_loopback(self):
        port = labwire.free_port()
        _, where = self.listen(self.config(input="inet:%d" % port,
                                           state=os.path.join(self.folder, "state")))
        with self.connected(port) as w:
            w.sendall(b'{"weather.rain": 3}\nnonsense\n{"weather.temp": {"unfinished": 4}}')
        labwire.wait_for(lambda: "unfinished" in self.read("state"), "agent that has read")
        got = self.shown(where)
        self.assertEqual((got["weather.rain"], got["weather.temp"]),
                         ({None: 3}, {"unfinished": 4}))
        self.assertEqual(got["weather.feed.bad_lines"], {None: 1})

    def connected(self, port):
        made = []

        def listens():
            try:
                made.append(socket.create_connection(("127.0.0.1", port), 5))
            except ConnectionRefusedError:
                return False
            return True
        labwire.wait_for(listens, "input that listens")
        return made[0]

    def test_writers_are_so_many_at_most(self):
        port = labwire.free_port()
        agent, _ = self.listen(self.config(input="inet:%d" % port), "--log",
                               os.path.join(self.folder, "log"))
        writers = [self.connected(port) for _ in range(67)]
        for w in writers:
            self.addCleanup(w.close)
        for w in writers[64:]:
            w.settimeout(20)
            self.assertEqual(w.recv(1), b"")  # closed at once
        self.assertEqual(self.read("log").count("more than 64 writers"), 1)
        writers[0].setblocking(False)
        self.assertRaises(BlockingIOError, writers[0].recv, 1)
        writers[0].close()

        def has_room_again():
            with self.connected(port) as w:
                w.settimeout(0.2)
                try:
                    return w.recv(1) != b""
                except TimeoutError:
                    return True
        labwire.wait_for(has_room_again, "room for one more")
        self.assertIsNone(agent.poll())

    def test_a_socket_of_somebody_else(self):
        path = os.path.join(self.folder, "feed")
        with socket.socket(socket.AF_UNIX) as owner:
            owner.bind(path)
            owner.listen(1)
            got = agents.run("agent", "--socket", "unix:" + path + ".own",
                             self.config(input="unix:" + path))
        self.assertEqual(got.returncode, 1)
        self.assertIn("address already in use", got.stderr)
        self.assertTrue(os.path.exists(path))

    # ---- pmcd comes first ----

    def test_a_file_without_end(self):
        """What cannot be read at once is read beside."""
        log = os.path.join(self.folder, "log")
        agent, where = self.listen(self.config(input="/dev/zero"), "--log", log)
        got = self.shown(where)
        self.assertEqual(got["weather.feed.bad_lines"], {None: 1})
        self.assertEqual(agent.wait(20), 0)
        self.assertIn("longer than", self.read("log"))

    def test_a_store_is_as_old_as_it_is(self):
        """Stored into what nobody has asked for in a long while, and asked for at once."""
        agent, where = self.listen(self.config(metrics=[
            {"name": "weather.set", "type": "u32", "expire_s": 0.05, "writable": True}]))
        with socket.socket(socket.AF_UNIX) as pmcd:
            pmcd.settimeout(20)
            pmcd.connect(where[5:])
            pmcd.sendall(bytes.fromhex("00000014 0000700c 00000001 00000001 01020000"))
            self.assertEqual(len(pmcd.recv(20, socket.MSG_WAITALL)), 20)
            time.sleep(0.2)  # the value's time, and more
            pmid = (DOMAIN << 22 | 1 << 10).to_bytes(4, "big")
            pmcd.sendall(
                bytes.fromhex("0000002c 00007001 00000000 00000000 00000000 00000001") + pmid +
                bytes.fromhex("00000001 00000000 ffffffff 00000007"
                              "00000020 00007003 00000000 00000000 00000000 00000000 00000001") +
                pmid)
            done = pmcd.recv(16, socket.MSG_WAITALL)
            result = pmcd.recv(44, socket.MSG_WAITALL)
        self.assertEqual(done.hex(), "00000010000070000000000000000000")
        self.assertEqual(result[-4:].hex(), "00000007")
        self.assertEqual(agent.wait(20), 0)

    def test_few_descriptors(self):
        """However few there are, it is said; or there are enough, and pmcd's end is told."""
        env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # which wants some itself
        for most in range(6, 16):
            got = agents.run("agent", self.config(), stdin=subprocess.PIPE, env=env,
                             preexec_fn=lambda most=most:
                             resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
            self.assertIn(got.returncode, (0, 1, 3), got.stderr)
            self.assertTrue(got.returncode == 0 or got.stderr.startswith("pmdaloop: "))

    def test_standard_input_that_is_a_file(self):
        got = agents.run("agent", self.config())
        self.assertEqual(got.returncode, 3)
        self.assertIn("standard input or output is a file", got.stderr)

    # ---- commands ----

    def test_commands(self):
        ran = os.path.join(self.folder, "ran")
        path = self.config(commands=[
            {"command": "echo x >> %s; echo '{\"weather.rain\": 5}'; echo oops" % ran,
             "every_s": 0.05}, {"command": "exit 3", "every_s": 100}])
        _, where = self.listen(path)
        labwire.wait_for(lambda: len(self.read("ran")) >= 6, "commands that run again")
        got = self.shown(where)
        self.assertEqual(got["weather.rain"], {None: 5})
        self.assertGreaterEqual(got["weather.feed.bad_lines"][None], 1)

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name)) as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def test_a_command_that_goes_on(self):
        """It is begun once, and again when it has ended; at the end of the agent it ends."""
        path = self.config(commands=[
            {"command": "echo '{\"weather.rain\": 1}'; echo $$ >> %s/goes_on; exec sleep 600"
                        % self.folder, "name": "goes on"},
            {"command": "echo x >> %s/ends" % self.folder, "restart_s": 0.05}])
        agent, where = self.listen(path)
        labwire.wait_for(lambda: len(self.read("ends")) >= 6 and "\n" in self.read("goes_on"),
                         "commands that begin, and begin again")
        pid = int(self.read("goes_on"))
        got = self.shown(where)
        self.assertEqual(got["weather.rain"], {None: 1})
        self.assertEqual(got["weather.feed.command.runs"]["goes on"], 1)
        self.assertNotIn("goes on", got["weather.feed.command.status"])
        self.assertEqual(agent.wait(20), 0)
        labwire.wait_for(lambda: not os.path.exists("/proc/%d" % pid), "end of the command")

    def test_a_command_that_leaves_a_process_behind(self):
        """It holds the output, up to the next run; then it has to go."""
        path = self.config(commands=[
            {"command": "sleep 600 & echo $! >> %s/left" % self.folder, "every_s": 0.05}])
        agent, _ = self.listen(path)
        labwire.wait_for(lambda: self.read("left").count("\n") >= 3, "runs one after another")
        agent.terminate()
        self.assertEqual(agent.wait(20), 0)
        for pid in self.read("left").split():
            labwire.wait_for(lambda pid=pid: self.is_dead(pid), "end of what was left behind")

    def test_a_command_whose_process_gets_away(self):
        """It has a group of its own, and the output; the limit holds for all that."""
        path = self.config(commands=[
            {"command": "setsid sh -c 'echo $$ >> %s/away; exec sleep 600'; true" % self.folder,
             "every_s": 0.05, "timeout_s": 0.3}])
        agent, _ = self.listen(path)

        def kill_them():
            agent.kill()
            agent.wait()
            for pid in self.read("away").split():
                os.kill(int(pid), signal.SIGKILL)
        self.addCleanup(kill_them)
        labwire.wait_for(lambda: self.read("away").count("\n") >= 2, "another run")

    @staticmethod
    def is_dead(pid):
        try:
            with open("/proc/%s/stat" % pid) as f:
                return f.read().rsplit(")", 1)[1].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True

    def test_what_becomes_of_commands(self):
        path = self.config(commands=[
            {"command": "sleep 600 | cat", "name": "slow", "every_s": 0.05, "timeout_s": 0.1},
            {"command": "exit 3", "name": "bad", "every_s": 0.05},
            {"command": "echo x >> %s/ran" % self.folder, "name": "good", "every_s": 0.05}])
        log = os.path.join(self.folder, "log")
        _, where = self.listen(path, "--log", log)
        labwire.wait_for(lambda: len(self.read("ran")) >= 20 and
                         all(words in self.read("log") for words in ("longer than", "status 3")),
                         "commands that run")
        got = self.shown(where)
        self.assertGreaterEqual(got["weather.feed.command.failures"]["bad"], 1)
        self.assertEqual(got["weather.feed.command.failures"]["good"], 0)
        self.assertEqual({k: got["weather.feed.command.status"][k] for k in ("bad", "good")},
                         {"bad": 3, "good": 0})
        self.assertGreater(got["weather.feed.command.runs"]["good"], 9)
        self.assertEqual(self.read("log").count("ended with status 3"), 1)  # told once
        self.assertIn("takes longer than 0.1 s", self.read("log"))

    # ---- what lasts ----

    def test_numbers_of_instances_last(self):
        state = os.path.join(self.folder, "state")
        feed = os.path.join(self.folder, "feed")
        for names, numbers in ((["a", "b c", "d\"\u00e4"], [0, 1, 2]), (["d\"\u00e4", "e"], [2, 3]),
                               (["a", "f"], [0, 4])):
            with open(feed, "w") as f:
                json.dump({"weather.temp": {n: 1 for n in names}}, f)
            got, said = self.ask(self.config(input=feed, state=state))
            self.assertEqual([(v["inst"], v["name"]) for v in got["weather.temp"]["values"]],
                             sorted(zip(numbers, names)))
            self.assertEqual(said, "")
        with open(state) as f:
            self.assertEqual(json.load(f), {"city": {"a": 0, "b c": 1, "d\"\u00e4": 2, "e": 3,
                                                     "f": 4}})
        for text, why in (("{", "is not JSON"), ('{"city": {"a": -1, "b": 1e9, "": 1, "x": "y"}}',
                                                 "")):
            with open(state, "w") as f:
                f.write(text)
            got, said = self.ask(self.config(input=feed, state=state))
            self.assertIn(why, said)
            self.assertEqual(self.values(got["weather.temp"]), {"a": 1, "f": 1})

    def test_numbers_are_written_while_it_lives(self):
        state, fifo = (os.path.join(self.folder, name) for name in ("state", "fifo"))
        os.mkfifo(fifo)
        agent, _ = self.listen(self.config(input=fifo, state=state))
        with open(fifo, "w") as f:
            f.write('{"weather.temp": {"here": 1}}\n')
        labwire.wait_for(lambda: '"here": 0' in self.read("state"), "state on disk")
        agent.kill()

    def test_numbers_that_cannot_be_written(self):
        """It is told once, and tried until it can be done."""
        folder, fifo, log = (os.path.join(self.folder, name) for name in ("later", "fifo", "log"))
        os.mkfifo(fifo)
        self.listen(self.config(input=fifo, state=os.path.join(folder, "state")), "--log", log)
        with open(fifo, "w") as f:
            f.write('{"weather.temp": {"here": 1}}\n')
        labwire.wait_for(lambda: "cannot write" in self.read("log"), "words on it")
        os.mkdir(folder)
        labwire.wait_for(lambda: '"here": 0' in self.read("later/state"), "state on disk")
        self.assertEqual(self.read("log").count("cannot write"), 1)
        self.assertEqual(os.listdir(folder), ["state"])

    def test_sigterm_is_a_good_end(self):
        path = os.path.join(self.folder, "feed")
        agent, _ = self.listen(self.config(input="unix:" + path))
        labwire.wait_for(lambda: os.path.exists(path), "input that listens")
        agent.terminate()
        self.assertEqual(agent.wait(20), 0)
        self.assertFalse(os.path.exists(path))

    # ---- configurations ----

    def test_numbers_of_ones_own(self):
        got, _ = self.ask(self.config(
            indoms=[{"name": "x", "serial": 9}],
            metrics=[{"name": "weather.b", "item": 7, "indom": "x"},
                     {"name": "other.a", "cluster": 20, "item": 1023}]))
        self.assertEqual((got["weather.b"]["pmid"], got["weather.b"]["indom"],
                          got["other.a"]["pmid"]), ("401.1.7", "401.9", "401.20.1023"))

    def test_check_says_what_pmcd_must_know(self):
        path = self.config(metrics=[{"name": "weather.a"}, {"name": "other.b"},
                                    {"name": "other.c"}],
                           commands=[{"command": "echo x > %s/ran" % self.folder}])
        got = agents.run("agent", "--check", path)
        self.assertEqual(got.returncode, 0, got.stderr)
        self.assertEqual(got.stdout.splitlines(), [
            "weather: metrics 3, instance domains 1, inputs 0, commands 1",
            "pmcd.conf: weather 401 pipe binary %s agent %s" % (os.path.realpath(agents.TOOL), path),
            "pmns: weather 401:*:*", "pmns: other 401:*:*"])
        self.assertEqual(self.read("ran"), "")

    def test_the_manuals_configurations(self):
        with open(os.path.join(labwire.SOURCE, "tools", "man", "pmdaloop.1")) as f:
            blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", f.read(), re.M | re.S)
        configs = [b for b in blocks if b.startswith('{"name"')]
        self.assertEqual(len(configs), 2)
        for text in configs:
            path = os.path.join(self.folder, "manual.json")
            with open(path, "w") as f:
                f.write(text)
            got = agents.run("agent", "--check", path)
            self.assertEqual(got.returncode, 0, got.stderr)

    def test_thousands_of_metrics(self):
        many = ["weather.m%d" % i for i in range(5000)]
        path = os.path.join(self.folder, "feed")
        with open(path, "w") as f:
            json.dump({name: i for i, name in enumerate(many)}, f)
        got, _ = self.ask(self.config(input=path, metrics=[{"name": n} for n in many]),
                          "-m", "weather.m4999", "-m", "weather.feed")
        self.assertEqual(self.values(got["weather.m4999"]), {None: 4999})
        self.assertEqual(self.values(got["weather.feed.bad_lines"]), {None: 0})

    def test_complaints_are_not_endless(self):
        got, said = self.feed(*["bad"] * 1000)
        self.assertEqual(self.values(got["weather.feed.bad_lines"]), {None: 1000})
        self.assertEqual(said.count("a bad line"), 100)

    def test_it_passes_check(self):
        got = agents.run("check", "--json", "--", agents.TOOL, "agent", self.config(),
                         timeout=300)
        self.assertEqual(got.returncode, 0, got.stdout)

    def test_configurations_that_are_none(self):
        for change, words in (
                ({"domain": 0}, "domain"), ({"domain": 511}, "domain"), ({"name": ""}, "name"),
                ({"metrics": []}, "metrics"), ({"metrics": [{}]}, "no name"),
                ({"metrics": [{"name": "a", "type": "event"}]},
                 "'a': type: 'event' is none of 32, u32, 64, u64, float, double, string"),
                ({"metrics": [{"name": "a", "type": 32}]}, "type: not a string, one of 32, u32"),
                ({"metrics": [{"name": "a", "semantics": "x"}]},
                 "semantics: 'x' is none of counter, instant, discrete"),
                ({"metrics": [{"name": "a", "units": "mile"}]}, "units"),
                ({"metrics": [{"name": "a", "indom": "x"}]}, "instance domain"),
                ({"metrics": [{"name": "a.b"}, {"name": "a.b"}]}, "a.b"),
                ({"metrics": [{"name": "a.1"}]}, "a.1"),
                ({"metrics": [{"name": "a", "semantic": "counter"}]}, "what is 'semantic'"),
                ({"metrics": [{"name": "a", "help": 5}]}, "help"),
                ({"metrics": [{"name": "a", "item": 1}, {"name": "b"}]}, "item"),
                ({"metrics": [{"name": "a", "cluster": 1}]}, "cluster"),
                ({"metrics": [{"name": "a", "cluster": 0, "item": 0}]}, "cluster"),
                ({"metrics": [{"name": "a", "item": 1}, {"name": "b", "item": 1}]}, "1.1 (b)"),
                ({"metrics": [{"name": "a", "item": 1024}]}, "item"),
                ({"metrics": [{"name": "a", "type": "u32", "value": -1}]}, "value"),
                ({"metrics": [{"name": "a", "indom": "city", "value": 1}]}, "value"),
                ({"metrics": [{"name": "city"}]}, "city"), ({"metrics": {}}, "list"),
                ({"indoms": [{"name": "a"}, {"name": "a"}]}, "two"),
                ({"indoms": [{"name": "city", "serial": 1}, {"name": "b"}]}, "twice"),
                ({"labels": []}, "labels"), ({"color": 1}, "what is 'color'"),
                ({"commands": [{"command": "x", "every_s": 0}]}, "every_s"),
                ({"commands": [{"command": "x", "every_s": 1, "restart_s": 1}]}, "restart_s"),
                ({"commands": [{"command": "x", "every_s": 1, "stores": True}]}, "stores"),
                ({"commands": [{"command": "x"}, {"command": "x"}]}, "give each a name"),
                ({"commands": [{}]}, "without a command"), ({"expire_s": -1}, "expire_s"),
                ({"input": "inet:x"}, "inet:x"), ({"input": [1]}, "input"),
                ({"input": "/no/such/file"}, "/no/such/file"), ({"input": "-"}, "pmcd's")):
            got = agents.run("agent", self.config(**change))
            self.assertIn(got.returncode, (1, 2), change)
            self.assertIn(words, got.stderr)
            if "input" not in change:
                self.assertIn("config.json': ", got.stderr)
        for text, words in (('{"name": ', "line 1"), ('{"name": "a",\n  "domain" 5}', "line 2, column 12"),
                            ('{"domain": 5, "domain": 6}', "'domain' is there twice"),
                            ('{}\n\n {}', "more behind its end, at line 3, column 2")):
            with open(os.path.join(self.folder, "bad"), "w") as f:
                f.write(text)
            got = agents.run("agent", f.name)
            self.assertEqual(got.returncode, 1)
            self.assertIn("'%s': " % f.name, got.stderr)
            self.assertIn(words, got.stderr)
        self.assertEqual(agents.run("agent", "/no/such/file").returncode, 1)
        self.assertEqual(agents.run("agent").returncode, 2)


unittest.main(verbosity=2)
