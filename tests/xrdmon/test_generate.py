"""xrdmon generate: what it makes is consistent, and so are events and summary of it."""
import collections
import fcntl
import json
import os
import signal
import subprocess
import tempfile
import termios
import unittest

import captures
import labwire

TOOL = labwire.tool("xrdmon")


def run(*args, data=None):
    got = subprocess.run([TOOL, *args], input=data, capture_output=True, timeout=120,
                         check=False)
    return got.returncode, got.stdout, got.stderr.decode()


def rows(text):
    return [json.loads(line) for line in text.decode().split("\n")[:-1]]


def generate(*args):
    code, data, words = run("generate", *args)
    assert (code, words) == (0, ""), words
    return data


class Generate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = generate("--servers", "3", "--users", "7", "--records", "120000")
        code, text, words = run("events", "--counts", "--access", "-", data=cls.data)
        assert code == 0
        cls.events, cls.counts = rows(text), json.loads(words)

    def test_the_same_seed_gives_the_same_packets(self):
        self.assertEqual(generate("--seed", "4"), generate("--seed", "4"))
        self.assertNotEqual(generate("--seed", "4"), generate("--seed", "5"))

    def test_counts_are_kept(self):
        for n in (1, 7, 5000):
            code, text, words = run("decode", "-", data=generate("--packets", str(n)))
            self.assertEqual((code, text.count(b"\n"), words), (0, n, ""))

    def test_every_kind_is_there(self):
        for code in "=uidTUpxtfrg":
            self.assertGreater(self.counts["packets_by_code"][code], 0, code)
        kinds = collections.Counter((e["stream"], e["ev"]) for e in self.events)
        for stream, names in {"map": "server user path appinfo token ea frmxfr purge",
                              "t": "open read write readv close disc",
                              "f": "open close xfr disc access", "r": "redirect",
                              "g": "gstream"}.items():
            for name in names.split():
                self.assertGreater(kinds[stream, name], 0, name)

    def test_nothing_is_amiss(self):
        for name in ("lost", "late", "duplicates", "reordered", "bad_truncated",
                     "bad_malformed", "bad_unknown", "unresolved_users",
                     "unresolved_paths", "unknown_servers", "forged_windows"):
            self.assertEqual(self.counts[name], 0, name)

    def test_every_total_is_the_sum_of_its_requests(self):
        done = collections.Counter()
        closes = 0
        for e in self.events:
            key = e["server"]["sid"], e["server"]["stod"], e.get("fileid")
            if e["stream"] == "t" and e["ev"] in ("read", "readv", "write"):
                done[key, e["ev"] == "write"] += e["len"]
            elif e["stream"] == "t" and e["ev"] == "close":
                self.assertEqual((e["read"], e["write"]),
                                 (done[key, False], done[key, True]))
                closes += 1
        self.assertGreater(closes, 2500)

    def test_summary_adds_up(self):
        closed = [e for e in self.events if e["stream"] == "f" and e["ev"] == "close"]
        opened = [e for e in self.events if e["stream"] == "f" and e["ev"] == "open"]
        want = {"opens": len(opened), "closes": len(closed),
                "read_bytes": sum(e["read"] + e["readv"] for e in closed),
                "write_bytes": sum(e["write"] for e in closed),
                "errors": sum(e["forced"] for e in closed), "lost": 0, "stream": "f"}
        keys = {"server": lambda e: "%(host)s:%(port)d" % e["server"],
                "user": lambda e: e["client"]["auth"]["n"],
                "vo": lambda e: e["client"]["auth"]["o"],
                "path": lambda e: "/".join(e["path"].split("/")[:3])}
        for by, key in keys.items():
            code, text, words = run("summary", "--by", by, "-", data=self.data)
            got = rows(text)
            self.assertEqual((code, words, got[-1]["row"]), (0, "", "total"))
            self.assertLessEqual(want.items(), got[-1].items())
            opens = collections.Counter(map(key, opened))
            self.assertEqual({r["name"]: r["opens"] for r in got[:-1] if r["opens"]},
                             dict(opens))
            sizes = [r["read_bytes"] + r["write_bytes"] for r in got[:-1]]
            self.assertEqual(sizes, sorted(sizes, reverse=True))

    def test_summary_by_deeper_paths(self):
        _, text, _ = run("summary", "--by", "path", "--depth", "3", "-", data=self.data)
        names = [r["name"] for r in rows(text)[:-1]]
        self.assertGreater(len(names), 50)
        for name in names:
            self.assertEqual(name.count("/"), 3)

    def test_summary_in_bounded_rows(self):
        def total(*args):
            code, text, _ = run("summary", "--by", "path", "--depth", "4", *args, "-",
                                data=self.data)
            self.assertEqual(code, 0)
            return rows(text)
        full, capped, top = total(), total("--max-rows", "10"), total("--top", "5")
        self.assertEqual(full[-1], capped[-1])
        self.assertEqual(full[-1], top[-1])
        self.assertEqual([r["row"] for r in capped], ["name"] * 10 + ["others", "total"])
        self.assertEqual([r["row"] for r in top], ["name"] * 5 + ["others", "total"])
        self.assertEqual(top[5]["names"], len(full) - 1 - 5)
        for rows_ in (capped, top):
            self.assertEqual(sum(r["opens"] for r in rows_[:-1]), full[-1]["opens"])

    def test_an_interrupt_ends_the_input(self):
        code, whole, words = run("summary", "--json", "-", data=self.data)
        for how in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen([TOOL, "summary", "--json", "-"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
                tool.stdin.write(self.data + self.data[:100]) # and the start of a packet
                tool.stdin.flush()
                labwire.wait_for(lambda: fcntl.ioctl(tool.stdin, termios.FIONREAD,
                                                     b"0000") == b"\0\0\0\0",
                                 "all to be read", 60)
                tool.send_signal(how)
                out, err = tool.stdout.read(), tool.stderr.read()
            self.assertEqual((tool.returncode, out, err.decode()), (code, whole, words))

    def test_an_interrupt_ends_the_wait_for_a_writer(self):
        """Of a named pipe that nobody writes to; what follows it is not waited for."""
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "pipe")
            os.mkfifo(name)
            with subprocess.Popen([TOOL, "summary", "--json", name, name],
                                  stdout=subprocess.PIPE) as tool:
                def waits():
                    with open("/proc/%d/status" % tool.pid) as f:
                        status = dict(line.split(":", 1) for line in f)
                    catches = int(status["SigCgt"], 16) >> (signal.SIGINT - 1) & 1
                    return catches and status["State"].split()[0] == "S"
                labwire.wait_for(waits, "wait", 60)
                tool.send_signal(signal.SIGINT)
                try:
                    out = tool.communicate(timeout=60)[0]
                finally:
                    tool.kill()
        got = json.loads(out)
        self.assertEqual((tool.returncode, [r["row"] for r in got]), (0, ["total"]))

    def test_losses_are_counted(self):
        """Leave a packet out, and exactly one is missing; swap two, and none is."""
        packets, at = [], 0
        while at < len(self.data):
            size = int.from_bytes(self.data[at + 2:at + 4], "big")
            packets.append(self.data[at:at + size])
            at += size
        def counts(parts):
            return json.loads(run("events", "--format", "none", "--counts", "-",
                                  data=b"".join(parts))[2])
        lost = counts(packets[:5000] + packets[5001:])
        self.assertEqual((lost["lost"], lost["late"]), (1, 0))
        swapped = packets[:5000] + [packets[5001], packets[5000]] + packets[5002:]
        got = counts(swapped)
        self.assertEqual((got["lost"], got["late"]), (0, 0))
        self.assertEqual(got["events"], self.counts["events"]
                         - self.counts_of_access())

    def counts_of_access(self):
        return sum(e["ev"] == "access" for e in self.events)

    def test_losses_of_a_server_that_started_again(self):
        """One packet of each of its two lives is missing."""
        packets = captures.datagrams("s01-all-v553")
        starts = sorted({p[2][4:8] for p in packets})
        self.assertEqual(len(starts), 2)
        for start in starts:
            of_life = [p for p in packets if p[2][4:8] == start and p[2][:1] == b"d"]
            packets.remove(of_life[3])
        code, text, _ = run("summary", "-q", "-", data=captures.as_shoveler(packets))
        got = rows(text)
        self.assertEqual((code, [r["lost"] for r in got]), (0, [2, 2]))

    def test_wrong_words(self):
        for args in (["--servers", "0"], ["--packets", "x"], ["file"], ["--by", "x"]):
            code, out, words = run("generate", *args)
            self.assertEqual((code, out), (2, b""))
            self.assertIn("try 'xrdmon --help'", words)
        self.assertEqual(run("summary", "--by", "colour")[0], 2)

    def test_a_reader_that_leaves_early(self):
        with subprocess.Popen([TOOL, "generate", "--records", "100000000"],
                              stdout=subprocess.PIPE) as tool:
            tool.stdout.read(1000)
            tool.stdout.close()
            tool.wait(20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
