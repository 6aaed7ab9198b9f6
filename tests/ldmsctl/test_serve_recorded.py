"""The stand-in daemon answers the recorded requests of real daemons: the same status, the
same attribute, NUL for NUL; texts word for word but for numbers and folders, and JSON of
the same shape. What differs on purpose stands in one table."""
import json
import os
import re
import socket
import struct
import tempfile
import unittest

from labwire import data, held_port
from ldms_wire import DIR, SEND_MSG, Serve, Wire, take_attributes

# A stand-in opens no connections, and doesn't copy slips that nobody can want.
LOST_COUNT = "the daemon lost count of its references, and keeps what nobody uses"
DIFFERENT = {
    "4.5.3": {
        "updtr_del.leaked_ref_error": LOST_COUNT,
        "prdcr_del.inuse_error": LOST_COUNT,
        "prdcr_listen_del.inuse_error": LOST_COUNT,
        "prdcr_listen_del.ok": LOST_COUNT,
        "advertiser_del.inuse_error": LOST_COUNT,
        "usage.ok": "a plugin's own words",
    },
    "main": {
        "updtr_del.leaked_ref_error": LOST_COUNT,
        "prdcr_listen_del.inuse_error": LOST_COUNT,
        "prdcr_listen_del.ok": LOST_COUNT,
        "advertiser_del.inuse_error": LOST_COUNT,
        "usage.ok": "a plugin's own words",
        "xprt_stats.ok": "histograms that have warmed up have other members",
        "xprt_stats.level1": "histograms that have warmed up have other members",
    },
}
# The recordings go on with another daemon here.
ANOTHER_DAEMON = {"failover_status.unconfigured", "daemon_exit.ok"}


def requests(row):
    """The (id, attributes) that a row sent, DIR as (None, None)."""
    found = []
    for event in row["events"]:
        if event["d"] != "c2s":
            continue
        message = bytes.fromhex(event["x"])
        kind = struct.unpack_from(">H", message)[0]
        if kind != 2:
            continue
        command = struct.unpack_from(">I", message, 32)[0]
        if command == SEND_MSG:
            code = struct.unpack_from(">I", message, 60)[0]
            found.append((code, take_attributes(message[68:])))
        elif command == DIR:
            found.append((None, None))
    return found


def answer(row):
    """(status, attributes) of the last answer recorded; DIR: (None, JSON)."""
    got = None
    for event in row["events"]:
        message = bytes.fromhex(event.get("x", ""))
        if event["d"] != "s2c" or struct.unpack_from(">H", message)[0] != 2:
            continue
        command = struct.unpack_from(">I", message, 32)[0]
        if command == SEND_MSG:
            got = struct.unpack_from(">I", message, 60)[0], take_attributes(message[68:])
        elif command == 0x101:
            got = None, message[56:]
    return got


def plain(text):
    """Without what differs in every run."""
    text = re.sub(r"/[\w./-]*?/(?=lib\w+\.so|[\w-]*\.conf)", "DIR/", text)
    return re.sub(r"\d+", "N", text.replace("localhost-", "")).strip("\n")


def shape(value):
    if isinstance(value, dict):
        return {re.sub(r"\d+", "N", key): shape(v) for key, v in value.items()}
    if isinstance(value, list):
        shapes = []
        for v in value:
            if shape(v) not in shapes:
                shapes.append(shape(v))
        # of an object in several states, the fullest is its shape
        return max(shapes, key=lambda s: len(repr(s)), default="empty")
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def describe(attrs):
    """What must be alike of an answer."""
    told = []
    for key, value in attrs:
        text = value.decode()
        try:
            what = shape(json.loads(text.rstrip("\0")))
        except ValueError:
            what = plain(text.rstrip("\0"))
        told.append((key, value.endswith(b"\0"), what))
    return told


# The recordings' peer is nobody to the daemon; ours must not be whoever runs the tests.
STRANGER = os.getuid() + 1000


class Recorded(unittest.TestCase):
    def replay(self, release, file, **options):
        with open(data("ldmsctl/data", release, file)) as f:
            rows = [json.loads(line) for line in f]
        different = DIFFERENT[release] if file == "commands.jsonl" else {}
        seen, compared, skipped = set(), 0, 0
        folder = tempfile.TemporaryDirectory()
        os.mkdir(folder.name + "/dump")
        with open(folder.name + "/inc.conf", "w") as f:
            f.write("# nothing\n")
        with open(folder.name + "/ovis.conf", "w") as f:
            f.write("secretword=throwaway0secret\n")
        os.chmod(folder.name + "/ovis.conf", 0o600)
        busy = socket.create_server(("127.0.0.1", 0))
        swaps = [(b"/srv/ldms", folder.name.encode()),
                 (b"10511", str(held_port(self)).encode()),
                 (b"10513", str(held_port(self)).encode()),
                 (b"10421", str(busy.getsockname()[1]).encode())]
        server = wire = None
        args = ["--like", release, "--name", "localhost-10411", *options.get("serve", [])]

        def begin():
            server = Serve(*args)
            wire = Wire(server.port, auth=options.get("auth", "none"))
            if "uid" in options:
                wire.naive(options["uid"], options["uid"])
            return server, wire

        with folder, busy:
            server, wire = begin()
            for row in rows:
                sent, want = requests(row), answer(row)
                if not sent or want is None:
                    skipped += 1  # it failed before anything was sent, or on a dead daemon
                    continue
                if row["name"] in ANOTHER_DAEMON:
                    wire.socket.close()
                    server.stop()
                    server, wire = begin()
                for code, attrs in sent:
                    if code is None:
                        got = None, wire.directory()
                        continue
                    for old, new in swaps:
                        attrs = [(k, v.replace(old, new)) for k, v in attrs]
                    got = wire.request(code, attrs)
                with self.subTest(row["name"]):
                    compared += 1
                    if row["name"].startswith("greeting.path"):
                        got = got[0], want[1]  # the daemon's name
                    if want[0] is None:
                        same = shape(json.loads(want[1])) == shape(json.loads(got[1]))
                        pair = want[1], got[1]
                    else:
                        pair = (want[0], describe(want[1])), (got[0], describe(got[1]))
                        same = pair[0] == pair[1]
                    if row["name"] in different:
                        seen.add(row["name"])
                        self.assertFalse(same, "no longer different: " + row["name"])
                    else:
                        self.assertTrue(same, "\nrecorded %r\nanswered %r" % pair)
            wire.socket.close()
            server.stop()
        self.assertEqual(seen, set(different))
        print("%s/%s: %d rows, %d answered alike, %d differ on purpose, %d never sent"
              % (release, file, len(rows), compared - len(different), len(different),
                 skipped))

    def test_commands_453(self):
        self.replay("4.5.3", "commands.jsonl")

    def test_commands_main(self):
        self.replay("main", "commands.jsonl")

    def test_unprivileged_453(self):
        self.replay("4.5.3", "commands-unprivileged.jsonl", serve=["-a", "naive"],
                    auth="naive", uid=STRANGER)

    def test_unprivileged_main(self):
        self.replay("main", "commands-unprivileged.jsonl", serve=["-a", "naive"],
                    auth="naive", uid=STRANGER)


if __name__ == "__main__":
    unittest.main(verbosity=2)
