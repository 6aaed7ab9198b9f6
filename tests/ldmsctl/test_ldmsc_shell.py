"""ldmsc shell on a terminal of its own: editing, completion, history, control characters."""
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest

from labwire import terminal_shows, tool, wait_for
from ldms_wire import Serve
from ldmsc_tool import data, ldmsc


class Terminal:
    """A shell that believes a person sits before it."""

    def __init__(self, port, history, *args):
        env = dict(os.environ, TERM="xterm", LDMSC_HISTORY=history, NO_COLOR="1")
        self.master, slave = pty.openpty()
        self.child = subprocess.Popen(
            [tool("ldmsc"), "-h", "127.0.0.1", "-p", str(port), *args, "shell"], env=env,
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.seen = ""
        self.prompt = "127.0.0.1:%d> " % port

    def read_until(self, words, seconds=60):
        """What came up to and with these words."""
        end = time.monotonic() + seconds
        while words not in self.seen:
            left = end - time.monotonic()
            if left < 0:
                raise TimeoutError("no %r in %r" % (words, self.seen))
            if select.select([self.master], [], [], left)[0]:
                try:
                    self.seen += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    break
        got, found, self.seen = self.seen.partition(words)
        return got + found

    def type(self, text):
        """Types at the prompt, once the editor has the keys, which is a moment later: what
        comes before, the terminal itself takes, and no more than 4095 bytes of it."""
        self.read_until(self.prompt)
        wait_for(lambda: not termios.tcgetattr(self.master)[3] & termios.ICANON, "editor")
        os.write(self.master, text.encode())

    def end_input(self):
        """^D, until it is heard: the prompt shows a moment before the editor has the keys,
        and the ^D of that moment becomes a letter of the line, which ^U clears."""
        self.read_until(self.prompt)
        end = time.monotonic() + 60
        while self.child.poll() is None and time.monotonic() < end:
            try:
                os.write(self.master, b"\x15\x04")
            except OSError:
                break
            time.sleep(0.2)

    def leave(self):
        try:
            return self.child.wait(timeout=60)
        finally:
            if self.child.poll() is None:
                self.child.send_signal(signal.SIGKILL)
            os.close(self.master)


class Shell(unittest.TestCase):
    def setUp(self):
        self.server = Serve()
        self.addCleanup(self.server.stop)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.history = self.folder.name + "/history"

    def open(self, *args):
        return Terminal(self.server.port, self.history, *args)

    def test_asks_and_answers(self):
        t = self.open()
        t.type("prdcr_add name=a type=active xprt=sock host=h port=1 reconnect=1s\r")
        t.type("prdcr_status\r")
        self.assertIn('"name": "a"', t.read_until("STOPPED"))
        t.type("prdcr_del name=none\r")
        t.read_until("The producer specified does not exist.")
        t.type("nosuch\r")
        t.read_until("nosuch")
        t.type("quit\r")
        self.assertEqual(t.leave(), 2)
        self.assertEqual(data("prdcr_status", port=self.server.port)[0]["name"], "a")

    def test_completes_words_and_arguments(self):
        t = self.open()
        t.type("daemon_st\t\r")
        t.read_until('"state": "ready"')
        t.type("greeting na\tbob\r")
        t.read_until("Hello 'bob'")
        t.type("load na\tmeminfo plu\tmeminfo\r")  # a word of configuration files
        t.type("prdcr_add ty\tactive name=a xprt=sock host=h port=1 reconnect=1s\r")
        t.type("prdcr_status\r")
        t.read_until('"type": "active"')
        t.type("help prdcr_hint\t\r")
        t.read_until("usage: ldmsc [OPTION]... prdcr_hint_tree")
        t.type("quit\r")
        self.assertEqual(t.leave(), 0)

    def test_remembers(self):
        t = self.open()
        t.type("greeting name=first\r")
        t.read_until("Hello 'first'")
        t.type("quit\r")
        self.assertEqual(t.leave(), 0)
        self.assertEqual(os.stat(self.history).st_mode & 0o77, 0)
        t = self.open()
        t.type("\x1b[A\x1b[A\r")  # up over quit, in another process
        t.read_until("Hello 'first'")
        t.end_input()
        self.assertEqual(t.leave(), 0)

    def test_remembers_when_interrupted(self):
        t = self.open()
        t.type("greeting name=first\r")
        t.read_until("Hello 'first'")
        t.read_until(t.prompt)
        t.child.send_signal(signal.SIGINT)
        self.assertEqual(t.leave(), -signal.SIGINT)
        with open(self.history, encoding="utf-8") as f:
            self.assertIn("name=first", f.read().replace("\\040", " "))

    def test_a_history_that_is_no_file(self):
        """Nobody writes into that pipe, and it is not waited for."""
        os.mkfifo(self.history)
        t = self.open()
        t.type("quit\r")
        self.assertEqual(t.leave(), 0)

    def test_does_not_remember_what_was_pasted(self):
        t = self.open()
        t.type("greeting name=first\r")
        t.read_until("Hello 'first'")
        t.type("greeting name=%s\r" % ("x" * 5000))
        t.read_until("Hello 'xxx")
        t.type("quit\r")
        self.assertEqual(t.leave(), 0)
        with open(self.history, encoding="utf-8") as f:
            kept = f.read()
        self.assertIn("first", kept)
        self.assertNotIn("xxx", kept)

    def test_exit_leaves_the_daemon_alone(self):
        t = self.open()
        t.type("exit\r")
        self.assertEqual(t.leave(), 0)
        self.assertEqual(ldmsc("daemon_status", port=self.server.port)[0], 0)

    def test_connects_again(self):
        with Serve("--fault", "close-after") as server:
            t = Terminal(server.port, self.history)
            for _ in range(4):
                t.type("daemon_status\r")
            t.type("quit\r")
            t.leave()

    def test_escapes_what_the_daemon_says(self):
        with Serve("--fault", "escapes") as server:
            t = Terminal(server.port, self.history)
            t.type("version\r")
            got = t.read_until(r"\x1b]0;owned") + t.read_until("red")
            self.assertNotIn("\x1b]0;", got)
            t.type("quit\r")
            t.leave()

    def test_help_and_methods(self):
        t = self.open()
        t.type("help\r")
        t.read_until("daemon_exit ends it")
        t.type("methods\r")
        t.read_until("xprt_stats")
        t.type("# a comment\r")
        t.type("quit\r")
        self.assertEqual(t.leave(), 0)

    def test_environment(self):
        """Of env commands, as in scripts."""
        code, out, _ = ldmsc("shell", port=self.server.port,
                             stdin="env SHELL_TEST=a\ngreeting name=${SHELL_TEST}\n")
        self.assertEqual((code, out), (0, "Hello 'a'\n"))

    def test_commands_from_a_pipe(self):
        code, out, err = ldmsc("shell", port=self.server.port,
                               stdin="greeting name=a\n\n  # no\ngreeting name=b")
        self.assertEqual((code, out, err), (0, "Hello 'a'\nHello 'b'\n", ""))

    def test_progress_of_a_fleet(self):
        """On a terminal, and only there, stderr shows how far it is."""
        master, slave = pty.openpty()
        with Serve("--count", "5") as server:
            hosts = ",".join("127.0.0.1:%d" % p for p in server.ports)
            child = subprocess.Popen([tool("ldmsc"), "--hosts", hosts, "daemon_status"],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=slave)
            os.close(slave)
            out, _ = child.communicate(timeout=20)
            shown = terminal_shows(master)
        self.assertEqual((child.returncode, out.count(b"\tok\t")), (0, 5))
        self.assertIn("\r5 of 5 asked, 0 failed", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
