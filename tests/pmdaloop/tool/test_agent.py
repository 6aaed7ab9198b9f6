"""pmdaloop agent: configured, fed, and asked by pmdaloop probe."""
import json
import os
import subprocess
import tempfile
import unittest

import agents
import labwire

CONFIG = {
    "name": "weather", "domain": 401, "labels": {"site": "north"},
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

    def listen(self, path):
        where = "unix:" + os.path.join(self.folder, "socket")
        agent = subprocess.Popen([agents.TOOL, "agent", "--socket", where, path], text=True,
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

    def test_commands(self):
        ran = os.path.join(self.folder, "ran")
        path = self.config(commands=[
            {"command": "echo x >> %s; echo '{\"weather.rain\": 5}'; echo oops" % ran,
             "every_s": 0.05}, {"command": "exit 3", "every_s": 100}])
        _, where = self.listen(path)
        labwire.wait_for(lambda: os.path.exists(ran) and len(open(ran).read()) >= 6,
                         "commands that run again")
        got = self.shown(where)
        self.assertEqual(got["weather.rain"], {None: 5})
        self.assertGreaterEqual(got["weather.feed.bad_lines"][None], 1)

    def test_it_passes_check(self):
        got = agents.run("check", "--json", "--", agents.TOOL, "agent", self.config(),
                         timeout=300)
        self.assertEqual(got.returncode, 0, got.stdout)

    def test_configurations_that_are_none(self):
        for change, words in (
                ({"domain": 0}, "domain"), ({"domain": 511}, "domain"), ({"name": ""}, "name"),
                ({"metrics": []}, "metrics"), ({"metrics": [{}]}, "no name"),
                ({"metrics": [{"name": "a", "type": "u128"}]}, "type"),
                ({"metrics": [{"name": "a", "semantics": "x"}]}, "semantics"),
                ({"metrics": [{"name": "a", "units": "mile"}]}, "units"),
                ({"metrics": [{"name": "a", "indom": "x"}]}, "instance domain"),
                ({"metrics": [{"name": "a.b"}, {"name": "a.b"}]}, "a.b"),
                ({"commands": [{"command": "x"}]}, "every_s"),
                ({"input": "/no/such/file"}, "/no/such/file"), ({"input": "-"}, "pmcd's")):
            got = agents.run("agent", self.config(**change))
            self.assertIn(got.returncode, (1, 2), change)
            self.assertIn(words, got.stderr)
        with open(os.path.join(self.folder, "bad"), "w") as f:
            f.write('{"name": ')
        self.assertEqual(agents.run("agent", f.name).returncode, 1)
        self.assertEqual(agents.run("agent", "/no/such/file").returncode, 1)
        self.assertEqual(agents.run("agent").returncode, 2)


unittest.main(verbosity=2)
