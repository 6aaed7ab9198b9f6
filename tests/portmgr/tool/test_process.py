"""portmgr as a process among others: signals that come early, what it inherits from
whoever starts it, outputs that cannot be written."""
import os
import select
import signal
import socket
import subprocess
import tempfile
import unittest

import labwire
from serving import PORTMGR, Server, run, started

EVERY_SIGNAL = set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}


class Deaf:
    """A manager that lets everybody in and answers nobody."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.clients = []
        return self

    def __exit__(self, *_):
        for s in [self.listener, *self.clients]:
            s.close()

    def to(self):
        return ["-p", str(self.listener.getsockname()[1]), "-t", "60"]

    def until_asked(self):
        if not select.select([self.listener], [], [], 20)[0]:
            raise TimeoutError("nobody connects")
        self.clients.append(self.listener.accept()[0])
        self.clients[-1].settimeout(20)
        return self.clients[-1].recv(100)


class EarlySignals(unittest.TestCase):
    """A manager that does not answer keeps nobody from ending the tool."""

    def test_while_a_port_is_asked_for(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for command in (["get", "a"], ["run", "a", "--", "true"]):
                with Deaf() as manager, started(*manager.to(), *command) as tool:
                    self.assertTrue(manager.until_asked().startswith(b"GIMME a "))
                    tool.send_signal(number)
                    self.assertEqual(tool.wait(10), -number)

    def test_while_watch_waits_for_a_list(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with Deaf() as manager, started(*manager.to(), "watch") as tool:
                self.assertEqual(manager.until_asked(), b"LIST\n")
                tool.send_signal(number)
                self.assertEqual(tool.wait(10), 0)


class Reader(unittest.TestCase):
    def test_watch_ends_with_its_reader(self):
        with Server() as server, server.connect() as s:
            s.sendall(b"GIMME a fox\n")
            s.recv(100)
            with subprocess.Popen([PORTMGR, "-p", str(server.port), "watch"],
                                  stdout=subprocess.PIPE) as watch:
                self.assertEqual(watch.stdout.readline(), b"+ 31000\ta\tfox\n")
                watch.stdout.close()
                watch.wait(10)


class Inherited(unittest.TestCase):
    def setUp(self):
        self.server = Server("--ports", "43001-43010")
        self.addCleanup(self.server.stop)
        self.to = ["-p", str(self.server.port)]

    def test_children_whose_end_is_ignored(self):
        got = run(*self.to, "run", "-q", "a", "--", "sh", "-c", "exit 7",
                  preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        self.assertEqual(got.returncode, 7)

    def test_blocked_signals(self):
        def block():
            signal.pthread_sigmask(signal.SIG_BLOCK, EVERY_SIGNAL)
        got = run(*self.to, "run", "-q", "a", "--", "sh", "-c", "exit 7", preexec_fn=block)
        self.assertEqual(got.returncode, 7)
        if os.path.exists("/proc/self/status"):  # the program has them as we had them
            got = run(*self.to, "run", "-q", "a", "--", "grep", "SigBlk",
                      "/proc/self/status", preexec_fn=block)
            self.assertTrue(int(got.stdout.split()[1], 16) & 1 << (signal.SIGTERM - 1))
        with started(*self.to, "get", "a", preexec_fn=block) as get:
            self.assertEqual(get.stdout.readline(), "43010\n")
            get.terminate()
            self.assertEqual(get.wait(10), 0)

    def test_ignored_signals_stay_ignored(self):
        with started(*self.to, "get", "a",
                     preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as get:
            get.stdout.readline()
            get.send_signal(signal.SIGHUP)
            get.send_signal(signal.SIGTERM)
            self.assertEqual(get.wait(10), 0)

    @staticmethod
    def closing(closed, *words):
        return ["sh", "-c", 'exec "$0" "$@" ' + closed, PORTMGR, *words]

    def test_closed_descriptors(self):
        for words, closed, code in (
                (["get", "--once", "a"], ">&-", 1), (["get", "a"], ">&-", 1),
                (["get", "a"], "<&- >&-", 1), (["get", "a"], "<&- >&- 2>&-", 1),
                (["run", "a", "--", "true"], "<&- >&-", 1),
                (["find", "--first"], "2>&-", 1), (["list"], "<&- 2>&-", 0)):
            tool = subprocess.run(self.closing(closed, *self.to, *words), timeout=20,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  check=False)
            self.assertEqual((tool.returncode, tool.stdout), (code, ""), (words, closed))
            self.assertEqual("Bad file descriptor" in tool.stderr,
                             code == 1 and "2>&-" not in closed, (words, closed))

    def test_closed_descriptors_of_who_has_nothing_to_write(self):
        with Deaf() as manager, subprocess.Popen(
                self.closing("<&- >&-", *manager.to(), "watch"), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watch:
            self.assertEqual(manager.until_asked(), b"LIST\n")
            watch.terminate()
            self.assertEqual(watch.communicate(timeout=20), ("", ""))
            self.assertEqual(watch.returncode, 0)

    def test_the_program_gets_no_descriptor_of_ours(self):
        got = run(*self.to, "run", "-q", "a", "--", "sh", "-c", "ls /proc/$$/fd")
        if got.returncode == 0:
            self.assertEqual(got.stdout.split(), ["0", "1", "2"])


class FullDisk(unittest.TestCase):
    def full(self, *words):
        with open("/dev/full", "w") as full:
            return subprocess.run([PORTMGR, *words], stdin=subprocess.DEVNULL, stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=20,
                                  check=False)

    def test_is_told_by_each_command(self):
        with Server() as server, server.connect() as s:
            s.sendall(b"GIMME " + b"x" * 9000 + b" fox\nGIMME a fox\n")
            s.recv(100)
            for words in (["get", "b"], ["get", "--once", "b"],
                          ["run", "b", "--", "sh", "-c", "echo started >&2"], ["list"],
                          ["list", "--json"], ["find", "--first"], ["watch"],
                          ["wait", "--service", "a"], ["serve", "--fault=help"],
                          ["list", "--help"]):
                to = [] if words[0] == "serve" else ["-p", str(server.port)]
                got = self.full(*to, *words)
                self.assertEqual(got.returncode, 1, words)
                self.assertEqual(got.stderr, "portmgr: cannot write to standard output: "
                                 "No space left on device\n")
            labwire.wait_for(lambda: server.ask(b"LIST\n")[:5] == b"OK 2\r",
                             "ports given back")

    def test_serve_does_not_hide(self):
        got = self.full("serve", "--listen", "0")
        self.assertEqual(got.returncode, 1)
        self.assertIn("No space left", got.stderr)


class UsageFile(unittest.TestCase):
    def test_of_another_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ports.txt")
            with Server("--usage-file", path) as server, server.connect() as s:
                s.sendall(b"GIMME a fox\n")
                s.recv(100)
                got = run("serve", "--listen", str(server.port), "--usage-file", path)
                self.assertEqual(got.returncode, 1)
                with open(path) as f:
                    self.assertEqual(f.read(), "31000\ta\tfox\n")


unittest.main(verbosity=2)
