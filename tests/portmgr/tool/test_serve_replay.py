"""Every recorded dialogue, played to `portmgr serve`: each reply is the recorded one byte
for byte, or stands in DIFFERENT with the reason."""
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import labwire
from serve_differences import DIFFERENT, REFUSED_POOLS
from serving import PORTMGR, Server

FILES = ["tcl-basic", "tcl-pool", "tcl-errors", "tcl-framing", "tcl-local", "tcl-names",
         "rust"]
QUIET_S = 0.08
ELSEWHERE = ("10.99.0.1", "127.0.0.9")  # an address the tests can't have; one they can


def load(name):
    cases = {}
    with open(labwire.data("portmgr", "data", name + ".jsonl"), encoding="utf-8") as f:
        for line in f:
            event = json.loads(line)
            cases.setdefault(event["case"], []).append(event)
    return cases


def payload(event):
    """The bytes of an event. Long ones were recorded by their ends and their sum."""
    if "hex" in event:
        return bytes.fromhex(event["hex"])
    if "text" in event:
        return event["text"].encode()
    head, tail = event["head"].encode("latin-1"), event["tail"].encode("latin-1")
    fill = event["len"] - len(head) - len(tail)
    whole = head + b"x" * fill + tail
    assert hashlib.sha256(whole).hexdigest() == event["sha256"], event["case"]
    return whole


def receive(s, expected):
    """What comes: as long as expected if it is that, else until it is quiet."""
    got = b""
    s.settimeout(5 if expected else QUIET_S)
    try:
        while got != expected or not expected:
            piece = s.recv(1 << 20)
            if not piece:
                return got + b"<eof>"
            got += piece
            if not expected.startswith(got):
                s.settimeout(QUIET_S)
    except socket.timeout:
        pass
    except ConnectionError:
        got += b"<reset>"
    return got


def send(s, data, step):
    step = step or len(data)
    try:
        for at in range(0, len(data), max(step, len(data) // 100000 * 1000)):
            s.sendall(data[at:at + max(step, len(data) // 100000 * 1000)])
    except ConnectionError:
        pass  # the replies tell what became of it


class Replay:
    def __init__(self, name, events, step):
        self.name, self.events, self.step = name, events, step
        self.found = {}  # event number -> what came instead
        self.compared = 0

    def compare(self, event, got, recorded):
        self.compared += 1
        if got != recorded:
            self.found[event["n"]] = got

    def expect(self, event, recorded):
        rows = DIFFERENT.get((self.name, event["case"]), (None, {}))[1]
        return rows.get(event["n"], recorded)

    def play(self):
        begin = self.events[0]
        if (self.name, begin["case"]) in REFUSED_POOLS:
            got = subprocess.run([PORTMGR, "serve", "--ports", begin["ports"]],
                                 capture_output=True, check=False, timeout=20)
            assert got.returncode == 2, got
            self.compared += 1
            return
        mapped = any(e.get("peer", "").startswith("::ffff") for e in self.events)
        options = ["--ports", begin["ports"]] + (["--bind", "::"] if mapped else [])
        with tempfile.TemporaryDirectory() as folder:
            usage = os.path.join(folder, "ports.txt")
            self.play_with(Server(*options, "--usage-file", usage), usage)

    def play_with(self, server, usage):
        with server:
            self.connections = {}
            for event in self.events[1:]:
                self.step_through(server, event, usage)
            for s in self.connections.values():
                s.close()

    def step_through(self, server, event, usage):
        s = self.connections.get(event.get("conn"))
        kind = event["ev"]
        if kind == "open":
            source, peer = (ELSEWHERE[1] if a == ELSEWHERE[0] else a
                            for a in (event["source"], event["peer"]))
            self.connections[event["conn"]] = server.connect(
                None if source.startswith("::ffff") else source,
                "127.0.0.1" if peer == ELSEWHERE[1] else peer)
        elif kind == "send":
            send(s, payload(event), self.step)
        elif kind == "recv":
            recorded = payload(event).replace(ELSEWHERE[0].encode(), ELSEWHERE[1].encode())
            self.compare(event, receive(s, self.expect(event, recorded)), recorded)
        elif kind in ("silence", "eof", "reset"):
            recorded = {"silence": b"", "eof": b"<eof>", "reset": b"<reset>"}[kind]
            self.compare(event, receive(s, self.expect(event, recorded)), recorded)
        elif kind == "shutdown-write":
            s.shutdown(socket.SHUT_WR)
        elif kind in ("close", "close-reset"):
            if kind == "close-reset":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
            time.sleep(0.02)  # for the server to see it before the next connection
        elif kind == "usagefile":
            with open(usage, "rb") as f:
                self.compare(event, f.read(), payload(event))
        elif kind not in ("serverlog", "server-stderr-first-line", "end"):
            raise ValueError(kind)


class Dialogues(unittest.TestCase):
    def replay(self, step):
        dialogues = replies = differing = 0
        for name in FILES:
            for case, events in load(name).items():
                with self.subTest(dialogue=name + "/" + case):
                    replay = Replay(name, events, step)
                    replay.play()
                    reason, rows = DIFFERENT.get((name, case), ("", {}))
                    self.assertEqual(replay.found, rows, reason)
                    dialogues += 1
                    replies += replay.compared
                    differing += len(rows) or (name, case) in REFUSED_POOLS
        print("%d dialogues, %d replies compared, %d of them meant to differ, %s" % (
            dialogues, replies, differing, "byte by byte" if step else "as sent"))
        self.assertEqual(dialogues, 124)

    def test_as_sent(self):
        self.replay(None)

    def test_byte_by_byte(self):
        self.replay(1)


if "--show" in sys.argv:  # what differs now, for the table
    for file in FILES:
        for title, story in load(file).items():
            if (file, title) not in REFUSED_POOLS:
                player = Replay(file, story, None)
                player.play()
                if player.found:
                    print('    ("%s", "%s"): ("", %r),' % (file, title, player.found))
    sys.exit()
unittest.main(verbosity=2)
