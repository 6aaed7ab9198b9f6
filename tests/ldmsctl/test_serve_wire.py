"""The stand-in daemon at the level of bytes: the recorded handshakes and records, good and
bad, get the bytes that real daemons gave; and it outlives whatever is sent to it."""
import json
import random
import struct
import unittest

from labwire import data
from ldms_wire import (ACK_ACCEPTED, AUTH_MSG, CONNECT, EOM, SEND_MSG, SOM, Serve, Wire,
                       attributes, frame, hello, ldms, record)


def conversations(release):
    with open(data("ldmsctl/data", release, "conversations.jsonl")) as f:
        for line in f:
            row = json.loads(line)
            if row["name"].split(".")[0] in ("connect", "record", "dir"):
                yield row


def steady(message):
    """Without xid, process and rail numbers, and the number of the connection."""
    kind = struct.unpack_from(">H", message)[0]
    message = bytearray(message)
    message[8:12] = b"xxxx"
    if kind == 8 and len(message) == 88:
        message[72:84] = b"p" * 12  # process id, rail number
        message[84:88] = b"mmmm"    # whether it has messages on
    return bytes(message).replace(b":6received", b":Nreceived") \
        .replace(b":8received", b":Nreceived").replace(b":1received", b":Nreceived")


# Unasked messages after a change of the directory need somebody who changes it; the rail
# of that row was left over from an earlier connection.
LEFT_OUT = {"dir.notify", "connect.zero_eps"}


class Bytes(unittest.TestCase):
    def replay(self, release):
        compared = 0
        for row in conversations(release):
            if row["name"] in LEFT_OUT:
                continue
            with self.subTest(row["name"]), Serve("--like", release) as server:
                wires = {}
                for event in row["events"]:
                    which = event.get("c")
                    if event["d"] == "open":
                        wires[which] = Wire(server.port, connect=False)
                    elif event["d"] == "c2s":
                        wires[which].send(bytes.fromhex(event["x"]))
                    elif event["d"] == "s2c":
                        want = bytes.fromhex(event["x"])
                        wire = wires[which]
                        while len(wire.rest) < len(want):
                            got = wire.socket.recv(65536)
                            self.assertTrue(got, "closed before %r" % want)
                            wire.rest += got
                        got, wire.rest = wire.rest[:len(want)], wire.rest[len(want):]
                        self.assertEqual(steady(got), steady(want))
                        compared += 1
                    elif event["d"] == "s2c-close" and event is row["events"][-2]:
                        self.assertIsNone(wires[which].take_frame())
                for wire in wires.values():
                    wire.socket.close()
        print("%s: %d messages alike" % (release, compared))
        self.assertGreaterEqual(compared, 29)

    def test_453(self):
        self.replay("4.5.3")

    def test_main(self):
        self.replay("main")

    def test_zero_endpoints_are_rejected(self):
        with Serve() as server, Wire(server.port, connect=False) as wire:
            wrong = bytearray(hello())
            wrong[40:44] = b"\0\0\0\0"
            wire.send(frame(CONNECT, bytes(wrong)))
            self.assertEqual(wire.take_frame(),
                             (9, b"passive rail create error: 22\0"))
            self.assertIsNone(wire.take_frame())


    def test_a_rail_of_two(self):
        with Serve() as server:
            wires = [Wire(server.port, connect=False) for _ in range(3)]
            for index, wire in zip((0, 1, 1), wires):
                ours = bytearray(hello(rail=77))
                ours[40:48] = struct.pack(">II", 2, index)
                wire.send(frame(CONNECT, bytes(ours)))
            kinds = [wire.take_frame()[0] for wire in wires]
            self.assertEqual(sorted(kinds), [8, 8, 9])
            for wire in wires:
                wire.socket.close()


class Robust(unittest.TestCase):
    """After each of these the next connection is served."""

    def setUp(self):
        self.server = Serve()
        self.addCleanup(self.server.stop)

    def still_serves(self):
        with Wire(self.server.port) as wire:
            self.assertEqual(wire.request(0x603)[1][0][1], b'{"state":"ready"}')

    def test_cut_anywhere(self):
        whole = frame(CONNECT, hello(rail=7)) + frame(ACK_ACCEPTED, b"") + \
            ldms(SEND_MSG, record(0x603, attributes([]), 1))
        for cut in range(len(whole)):
            with Wire(self.server.port, connect=False) as wire:
                wire.send(whole[:cut])
        self.still_serves()

    def test_byte_by_byte(self):
        whole = frame(CONNECT, hello(rail=8)) + frame(ACK_ACCEPTED, b"") + \
            ldms(SEND_MSG, record(0x603, attributes([]), 1))
        with Wire(self.server.port, connect=False) as wire:
            for byte in whole:
                wire.send(bytes([byte]))
            self.assertEqual(wire.take_frame()[0], 8)
            self.assertEqual(wire.response()[0], 0)

    def test_noise(self):
        noise = random.Random(1)
        for _ in range(50):
            with Wire(self.server.port, connect=False) as wire:
                try:
                    wire.send(noise.randbytes(noise.randrange(1, 3000)))
                except ConnectionError:
                    pass
        for _ in range(50):
            with Wire(self.server.port) as wire:
                try:
                    wire.send(ldms(noise.choice([SEND_MSG, AUTH_MSG, 0, 1, 9, 77]),
                                   noise.randbytes(noise.randrange(0, 100))))
                except ConnectionError:
                    pass
        self.still_serves()

    def test_requests_before_authentication_are_dropped(self):
        with Serve("-a", "naive") as server:
            with Wire(server.port, auth="naive") as wire:
                wire.send(ldms(SEND_MSG, record(0x603, attributes([]), 1)))
                wire.naive(0, 0)
                self.assertEqual(wire.request(0x604)[0], 0)

    def test_many_unfinished_requests_end_the_connection(self):
        with Wire(self.server.port) as wire:
            for number in range(300):
                wire.send(ldms(SEND_MSG, record(2, b"", number, flags=SOM)))
            self.assertIsNone(wire.take_frame())
        self.still_serves()

    def test_attributes_without_an_end_are_refused(self):
        with Wire(self.server.port) as wire:
            wire.send(ldms(SEND_MSG, record(2, attributes([(1, b"bob\0")])[:-4], 5)))
            self.assertEqual(wire.response()[:2],
                             (0, [(16, b"LDMSD received a bad request.\0")]))

    def test_daemon_exit_ends_it(self):
        with Wire(self.server.port) as wire:
            self.assertEqual(wire.request(0x609)[1][0][1], b"exit daemon request received\0")
            self.assertIsNone(wire.take_frame())
        self.assertEqual(self.server.process.wait(timeout=30), 0)

    def test_a_daemon_of_several_ends_alone(self):
        with Serve("--count", "2") as server:
            with Wire(server.ports[0]) as wire:
                wire.request(0x609)
            with Wire(server.ports[1]) as wire:
                self.assertEqual(wire.request(0x603)[0], 0)

    def test_large_answers(self):
        with Wire(self.server.port) as wire:
            status, attrs = wire.request(2, [(20, b"3\0")])
            self.assertEqual((status, [len(v) for _, v in attrs]), (0, [1048456] * 3))

    def test_large_requests_in_small_records(self):
        name = b"x" * 900
        body = attributes([(1, name + b"\0")])
        with Wire(self.server.port) as wire:
            for at in range(0, len(body), 40):
                flags = (SOM if at == 0 else 0) | (EOM if at + 40 >= len(body) else 0)
                wire.send(ldms(SEND_MSG, record(2, body[at:at + 40], 5, flags=flags)))
            self.assertEqual(wire.response()[1][0][1], b"Hello '" + name + b"'\0")

    def test_a_directory_in_pieces(self):
        with Serve("--dir-entries", "2") as server, Wire(server.port) as wire:
            for name in (b"a", b"b", b"c", b"d", b"e"):
                self.assertEqual(wire.request(0x800, [(1, name + b"\0")])[0], 0)
            wire.send(ldms(0, b"\0\0\0\0", xid=9))
            names, more = [], 1
            while more:
                _, _, body = wire.take_ldms()
                more = struct.unpack_from(">I", body, 8)[0]
                names += [s["name"] for s in json.loads(body[16:])["directory"]]
            self.assertEqual(names, ["a", "b", "c", "d", "e"])

    def test_misuse(self):
        for args in (["--fault", "nosuch"], ["--like", "5"], ["--listen", "x"],
                     ["--auth", "nosuch"]):
            with self.assertRaises(RuntimeError):
                Serve(*args)


if __name__ == "__main__":
    unittest.main(verbosity=2)
