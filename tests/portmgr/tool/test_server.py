"""portmgr serve as a process: options, files, limits, slow readers, its end."""
import os
import resource
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import labwire
from serving import PORTMGR, Server, is_sanitized, read_line, read_reply, run


class Options(unittest.TestCase):
    def refused(self, server, address):
        with socket.socket() as s:
            self.assertNotEqual(s.connect_ex((address, server.port)), 0)

    def test_misuse(self):
        for options in (["--ports", "0-5"], ["--ports", "5"], ["--ports", "1-65536"],
                        ["--ports", "a-b"], ["--ports", "1-2-3"], ["--listen", "65536"],
                        ["--bind", "localhost"], ["--bind"], ["--nothing"], ["word"]):
            got = run("serve", *options)
            self.assertEqual((got.returncode, got.stdout), (2, ""), options)
            self.assertIn("try 'portmgr --help'", got.stderr)

    def test_either_order(self):
        with Server("--ports", "43003-43001") as server:
            self.assertEqual(server.ask(b"GIMME a b\n"), b"OK 43003\r\n")

    def test_one_port(self):
        with Server("--ports", "65535-65535") as server, server.connect() as s:
            s.sendall(b"GIMME a b\nGIMME a b\n")
            self.assertEqual(read_line(s) + read_line(s),
                             b"OK 65535\r\nFAIL {no free ports}\r\n")

    def test_taken(self):
        with Server() as server:
            got = run("serve", "--listen", str(server.port))
            self.assertEqual((got.returncode, got.stdout), (1, ""))
            self.assertIn("address already in use", got.stderr)

    def test_listens_on_the_loopback_alone(self):
        with Server() as server:
            self.refused(server, "127.0.0.2")
            if os.path.exists("/proc/net/if_inet6"):
                with server.connect(peer="::1") as s:
                    s.sendall(b"GIMME a b\n")
                    self.assertEqual(read_line(s), b"OK 31000\r\n")

    def test_bind(self):
        with Server("--bind", "127.0.0.2", "--bind", "127.0.0.3") as server:
            for address in ("127.0.0.2", "127.0.0.3"):
                with server.connect(peer=address) as s:
                    s.sendall(b"LIST\n")
                    self.assertEqual(read_line(s), b"OK 0\r\n")
            self.refused(server, "127.0.0.1")

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server()
            s = server.connect()
            s.sendall(b"GIMME a b\n")
            read_line(s)
            self.assertEqual(server.stop(number), (0, ""))
            self.assertEqual(s.recv(1), b"")
            s.close()

    def test_restores_nothing(self):
        port = labwire.free_port()
        with Server(port=port) as server:
            self.assertEqual(server.ask(b"GIMME a b\n"), b"OK 31000\r\n")
            held = server.connect()
            held.sendall(b"GIMME a b\n")
            read_line(held)
        with Server(port=port) as server:
            self.assertEqual(server.ask(b"LIST\n"), b"OK 0\r\n")
            held.close()


class UsageFile(unittest.TestCase):
    def test_follows(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ports.txt")
            with open(path, "w") as f:
                f.write("31000\told\tfox\n")

            def content():
                with open(path) as f:
                    return f.read()
            with Server("--usage-file", path) as server:
                self.assertEqual(content(), "")
                with server.connect() as s:
                    s.sendall(b"GIMME a\\tb\\n fox\n")
                    read_line(s)
                    self.assertEqual(content(), "31000\ta\\u0009b\\u000a\tfox\n")
                labwire.wait_for(lambda: content() == "", "empty usage file")
                s = server.connect()
                s.sendall(b"GIMME a fox\n")
                read_line(s)
                server.stop()
                s.close()
            self.assertEqual(content(), "")
            self.assertEqual(os.listdir(folder), ["ports.txt"])

    def test_never_seen_in_part(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ports.txt")
            with Server("--usage-file", path) as server, server.connect() as s:
                for i in range(300):
                    s.sendall(b"GIMME svc fox\n")
                    read_line(s)
                    with open(path) as f:
                        self.assertEqual(f.read().count("\tsvc\tfox\n"), i + 1)

    def test_cannot_be_written(self):
        with Server("--usage-file", "/no/such/folder/ports.txt") as server:
            self.assertEqual(server.ask(b"GIMME a fox\n"), b"OK 31000\r\n")
            code, words = server.stop()
            self.assertEqual(code, 0)
            self.assertIn("cannot write the usage file", words)


class Clients(unittest.TestCase):
    def fill(self, server, names=100, size=60000):
        s = server.connect()
        for i in range(names):
            s.sendall(b"GIMME %s%d fox\n" % (b"x" * size, i))
            self.assertEqual(read_line(s)[:3], b"OK ")
        return s

    def test_one_who_does_not_read_is_not_read_from(self):
        with Server() as server, self.fill(server) as holder:
            before = server.memory_kib()
            slow = server.connect()
            slow.settimeout(1)
            sent = 0
            try:
                while sent < 64 << 20:
                    sent += slow.send(b"LIST\n" * 10000)
            except socket.timeout:
                pass
            self.assertLess(sent, 32 << 20)
            self.assertLess(server.memory_kib() - before, 40 << 10)
            holder.sendall(b"GIMME a b\n")
            self.assertEqual(read_line(holder)[:3], b"OK ")
            slow.close()

    def test_many_who_do_not_read_share_a_limit(self):
        with Server() as server, self.fill(server) as holder:
            before = server.memory_kib()
            slow = [server.connect() for _ in range(60)]
            for s in slow:
                s.sendall(b"LIST\n")
            time.sleep(0.5)
            self.assertLess(server.memory_kib() - before, 160 << 10)  # of 360 MiB
            holder.sendall(b"GIMME a b\n")
            self.assertEqual(read_line(holder)[:3], b"OK ")
            for s in slow:
                s.close()

    def test_a_slow_reader_gets_it_all(self):
        with Server() as server, self.fill(server, 50, 1000), server.connect() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.sendall(b"LIST\nLIST\n")
            got = b""
            while got.count(b" fox\r\n") < 100:
                got += s.recv(100000)
            self.assertEqual(got.count(b"OK 50\r\n"), 2)

    def test_the_refusal_of_a_giant_line_arrives(self):
        with Server() as server, server.connect() as s:
            try:
                s.sendall(b"x" * (4 << 20))
            except OSError:
                pass
            self.assertEqual(read_line(s), b"FAIL {Invalid request }\r\n")

    def test_ports_are_free_before_the_refusal_arrives(self):
        with Server("--ports", "43001-43001") as server:
            for request in (b"NONSENSE\n", b"LIST {\n"):
                with server.connect() as s:
                    s.sendall(b"GIMME a b\n" + request)
                    self.assertEqual(read_line(s), b"OK 43001\r\n")
                    self.assertEqual(read_line(s)[:5], b"FAIL ")
                    self.assertEqual(server.ask(b"GIMME a b\n"), b"OK 43001\r\n")

    def test_those_who_leave_in_every_way_leak_no_port(self):
        with Server("--ports", "43001-43004") as server:
            for how in range(40):
                s = server.connect()
                s.sendall(b"GIMME a b\nGIMME a b\n" + (b"LIST\n" if how % 2 else b"LIS"))
                if how % 4 < 2:
                    read_line(s)
                if how % 3 == 0:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                if how % 3 == 1:
                    s.shutdown(socket.SHUT_WR)
                s.close()
            labwire.wait_for(lambda: server.ask(b"LIST\n") == b"OK 0\r\n", "empty list")

    def test_pipelined_by_the_thousand(self):
        with Server() as server, server.connect() as s:
            s.sendall(b"LIST\n" * 20000)
            got = b""
            while len(got) < 6 * 20000:
                got += s.recv(1 << 16)
            self.assertEqual(got, b"OK 0\r\n" * 20000)
            s.shutdown(socket.SHUT_WR)
            self.assertEqual(s.recv(1), b"")

    def test_one_who_asks_much_lets_others_have_their_turn(self):
        with Server("--ports", "1-65535") as server, server.connect() as much, \
                server.connect() as little:
            for s in (much, little):  # both are known, and have been served
                s.sendall(b"LIST\n")
                self.assertEqual(read_line(s), b"OK 0\r\n")
            os.kill(server.process.pid, signal.SIGSTOP)  # both ask while it is not looking
            labwire.wait_for(lambda: server.status("State") == "T", "stop of the server")
            much.sendall(b"GIMME\n" * 10000)
            little.sendall(b"GIMME\n")
            os.kill(server.process.pid, signal.SIGCONT)
            others = int(read_line(little).split()[1])
            got = b""
            while got.count(b"\n") < 10000:
                got += much.recv(1 << 16)
            self.assertLess(int(got.split()[-1]), others)  # ports go out from the top

    @unittest.skipIf(is_sanitized(), "AddressSanitizer maps more than any limit")
    def test_more_than_it_has_memory_for(self):
        with Server() as server:
            def crowd(n):
                everybody = [server.connect() for _ in range(n)]
                self.addCleanup(lambda: [s.close() for s in everybody])
                return everybody
            for s in crowd(600):
                s.close()
            self.assertEqual(server.ask(b"LIST\n"), b"OK 0\r\n")
            size = int(server.status("VmSize")) << 10
            resource.prlimit(server.process.pid, resource.RLIMIT_AS, (size, size))
            everybody = crowd(900)
            late = server.connect()
            late.sendall(b"LIST\n")
            if select.select([late], [], [], 0.3)[0]:
                self.skipTest("its memory sufficed")
            for s in everybody:
                s.close()
            self.assertEqual(read_line(late), b"OK 0\r\n")
            late.close()

    def test_more_than_it_has_descriptors_for(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
        with subprocess.Popen([PORTMGR, "serve", "--listen", "0"], preexec_fn=few,
                              stdout=subprocess.PIPE, text=True) as process:
            port = int(process.stdout.readline())
            everybody = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
            everybody[-1].settimeout(20)
            self.assertEqual(everybody[-1].recv(1), b"")  # let in, and out again
            self.assertIsNone(process.poll())
            for s in everybody:
                s.close()
            got = run("-p", str(port), "wait")
            self.assertEqual(got.returncode, 0, got)
            process.terminate()
            self.assertEqual(process.wait(10), 0)


unittest.main(verbosity=2)
