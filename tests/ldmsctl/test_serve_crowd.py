"""The stand-in daemon among clients of which some are rude: it stays alive on a small
stack, it stays small, and the others are heard."""
import os
import resource
import socket
import subprocess
import threading
import unittest

from labwire import tool, wait_for
from ldms_wire import (ACCEPTED, ACK_ACCEPTED, CONNECT, DIR, SEND_MSG, Serve, Wire,
                       attributes, frame, hello, ldms, record)

GREETING, LISTEN, DAEMON_STATUS, DAEMON_EXIT = 0x002, 0x610, 0x603, 0x609
LEVEL, XPRT, PORT = 20, 8, 10
SMALL_STACK = 256 << 10
MOST_RESIDENT = 48 << 20

# These never get as far as to accept.
UNKIND = {"silent-connect", "short-hello", "reject-no-nul", "reject-long",
          "reject-escapes", "close-at-connect"}


def faults():
    listed = subprocess.run([tool("ldmsc"), "serve", "--faults"], text=True,
                            stdout=subprocess.PIPE, check=True).stdout
    return [line.split()[0] for line in listed.splitlines()]


def is_sanitized():
    with open(tool("ldmsc"), "rb") as f:
        return b"__asan_init" in f.read()


def resident(server):
    with open("/proc/%d/statm" % server.process.pid) as f:
        return int(f.read().split()[1]) * resource.getpagesize()


def greeting(level, msg_no):
    attrs = attributes([(LEVEL, b"%d\0" % level)] if level else [])
    return ldms(SEND_MSG, record(GREETING, attrs, msg_no))


def push(wire, pieces):
    """As much as goes out without a wait, and not a byte is read."""
    wire.socket.setblocking(False)
    try:
        for piece in pieces:
            wire.send(piece)
    except OSError:
        pass
    wire.socket.settimeout(30)


class Crowd(unittest.TestCase):
    def serve(self, *args):
        """On a small stack."""
        usual = resource.getrlimit(resource.RLIMIT_STACK)
        resource.setrlimit(resource.RLIMIT_STACK, (SMALL_STACK, usual[1]))
        try:
            server = Serve(*args)
        finally:
            resource.setrlimit(resource.RLIMIT_STACK, usual)
        self.addCleanup(server.stop)
        return server

    def wire(self, server, **more):
        wire = Wire(server.port, timeout=30, **more)
        self.addCleanup(wire.socket.close)
        return wire

    def is_heard(self, server):
        self.assertEqual(self.wire(server).request(DAEMON_STATUS)[0], 0)

    def stays_small(self, server):
        if not is_sanitized():  # whose shadow counts too
            self.assertLess(resident(server), MOST_RESIDENT)

    def test_who_never_reads(self):
        """Whatever the stand-in is told to be."""
        for fault in ["none", *faults()]:
            with self.subTest(fault):
                server = self.serve(*["--fault", fault] if fault != "none" else [])
                rude = self.wire(server, connect=False)
                push(rude, [frame(CONNECT, hello(rail=1)), frame(ACK_ACCEPTED, b"")] +
                     [greeting(i % 2 * 2, i) for i in range(1, 1000)] +
                     [ldms(DIR, b"\0\0\0\0")] * 1000)
                other = self.wire(server, connect=False)
                other.send(frame(CONNECT, hello(rail=2)))
                if fault not in UNKIND:
                    self.assertEqual(other.take_frame()[0], ACCEPTED)
                push(rude, [greeting(2, i) for i in range(1000, 2000)])
                self.stays_small(server)
                self.assertEqual(server.stop(), 0)

    def test_many_who_never_read(self):
        server = self.serve()
        for _ in range(30):
            push(self.wire(server), [greeting(0, i) for i in range(1, 20000)])
        self.is_heard(server)
        if not is_sanitized():
            self.assertLess(resident(server), 200 << 20)

    def test_who_reads_late_gets_all(self):
        """The answers to what was sent long ago, in order."""
        server = self.serve()
        wire = self.wire(server)
        sent = threading.Thread(target=wire.send, args=(
            b"".join(greeting(1, i) for i in range(1, 101)),))
        sent.start()
        self.is_heard(server)
        for i in range(1, 101):
            status, attrs, msg_no = wire.response()
            self.assertEqual((status, msg_no, len(attrs)), (0, i, 1))
        sent.join()

    def test_what_was_said_arrives_before_the_end(self):
        for last, fault in ((frame(77, b""), []), (greeting(0, 2), ["--fault", "close-after"]),
                            (ldms(SEND_MSG, record(DAEMON_EXIT, attributes([]), 2)), [])):
            server = self.serve(*fault)
            wire = self.wire(server)
            wire.send(greeting(20, 1) + last)
            self.assertEqual([len(value) for _, value in wire.response()[1]],
                             [1048456] * 20)
            while wire.take_frame():
                pass

    def test_one_byte_at_a_time(self):
        """A client for which answers are split takes long; others need not wait for it."""
        server = self.serve("--fault", "split")
        slow, got, heard = self.wire(server), [0], threading.Event()

        def read():
            while not heard.is_set() and got[0] < 8 << 20:
                got[0] += len(slow.socket.recv(65536))
        slow.send(greeting(8, 1))
        reader = threading.Thread(target=read)
        reader.start()
        self.is_heard(server)
        heard.set()
        reader.join()
        self.assertLess(got[0], 8 << 20)

    def test_ports_that_cannot_be_had_cost_nothing(self):
        server = self.serve()
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        wire = self.wire(server)

        def files():
            return len(os.listdir("/proc/%d/fd" % server.process.pid))
        before = files()
        for _ in range(50):
            self.assertEqual(wire.request(LISTEN, [(XPRT, b"sock\0"), (
                PORT, b"%d\0" % taken.getsockname()[1])])[0], 8)
        wait_for(lambda: files() == before, "file closed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
