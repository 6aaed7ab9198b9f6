"""What the test scripts share: where things are, and what to do about absent peers."""
import contextlib
import fcntl
import os
import pty
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

SOURCE = os.environ["LABWIRE_SOURCE"]
BUILD = os.environ["LABWIRE_BUILD"]

# Whoever runs the tests in the background has them ignore these, and so would the
# programs under test, which some tests end by them.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

SKIPPED = 77  # meson's word for it


def tool(name):
    """The program under test, as built."""
    return os.path.join(BUILD, "tools", name, name)


def data(*path):
    return os.path.join(SOURCE, "tests", *path)


def need(*programs):
    """Ends the test where a peer is absent: skipped by hand, failed in CI."""
    places = os.environ["PATH"] + ":/usr/sbin:/usr/lib/pcp/bin"
    for program in programs:
        if not shutil.which(program, path=places):
            print("%s is not installed" % program)
            sys.exit(1 if os.environ.get("CI") else SKIPPED)


def free_port(kind=socket.SOCK_STREAM):
    """A free port of the loopback, below those that the kernel gives to whoever connects:
    one of these could be gone before it is used."""
    for port in random.sample(range(20000, 30000), 1000):
        with socket.socket(socket.AF_INET, kind) as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def held_port(test):
    """A port of the loopback that nobody else is given until the test ends. It refuses
    connections until a server listens there that sets SO_REUSEADDR."""
    holder = socket.socket()
    test.addCleanup(holder.close)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder.getsockname()[1]


def terminal_shows(master):
    """All that a terminal shows until nobody has its other end open any more; one read may
    have but a part of it."""
    shown = b""
    with contextlib.suppress(OSError):  # the end
        while more := os.read(master, 65536):
            shown += more
    os.close(master)
    return shown.decode()


def on_terminal(command, columns=80, stdin=subprocess.DEVNULL, env=None):
    """Exit code of a program with stdout and stderr on a terminal, and what that shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(command, stdin=stdin, stdout=theirs, stderr=theirs,
                          env=env) as process:
        os.close(theirs)
        shown = terminal_shows(ours)
        process.wait(20)
    return process.returncode, shown


def wait_for(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("no %s after %d s" % (what, seconds))
        time.sleep(0.02)
