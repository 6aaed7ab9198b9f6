"""Ten thousand idle clients, each holding a port, before one `portmgr serve`."""
import resource
import time
import unittest

from serving import Server, run

CLIENTS = 10000
ROOM = 200  # for what else a process has open
KIB_EACH = 4


def raise_limit():
    """As many clients as this computer lets one process have; ten thousand if it can."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = CLIENTS + ROOM
    if hard == resource.RLIM_INFINITY or hard >= want:
        resource.setrlimit(resource.RLIMIT_NOFILE, (want, hard))
        return CLIENTS
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (want, want))
        return CLIENTS
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        return hard - ROOM


class Idle(unittest.TestCase):
    def test_ten_thousand(self):
        clients = raise_limit()
        with Server("--ports", "1-65535") as server:
            before = server.memory_kib()
            begin = time.monotonic()
            idle = []
            for i in range(clients):
                s = server.connect()
                s.sendall(b"GIMME svc%d fox\n" % i)
                idle.append(s)
            for s in idle:
                self.assertRegex(s.recv(100), rb"^OK \d+\r\n$")
            connected = time.monotonic() - begin
            each = (server.memory_kib() - before) / clients

            begin = time.monotonic()
            rows = read_reply_whole(server)
            listed = time.monotonic() - begin
            self.assertEqual(rows, clients)
            self.assertEqual(run("-p", str(server.port), "find", "--service", "svc7",
                                 "--one", "--first").returncode, 0)
            print("%d clients in %.2f s, %.2f KiB each; all of them listed in %.3f s" % (
                clients, connected, each, listed))
            self.assertLess(each, KIB_EACH)
            for s in idle:
                s.close()
            deadline = time.monotonic() + 20
            while server.ask(b"LIST\n") != b"OK 0\r\n":
                self.assertLess(time.monotonic(), deadline)
            self.assertEqual(server.stop()[0], 0)


def read_reply_whole(server):
    with server.connect() as s:
        s.sendall(b"LIST\n")
        got = b""
        while got.count(b"\r\n") < 1 or got.count(b"\r\n") < int(got.split()[1]) + 1:
            piece = s.recv(1 << 20)
            if not piece:
                break
            got += piece
        return got.count(b"\r\n") - 1


unittest.main(verbosity=2)
