"""What the options of xrdmon events change, and what a terminal shows of it."""
import base64
import json
import os
import pty
import random
import re
import subprocess
import tempfile
import unittest

import captures
import labwire

TOOL = labwire.tool("xrdmon")
S01 = captures.path("s01-all-v553", ".jsonl")
S05 = captures.path("s05-gstream-text-v553", ".jsonl")


def run(*args, data=None, code=0):
    got = subprocess.run([TOOL, *args], input=data, capture_output=True, timeout=60,
                         check=False)
    assert got.returncode == code, (got.returncode, got.stderr)
    return got.stdout.decode(), got.stderr.decode()


def events(*args, data=None):
    out, words = run("events", *args, data=data)
    return [json.loads(line) for line in out.split("\n")[:-1]], words


class Options(unittest.TestCase):
    def test_windows_hold_the_same_events(self):
        flat, _ = events("-q", S01)
        windows, _ = events("-q", "--windows", S01)
        unfolded = []
        for o in windows:
            if o["ev"] != "window":
                unfolded.append(o)
                continue
            for r in o["records"]:
                event = {k: o[k] for k in ("n", "time", "src", "stream", "server", "window")}
                unfolded.append({**event, **r})
        self.assertEqual(unfolded, flat)
        self.assertLess(len(windows), len(flat) / 2)

    def test_one_document(self):
        flat, _ = events("-q", S01)
        self.assertEqual(json.loads(run("events", "-q", "--json", S01)[0]), flat)
        folded, _ = events("-q", "--windows", S01)
        self.assertEqual(json.loads(run("events", "-q", "--json", "--windows", S01)[0]),
                         folded)

    def test_duplicates_are_dropped_unless_kept(self):
        """The server traces opens and closes twice; the switch keeps both."""
        def opens(*args):
            return [(e["server"]["stod"], e["fileid"]) for e in events("-q", *args, S01)[0]
                    if e["stream"] == "t" and e["ev"] == "open"]
        once, twice = opens(), opens("--keep-duplicates")
        self.assertEqual(len(once), len(set(once)))
        self.assertGreater(len(twice), len(once))
        self.assertEqual(set(twice), set(once))

    def test_access_sums_up_a_file(self):
        got, _ = events("-q", "--access", S01)
        accesses = [e for e in got if e["ev"] == "access"]
        closes = [e for e in got if e["stream"] == "f" and e["ev"] == "close"]
        closed = [e for e in accesses if e["closed"]]
        self.assertEqual([(e["fileid"], e["read"], e["readv"], e["write"], e["forced"])
                          for e in closed],
                         [(e["fileid"], e["read"], e["readv"], e["write"], e["forced"])
                          for e in closes])
        for e in closed:
            self.assertLessEqual(e["opened"]["beg"], e["last"]["end"])

    def test_lines_of_text_forms(self):
        whole, _ = events("-q", S05)
        lines, _ = events("-q", "--lines", S05)
        texts = [e for e in whole if e["ev"] == "gtext"]
        more = [e for e in lines if e["ev"] == "gstream" and e not in whole]
        self.assertEqual([e for e in lines if e not in more], whole)
        records = sum(e["lines"] for e in texts)
        heads = sum(e["text"].startswith(('{"code"', "code=")) for e in texts)
        self.assertEqual(len(more), records - heads)
        self.assertIn("C", {e["provider"] for e in more})

    def test_reordering_repairs_what_the_network_mixed(self):
        """Every second packet of a server late by one: nothing lost, the same events."""
        packets = captures.datagrams("s08-http-tcpmon-v553")
        mixed = list(packets)
        for i in range(10, len(mixed) - 1, 2):
            mixed[i], mixed[i + 1] = mixed[i + 1], mixed[i]
        def essence(rows):
            return sorted(json.dumps({k: v for k, v in e.items() if k not in ("n", "time")},
                                     sort_keys=True)
                          for e in rows if e["stream"] != "map")
        in_order, _ = events("-q", data=captures.as_shoveler(packets))
        repaired, words = events("--counts", data=captures.as_shoveler(mixed))
        counts = json.loads(words)
        self.assertEqual((counts["lost"], counts["late"]), (0, 0))
        self.assertGreater(counts["reordered"], 0)
        self.assertEqual(essence(repaired), essence(in_order))

    def test_order_without_times(self):
        """What packets say of time leaps by seconds: none is given up for that."""
        made = subprocess.run([TOOL, "generate", "--servers", "3", "--packets", "3000"],
                              capture_output=True, check=True).stdout
        packets, at = [], 0
        while at < len(made):
            size = int.from_bytes(made[at + 2:at + 4], "big")
            packets.append(made[at:at + size])
            at += size
        chance = random.Random(1)
        mixed = sorted(range(len(packets)), key=lambda i: i + chance.random() * 7)

        def essence(order):
            got, words = events("--counts", "--access", "-",
                                data=b"".join(packets[i] for i in order))
            for e in got:
                del e["n"]
            return sorted(json.dumps(e, sort_keys=True) for e in got
                          if e["stream"] != "map"), json.loads(words)

        repaired, counts = essence(mixed)
        self.assertEqual((counts["lost"], counts["late"]), (0, 0))
        self.assertGreater(counts["reordered"], 20)
        self.assertEqual(repaired, essence(range(len(packets)))[0])

    def test_a_packet_of_the_future_ends_nothing(self):
        """What packets say is a clock, which one of them alone does not turn."""
        data = captures.read("s01-all-v553", ".xrdmon")
        size = int.from_bytes(data[2:4], "big")
        window = b"\2\0\0\x10\0\0\0\0" + b"\xff" * 8
        gone = b"\4\0\0\x08\0\0\0\1"
        future = b"f\0\0\x20\xff\xff\xff\xff" + window + gone
        want, _ = events("-q", data=data)
        for at in (0, size):
            got, _ = events("-q", data=data[:at] + future + data[at:])
            got = [e for e in got if e["server"]["stod"] < 2**32 - 1]
            for e in got + want:
                e.pop("n", None)
            self.assertEqual(got, want)

    def test_losses_are_told_in_words(self):
        packets = captures.datagrams("s08-http-tcpmon-v553")
        del packets[20]
        _, words = events(data=captures.as_shoveler(packets))
        self.assertIn("1 packet lost", words)
        _, words = events("-q", data=captures.as_shoveler(packets))
        self.assertEqual(words, "")

    def test_names_instead_of_addresses(self):
        """A relay may put a name in place of the address: it comes back."""
        packets = [(t, source.replace("192.0.2.", "node-"), data)
                   for t, source, data in captures.datagrams("s02-cluster-v553")]
        got, _ = events("-q", data=captures.as_shoveler(packets))
        self.assertEqual({e["src"].rsplit(":")[0] for e in got},
                         {"node-10", "node-20", "node-30"})
        plain, _ = events("-q", data=captures.as_shoveler(
            captures.datagrams("s02-cluster-v553")))
        for e in got + plain:
            del e["src"]
        self.assertEqual(got, plain)

    def test_bad_packets_are_events(self):
        good = captures.datagrams("s07-frm-v553")[0][2]
        rows = [(b"?what", "bad"), (good[:7], "bad"), (good + b"more", "server"),
                (b"<statistics/>", "summary"), (b"", "bad")]
        for data, kind in rows:
            line = json.dumps({"remote": "192.0.2.1:9", "version": "",
                               "data": base64.b64encode(data).decode()})
            got, _ = events("-q", data=line.encode() + b"\n")
            self.assertEqual(got[0]["ev"], kind, data)
            if kind == "bad":
                self.assertTrue(got[0]["why"])

    def test_any_path_is_one_line_of_json(self):
        text = bytes(range(1, 256)).replace(b"\n", b"")
        body = b"xroot/a.1:2@h\n/store/" + text
        head = b"d\x00" + (12 + len(body)).to_bytes(2, "big") + bytes(4) + b"\0\0\0\1"
        got, _ = events("-q", data=head + body)
        self.assertEqual(got[0]["path"].encode("utf-8", "surrogateescape"),
                         b"/store/" + text)

    def test_files_are_one_stream(self):
        """A capture in two halves gives what it gives whole."""
        data = captures.read("s01-all-v553", ".jsonl").splitlines(keepends=True)
        with tempfile.TemporaryDirectory() as folder:
            halves = []
            for i, part in enumerate((data[:100], data[100:])):
                halves.append(os.path.join(folder, str(i)))
                with open(halves[-1], "wb") as f:
                    f.writelines(part)
            self.assertEqual(events("-q", *halves), events("-q", S01))


class Terminal(unittest.TestCase):
    def test_events_in_columns(self):
        code, shown = labwire.on_terminal([TOOL, "events", "-q", S01])
        rows = shown.split("\r\n")[:-1]
        self.assertEqual((code, len(rows)), (0, len(events("-q", S01)[0])))
        self.assertRegex(shown, r"(?m)^\d\d:\d\d:\d\d\.\d{3}  ds1\.example\.org:21094 +f close +"
                         r"alice +/store/mc/big\.root read 0 B readv 1\.4 MiB written 0 B")

    def test_summary_has_bars(self):
        code, shown = labwire.on_terminal([TOOL, "summary", "-q", "--by", "path", S01])
        self.assertEqual(code, 0)
        plain = re.sub(r"\x1b\[\d*m", "", shown).split("\r\n")
        self.assertRegex(plain[0], r"^path +opens +read +written +errors")
        self.assertRegex(plain[1], r"^/store/mc +93 +126\.6 MiB +0 B +1  #{24}$")
        self.assertRegex(plain[-2], r"^total +100 ")

    def test_summary_fits_the_terminal(self):
        for columns in (3000, 80, 20):
            code, shown = labwire.on_terminal(
                [TOOL, "summary", "-q", "--by", "path", "--depth", "9", S01], columns)
            lines = re.sub(r"\x1b\[\d*m", "", shown).split("\r\n")
            self.assertEqual(code, 0)
            self.assertLessEqual(max(map(len, lines)), max(columns, 76))
            self.assertEqual("\u2026" in shown, columns < 3000)

    def test_long_inputs_show_progress(self):
        make = subprocess.Popen([TOOL, "generate", "--records", "2000000000"],
                                stdout=subprocess.PIPE)
        ours, theirs = pty.openpty()
        read = subprocess.Popen([TOOL, "events", "--format=none"], stdin=make.stdout,
                                stdout=subprocess.DEVNULL, stderr=theirs)
        make.stdout.close()
        os.close(theirs)
        shown = b""
        while b"datagrams" not in shown:
            shown += os.read(ours, 4096)
        make.terminate()
        make.wait()
        shown = shown.decode() + labwire.terminal_shows(ours)
        self.assertIn(read.wait(20), (0, 1))
        self.assertRegex(shown, r"standard input: [\d.]+ [KMG]?i?B, \d+ datagrams, "
                         r"[\d.]+ [KMG]?i?B/s")
        self.assertRegex(shown, r"\r\x1b\[K(xrdmon: [^\r]*\r\n)*$")

    def test_packets_are_nothing_for_a_terminal(self):
        code, shown = labwire.on_terminal([TOOL, "generate"])
        self.assertEqual(code, 2)
        self.assertIn("nothing for a terminal", shown)

    def test_help_of_each_command(self):
        for command in ("decode", "events", "summary", "generate"):
            out, words = run(command, "--help")
            self.assertEqual(words, "")
            for args in (["-h"], ["file", "--help"], ["-h", "--", "--help"]):
                self.assertEqual(run(command, *args), (out, ""))
            self.assertTrue(out.startswith("usage: xrdmon %s [OPTION]..." % command))
            with open(os.path.join(labwire.SOURCE, "tools/man/xrdmon.1")) as f:
                page = f.read()
            with open(os.path.join(labwire.SOURCE, "tools/completions/xrdmon")) as f:
                completion = f.read()
            for option in re.findall(r"--([a-z-]+)", out):
                if option != "format=json":
                    self.assertRegex(page, r"(?m)\.?Fl -%s\b" % option)
                    self.assertIn("--" + option, completion)


if __name__ == "__main__":
    unittest.main(verbosity=2)
