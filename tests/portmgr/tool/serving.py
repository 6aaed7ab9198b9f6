"""A `portmgr serve` of one's own for a test, and small clients."""
import contextlib
import os
import signal
import socket
import subprocess

import labwire

PORTMGR = labwire.tool("portmgr")


class Server:
    """On a port that the kernel picked; ended with the block."""

    def __init__(self, *options, port=0):
        self.process = subprocess.Popen(
            [PORTMGR, "serve", "--listen", str(port), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        self.port = port or int(self.process.stdout.readline())
        if port:
            run("-p", str(port), "-t", "20", "wait")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, number=signal.SIGTERM):
        """Ends it; gives the exit code and what it wrote on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            words = self.process.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        except ValueError:  # stopped before
            words = ""
        return self.process.returncode, words

    def connect(self, source=None, peer="127.0.0.1"):
        family = socket.AF_INET6 if ":" in peer else socket.AF_INET
        s = socket.socket(family, socket.SOCK_STREAM)
        s.settimeout(10)
        if source:
            s.bind((source, 0))
        s.connect((peer, self.port))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def ask(self, request):
        """One request on a connection of its own: all that comes until it is whole."""
        with self.connect() as s:
            s.sendall(request)
            return read_reply(s)

    def status(self, what):
        """What the kernel says of the process."""
        with open("/proc/%d/status" % self.process.pid) as f:
            return next(line.split()[1] for line in f if line.startswith(what + ":"))

    def memory_kib(self):
        return int(self.status("VmRSS"))


def read_line(s):
    line = b""
    while not line.endswith(b"\n"):
        c = s.recv(1)
        if not c:
            break
        line += c
    return line


def read_reply(s):
    head = read_line(s)
    words = head.split()
    lines = int(words[1]) if words[:1] == [b"OK"] and int(words[1]) < 20000 else 0
    return head + b"".join(read_line(s) for _ in range(lines))


def run(*arguments, **how):
    """The tool, to its end."""
    how.setdefault("timeout", 30)
    return subprocess.run([PORTMGR, *arguments], capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, text=how.pop("text", True), **how)


@contextlib.contextmanager
def started(*arguments, **how):
    """The tool, running; killed with the block if it has not ended."""
    how.setdefault("stdin", subprocess.DEVNULL)
    process = subprocess.Popen([PORTMGR, *arguments], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, **how)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def is_sanitized():
    """AddressSanitizer maps more than any limit worth setting."""
    with open(PORTMGR, "rb") as f:
        return b"__asan_init" in f.read()


def environment(**more):
    return dict(os.environ, **more)
