"""Inputs that are cut, damaged, foreign or odd: what can be read is read, the rest is
told, and the next file goes on."""
import base64
import json
import os
import subprocess
import tempfile
import unittest

import captures
import labwire

TOOL = labwire.tool("xrdmon")
GOOD = captures.read("s07-frm-v553", ".xrdmon")
GOOD_PACKETS = 23
PACKETS = captures.datagrams("s07-frm-v553")
ETHERNET = captures.LINKS["ethernet"][0]


def decode(data, *args):
    """Exit code, objects, words on stderr of a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "in")
        with open(name, "wb") as f:
            f.write(data)
        got = subprocess.run([TOOL, "decode", *args, name], capture_output=True,
                             timeout=60, check=False)
    rows = [json.loads(line) for line in got.stdout.decode().split("\n")[:-1]]
    return got.returncode, rows, got.stderr.decode().replace(name, "FILE")


def base(**changes):
    line = {"remote": "192.0.2.1:9", "version": "",
            "data": base64.b64encode(PACKETS[0][2]).decode()}
    line.update(changes)
    return json.dumps(line).encode() + b"\n"


class Damage(unittest.TestCase):
    maxDiff = 2000

    def test_garbage_between_packets_is_skipped(self):
        first = len(PACKETS[0][2])
        rows = [
            ("before", b"\x00" * 9 + GOOD, 0, 9),
            ("like a header", b"f\x00\x00\x03" * 5 + GOOD, 0, 20),
            ("between", GOOD[:first] + b"\xff" * 700 + GOOD[first:], first, 700),
        ]
        for name, data, at, length in rows:
            with self.subTest(name):
                code, got, words = decode(data)
                self.assertEqual((code, len(got)), (1, GOOD_PACKETS))
                self.assertEqual(words, "xrdmon: FILE: %d bytes that are no packet, the "
                                 "first at byte %d: skipped\n" % (length, at))

    def test_garbage_longer_than_any_buffer(self):
        first = len(PACKETS[0][2])
        code, got, words = decode(GOOD[:first] + bytes(3000000) + GOOD[first:])
        self.assertEqual((code, len(got)), (1, GOOD_PACKETS))
        self.assertIn("3000000 bytes that are no packet, the first at byte %d" % first,
                      words)

    def test_cut_packets(self):
        last = len(PACKETS[-1][2])
        for cut in range(1, last - 8):
            code, got, words = decode(GOOD[:-cut])
            self.assertEqual((code, len(got)), (1, GOOD_PACKETS), cut)
            self.assertEqual(words,
                             "xrdmon: FILE: cut off at byte %d\n" % (len(GOOD) - cut))
            self.assertIn("bad", got[-1])

    def test_a_cut_packet_of_each_kind_is_told(self):
        seen = {}
        for name in ("s01-all-v553", "s02-cluster-v553", "s07-frm-v553"):
            for _, _, data in captures.datagrams(name):
                seen.setdefault(data[:1], data)
        self.assertEqual(set(seen), {b"%c" % c for c in b"=udiftrgxp"})
        for data in seen.values():
            code, got, words = decode(data[:-1])
            self.assertEqual((code, len(got)), (1, 1))
            self.assertIn("bad", got[0], data)
            self.assertIn("offset", got[0])

    def test_cut_capture(self):
        frames = captures.frames(PACKETS, "ethernet")
        data = captures.pcap(frames, ETHERNET)
        code, got, words = decode(data[:-7])
        self.assertEqual((code, len(got)), (1, GOOD_PACKETS - 1))
        self.assertEqual(words, "xrdmon: FILE: cut off at byte %d\n" % (len(data) - 7))
        code, got, words = decode(captures.pcapng(frames, ETHERNET)[:-7])
        self.assertEqual((code, len(got)), (1, GOOD_PACKETS - 1))
        self.assertIn("cut off at byte", words)

    def test_damaged_capture(self):
        frames = captures.frames(PACKETS, "ethernet")
        one = len(captures.pcap(frames[:1], ETHERNET))
        data = captures.pcap(frames, ETHERNET)
        code, got, words = decode(data[:one] + b"\xff" * 16 + data[one + 16:])
        self.assertEqual((code, len(got)), (1, 1))
        self.assertEqual(words, "xrdmon: FILE: damaged, so the rest cannot be read at "
                         "byte %d\n" % (one + 16))

    def test_frame_captured_in_part(self):
        frames = captures.frames(PACKETS, "ethernet")
        frames[2] = (frames[2][0], frames[2][1][:60])
        code, got, words = decode(captures.pcap(frames, ETHERNET))
        self.assertEqual((code, len(got)), (1, GOOD_PACKETS - 1))
        self.assertIn("a frame captured only in part at byte", words)

    def test_lost_fragments(self):
        big = ("192.0.2.1:9", max((p[2] for p in captures.datagrams("s01-all-v553")),
                                  key=len))
        frames = captures.frames([(1.0, *big), (2.0, *PACKETS[0][1:])], "raw", 576)
        raw = captures.LINKS["raw"][0]
        code, got, words = decode(captures.pcap(frames[1:], raw))
        self.assertEqual((code, len(got)), (0, 1))
        self.assertEqual(words, "xrdmon: FILE: a datagram of which fragments never came "
                         "at byte 24\n")

    def test_fragments_in_any_order_and_twice(self):
        big = ("192.0.2.1:9", max((p[2] for p in captures.datagrams("s01-all-v553")),
                                  key=len))
        frames = captures.frames([(1.0, *big)], "raw", 576)
        self.assertGreater(len(frames), 10)
        code, got, words = decode(captures.pcap(frames[::-1], 101))
        self.assertEqual((code, len(got), words), (0, 1, ""))
        self.assertEqual(got[0]["header"]["plen"], len(big[1]))
        code, got, words = decode(captures.pcap(frames[:3] * 2 + frames[3:], 101))
        self.assertEqual((code, len(got), words), (0, 1, ""))

    def test_flood_of_fragments(self):
        """More datagrams under way than there are places: the oldest are given up."""
        first = [captures.ipv4("192.0.2.1", bytes(64), ident, 0x2000)
                 for ident in range(1000)]
        code, got, words = decode(captures.pcap([(1, f) for f in first], 101))
        self.assertEqual((code, got), (0, []))
        self.assertIn("1000 datagrams of which fragments never came", words)

    def test_frames_of_every_shape(self):
        """IP as it may also come; each holds the same packet."""
        packet = PACKETS[0][2]
        four = captures.udp("192.0.2.1:9", packet)
        six = captures.udp("[2001:db8::1]:9", packet)
        options = b"\x46" + four[1:2] + (len(four) + 4).to_bytes(2, "big") \
            + four[4:20] + b"\x01\x01\x01\x00" + four[20:]
        hops = six[:4] + (len(six) - 40 + 8).to_bytes(2, "big") + b"\x00" + six[7:40] \
            + b"\x11\x00" + bytes(6) + six[40:]
        whole = six[:4] + (len(six) - 40 + 8).to_bytes(2, "big") + b"\x2c" + six[7:40] \
            + b"\x11\x00\x00\x00" + bytes(4) + six[40:]
        ether = captures.LINKS["ethernet"][1]
        rows = [
            ("padded by the network card", ether(four) + bytes(20)),
            ("options before UDP", ether(options)),
            ("its length left to the network card", ether(four[:2] + b"\0\0" + four[4:])),
            ("an IPv6 extension header", ether(hops)),
            ("an IPv6 fragment that is all", ether(whole)),
            ("two VLAN tags", bytes(12) + b"\x88\xa8\0\1\x81\0\0\2\x86\xdd" + six),
        ]
        for name, frame in rows:
            with self.subTest(name):
                code, got, words = decode(captures.pcap([(1, frame)], ETHERNET))
                self.assertEqual((code, len(got), words), (0, 1, ""))
                self.assertEqual(got[0]["header"]["plen"], len(packet))
        odd = [
            ("IPv4 with a header of 16 bytes", b"\x44" + four[1:]),
            ("an IPv4 length below its header", four[:2] + b"\0\x10" + four[4:]),
            ("a UDP length below its header", four[:24] + b"\0\7" + four[26:]),
            ("a UDP length beyond its packet", four[:24] + b"\xff\xff" + four[26:]),
            ("an extension header beyond its packet", hops[:41] + b"\xff" + hops[42:]),
            ("version 5", b"\x55" + four[1:]),
        ]
        for name, packet in odd:
            with self.subTest(name):
                code, got, words = decode(captures.pcap([(1, packet)], 101))
                self.assertEqual((code, got, words), (0, [], ""))

    def test_fragments_of_ipv6(self):
        packet = captures.udp("[2001:db8::1]:9", PACKETS[0][2])
        data, frames = packet[40:], []
        for at in range(0, len(data), 48):
            part = data[at:at + 48]
            more = at + 48 < len(data)
            frames.append((1, packet[:4] + (8 + len(part)).to_bytes(2, "big") + b"\x2c"
                           + packet[7:40] + b"\x11\x00" + (at | more).to_bytes(2, "big")
                           + b"\0\0\1\2" + part))
        self.assertGreater(len(frames), 2)
        for order in (frames, frames[::-1]):
            code, got, words = decode(captures.pcap(order, 101))
            self.assertEqual((code, len(got), words), (0, 1, ""))
            self.assertEqual(got[0]["src"], "[2001:db8::1]:9")
        code, got, words = decode(captures.pcap(frames[1:], 101))
        self.assertEqual((code, got), (0, []))
        self.assertIn("a datagram of which fragments never came", words)

    def test_other_traffic_is_left_out(self):
        other = [(1, bytes(12) + b"\x08\x06" + bytes(28)),          # ARP
                 (2, bytes(12) + b"\x08\x00" + captures.ipv4("192.0.2.7", bytes(20),
                                                             protocol=6)),  # TCP
                 (3, b"short")]
        frames = captures.frames(PACKETS, "ethernet")
        code, got, words = decode(captures.pcap(other + frames, ETHERNET))
        self.assertEqual((code, len(got), words), (0, GOOD_PACKETS, ""))
        dns = (4, bytes(12) + b"\x08\x00" + captures.udp("192.0.2.7:53", b"\x07" * 40, 53))
        code, got, words = decode(captures.pcap([dns] + frames, ETHERNET),
                                  "--port", "9930")
        self.assertEqual((code, len(got), words), (0, GOOD_PACKETS, ""))
        code, got, words = decode(captures.pcap([dns] + frames, ETHERNET))
        self.assertEqual([o["kind"] for o in got].count("bad"), 1)

    def test_frames_that_are_not_read_are_told(self):
        code, got, words = decode(captures.pcap([(1, bytes(80))], 105))
        self.assertEqual((code, got), (1, []))
        self.assertEqual(words, "xrdmon: FILE: not understood: frames of link type 105 "
                         "(IEEE802_11) are not read\n")

    def test_lines_that_hold_no_datagram(self):
        rows = [
            ("no JSON", b"{nonsense}\n"),
            ("a list", b"[1,2]\n"),
            ("no data", b'{"remote":"192.0.2.1:9"}\n'),
            ("data is no text", b'{"remote":"192.0.2.1:9","data":7}\n'),
            ("no base64", base(data="PQ=A")),
            ("base64 cut", base(data="PQA")),
            ("behind the padding", base(data="PQ==PQ==")),
            ("hex of half a byte", b'{"src":"192.0.2.1:9","hex":"3d0"}\n'),
            ("no hex", b'{"src":"192.0.2.1:9","hex":"3dxx"}\n'),
            ("longer than a datagram", b'{"hex":"' + b"00" * 70000 + b'"}\n'),
            ("longer than any buffer", b'{"hex":"' + b"0" * 1000000 + b'"}\n'),
            ("nested deep", b'{"data":' + b"[" * 100000 + b"\n"),
        ]
        for name, line in rows:
            with self.subTest(name):
                good = base()
                code, got, words = decode(good + line + good)
                self.assertEqual((code, len(got)), (1, 2))
                self.assertEqual(words, "xrdmon: FILE: a line without a datagram at byte "
                                 "%d\n" % len(good))

    def test_lines_at_their_edges(self):
        rows = [
            ("empty lines", b"\n\n" + base() + b"\r\n  \n" + base(), 2),
            ("no newline at the end", base() + base()[:-1], 2),
            ("more keys", base(extra=[1, {"a": None}]), 1),
            ("an empty datagram", base(data=""), 1),
        ]
        for name, data, count in rows:
            with self.subTest(name):
                code, got, words = decode(base() + data)
                self.assertEqual((code, len(got), words), (0, count + 1, ""))

    def test_several_on_a_line(self):
        """As they lie where messages were put behind each other."""
        one = base()[:-1]
        code, got, words = decode(one + one + b" \t" + one + b"\n" + one)
        self.assertEqual((code, len(got), words), (0, 4, ""))
        code, got, words = decode(one + b"{}" * 20000 + one + b"\n" + one)
        self.assertEqual((code, len(got)), (1, 3))
        self.assertEqual(words, "xrdmon: FILE: 20000 lines without a datagram, the first "
                         "at byte %d\n" % len(one))
        code, got, words = decode(one + b" }\n" + one)
        self.assertEqual((code, len(got)), (1, 2))
        self.assertEqual(words, "xrdmon: FILE: a line without a datagram at byte %d\n"
                         % len(one))

    def test_empty_lines_come_first(self):
        for blank in (b"\n", b"\r\n \t\n", b"\n" * 5000):
            code, got, words = decode(blank + base())
            self.assertEqual((code, len(got), words), (0, 1, ""))

    def test_cut_line(self):
        data = base() + base()
        code, got, words = decode(data[:-9])
        self.assertEqual((code, len(got)), (1, 1))
        self.assertEqual(words, "xrdmon: FILE: cut off at byte %d\n" % (len(data) - 9))

    def test_sources_of_every_spelling(self):
        for remote in ("192.0.2.1:9", "[2001:db8::1]:4242", "2001:db8::1:4242",
                       "dtn-01.example.org:9930", "nonsense", ""):
            code, got, words = decode(base(remote=remote))
            self.assertEqual((code, got[0]["src"], words), (0, remote, ""))

    def test_every_prefix_of_each_kind(self):
        """No prefix hangs or crashes, and none gives more than the whole."""
        for kind, data, held, _ in captures.as_inputs("s09-mix-v610"):
            for cut in range(0, len(data), max(1, len(data) // 40)):
                code, got, _ = decode(data[:cut])
                self.assertIn(code, (0, 1), (kind, cut))
                self.assertLessEqual(len(got), len(held), (kind, cut))


class Files(unittest.TestCase):
    def run_tool(self, *args, **more):
        return subprocess.run([TOOL, "decode", *args], capture_output=True, timeout=20,
                              check=False, **more)

    def test_a_bad_file_does_not_stop_the_next(self):
        good = captures.path("s07-frm-v553", ".xrdmon")
        with tempfile.TemporaryDirectory() as folder:
            names = {"zeros": bytes(100), "text": b"hello, world\n" * 20,
                     "packed.gz": b"\x1f\x8b\x08\x00", "packed.xz": b"\xfd7zXZ\0\0"}
            for name, data in names.items():
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(data)
            paths = [os.path.join(folder, name) for name in names]
            got = self.run_tool(os.path.join(folder, "none"), folder, *paths, good)
        words = got.stderr.decode().replace(folder, "DIR").split("\n")
        none = ": not understood: it holds neither packets, nor a capture, nor " \
               "datagrams as JSON"
        self.assertEqual(words, [
            "xrdmon: DIR/none: cannot read it: No such file or directory",
            "xrdmon: DIR: cannot read it: Is a directory",
            "xrdmon: DIR/zeros" + none,
            "xrdmon: DIR/text" + none,
            "xrdmon: DIR/packed.gz: not understood: it is compressed: give it by "
            "'gzip -dc'",
            "xrdmon: DIR/packed.xz: not understood: it is compressed: give it by "
            "'xz -dc'",
            ""])
        self.assertEqual(got.returncode, 1)
        self.assertEqual(got.stdout.count(b"\n"), GOOD_PACKETS)

    def test_nothing_at_all_is_fine(self):
        got = self.run_tool("/dev/null")
        self.assertEqual((got.returncode, got.stdout, got.stderr), (0, b"", b""))
        got = self.run_tool("--json", "-", input=b"")
        self.assertEqual((got.returncode, json.loads(got.stdout)), (0, []))

    def test_a_pipe_is_as_good_as_a_file(self):
        for kind, data, held, _ in captures.as_inputs("s02-cluster-v553"):
            from_file = decode(data)[1]
            got = self.run_tool("-", input=data)
            self.assertEqual(got.returncode, 0, kind)
            self.assertEqual([json.loads(l) for l in got.stdout.decode().splitlines()],
                             from_file, kind)
            self.assertEqual(len(from_file), len(held), kind)

    def test_what_is_known_is_shown_before_the_next_wait(self):
        """A live pipe: each packet is printed although the pipe stays open."""
        for data in (PACKETS[0][2], base()):
            with subprocess.Popen([TOOL, "decode"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as tool:
                for _ in range(3):
                    tool.stdin.write(data)
                    tool.stdin.flush()
                    self.assertEqual(json.loads(tool.stdout.readline())["kind"], "map")
                tool.stdin.close()
                self.assertEqual(tool.wait(20), 0)

    def test_one_document(self):
        got = self.run_tool("--json", captures.path("s07-frm-v553", ".xrdmon"))
        self.assertEqual(len(json.loads(got.stdout)), GOOD_PACKETS)

    def test_a_document_is_written_while_it_is_read(self):
        """Its first bytes come long before the end of the input is reached."""
        with tempfile.TemporaryFile() as f:
            f.write(captures.read("s01-all-v553", ".xrdmon") * 40)
            size = f.tell()
            for command in ("decode", "events"):
                f.seek(0)
                with subprocess.Popen([TOOL, command, "--json", "-q"], stdin=f,
                                      stdout=subprocess.PIPE) as tool:
                    self.assertEqual(tool.stdout.read(1), b"[")
                    with open("/proc/%d/fdinfo/0" % tool.pid) as info:
                        at = int(info.readline().split()[1])
                    self.assertLess(at, size / 2)
                    self.assertTrue(tool.stdout.read().endswith(b"}]\n"))

    def test_a_reader_that_leaves_early(self):
        with subprocess.Popen([TOOL, "decode", captures.path("s01-all-v553", ".xrdmon")],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
            tool.stdout.read(1)
            tool.stdout.close()
            self.assertEqual(tool.stderr.read(), b"")
            tool.wait(20)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            got = subprocess.run([TOOL, "decode", captures.path("s01-all-v553", ".jsonl")],
                                 stdout=full, stderr=subprocess.PIPE, timeout=20,
                                 check=False)
        self.assertEqual(got.returncode, 1)
        self.assertEqual(got.stderr, b"xrdmon: cannot write to standard output: "
                         b"No space left on device\n")

    def test_wrong_words(self):
        rows = [(["--format", "xml"], "--format is text, json, jsonl or none, not 'xml'"), (["--port", "0"], "--port"),
                (["--port"], "'--port' wants a value"), (["--nope"], "no option '--nope'")]
        for args, words in rows:
            got = self.run_tool(*args)
            self.assertEqual((got.returncode, got.stdout), (2, b""))
            self.assertIn(words, got.stderr.decode())


class Terminal(unittest.TestCase):
    def test_lines_for_people(self):
        code, shown = labwire.on_terminal(
            [TOOL, "decode", captures.path("s07-frm-v553", ".jsonl")])
        self.assertEqual(code, 0)
        rows = shown.split("\r\n")[:-1]
        self.assertEqual(len(rows), GOOD_PACKETS)
        self.assertRegex(rows[0], r"^\d\d:\d\d:\d\d\.\d{3}  192\.0\.2\.60:59096 +map +"
                         r"= +0 +113 B  0 =/xrdd\.28229:104010943045757@frm")

    def test_names_cannot_drive_the_terminal(self):
        """A path with an escape sequence in it."""
        packet = bytearray(b"d\x00\x00\x00" + bytes(8)
                           + b"xroot/a.1:2@h\n/store/\x1b[2J\x9b\xff")
        packet[2:4] = len(packet).to_bytes(2, "big")
        with tempfile.NamedTemporaryFile() as f:
            f.write(packet)
            f.flush()
            code, shown = labwire.on_terminal([TOOL, "decode", f.name])
        self.assertEqual(code, 0)
        self.assertNotIn("\x1b", shown)
        self.assertIn(r"/store/\x1b[2J\x9b\xff", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
