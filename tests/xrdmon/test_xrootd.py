"""A real xrootd with every stream on: files go in and out, and what `xrdmon events` says of
it is what was done.

The server's packets are received here, on the loopback, and kept as they come; the tool
reads them as a file of packets and as a recording.
"""
import collections
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import labwire

TOOL = labwire.tool("xrdmon")
FLUSH_S = 1

CONFIG = """
all.export /store
all.adminpath {place}/adm
all.pidpath {place}/run
all.sitename LAB
oss.localroot {place}/data
xrd.port {port}
xrd.network nodnr
xrootd.async off
xrootd.seclib libXrdSec.so
sec.protocol unix
xrootd.monitor all auth flush io 1s flush {flush}s window 1s fstat {flush}s lfn ops ssq \
xfr 1 ident 5s dest ccm fstat info files io iov pfc redir tcpmon tpc user 127.0.0.1:{udp}
"""


class Recorder(threading.Thread):
    """Keeps (time, source, bytes) of every datagram."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.packets, self.is_done = [], False

    def run(self):
        while not self.is_done:
            try:
                data, source = self.socket.recvfrom(65536)
            except socket.timeout:
                continue
            self.packets.append((time.time(), "%s:%d" % source, data))
        self.socket.close()

    def stop(self):
        self.is_done = True
        self.join(10)

    def codes(self):
        return collections.Counter(chr(p[2][0]) for p in list(self.packets))


def as_nobody(command):
    """The server refuses to run as root."""
    return ["runuser", "-u", "nobody", "--", *command] if os.geteuid() == 0 else command


class Server:
    def __init__(self, udp):
        self.place = tempfile.mkdtemp(prefix="xrdmon-")
        os.chmod(self.place, 0o755)
        for folder in ("data/store", "adm", "run"):
            os.makedirs(os.path.join(self.place, folder))
        self.port = labwire.free_port()
        config = os.path.join(self.place, "x.cfg")
        with open(config, "w") as f:
            f.write(CONFIG.format(place=self.place, port=self.port, udp=udp,
                                  flush=FLUSH_S))
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for folder, _, _ in os.walk(self.place):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self.process = subprocess.Popen(
            as_nobody(["xrootd", "-n", "lab", "-c", config, "-l",
                       os.path.join(self.place, "x.log")]),
            cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        try:
            labwire.wait_for(self.answers, "xrootd", 60)
        except BaseException:
            self.stop()
            raise

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("xrootd ended: " + self.log())
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", self.port)) == 0

    def log(self):
        out = ""
        for folder, _, files in os.walk(self.place):
            for name in files:
                if name.endswith(".log"):
                    with open(os.path.join(folder, name)) as f:
                        out += f.read()[-2000:]
        return out

    def url(self, user, path=""):
        return "root://%s@127.0.0.1:%d/%s" % (user, self.port, path)

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, 15)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, 9)
                self.process.wait(10)
        shutil.rmtree(self.place, ignore_errors=True)


def client(*command):
    # Without page writes: the server counts their checksums as bytes of the file.
    env = dict(os.environ, XrdSecPROTOCOL="unix", XRD_APPNAME="labwire-test",
               XRD_CONNECTIONRETRY="1", XRD_CPUSEPGWRTRD="0")
    subprocess.run(command, env=env, check=True, timeout=60, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


class Xrootd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        labwire.need("xrootd", "xrdcp", "xrdfs")
        if os.geteuid() == 0:
            labwire.need("runuser")
        cls.recorder = Recorder()
        cls.recorder.start()
        cls.addClassCleanup(cls.recorder.stop)
        for left in (2, 1, 0):
            try:
                cls.server = Server(cls.recorder.port)
                break
            except RuntimeError: # another one may have taken the port meanwhile
                if left == 0:
                    raise
        cls.addClassCleanup(cls.server.stop)
        cls.work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.work.cleanup)
        cls.do_things()
        cls.read_events()

    @classmethod
    def do_things(cls):
        """Copy in, copy out, copy out again, list, stat, remove."""
        url = cls.server.url
        cls.sizes = {"/store/one.dat": 100000, "/store/sub/two.dat": 3000000,
                     "/store/empty.dat": 0, "/store/with:colon \u00e9.dat": 4321}
        for path, size in cls.sizes.items():
            local = os.path.join(cls.work.name, os.path.basename(path))
            with open(local, "wb") as f:
                f.write(os.urandom(size))
            client("xrdcp", "-s", "-p", "-f", local, url("alice", path))
        for again in range(2):
            for path in cls.sizes:
                out = os.path.join(cls.work.name, "out%d" % again)
                client("xrdcp", "-s", "-f", url("bob", path), out)
        client("xrdfs", url("carol"), "ls", "/store")
        client("xrdfs", url("carol"), "stat", "/store/one.dat")
        client("xrdfs", url("carol"), "rm", "/store/empty.dat")
        wanted = 3 * len(cls.sizes)

        def all_sent():
            cls.read_events()
            f = [e for e in cls.events if e["stream"] == "f" and e["ev"] == "close"]
            t = [e for e in cls.events if e["stream"] == "t" and e["ev"] == "close"]
            gone = [e for e in cls.events if e["stream"] == "f" and e["ev"] == "disc"]
            return min(len(f), len(t)) >= wanted and len(gone) >= wanted + 3

        try:
            labwire.wait_for(all_sent, "last packet", 60)
        except TimeoutError:
            pass # the tests will say what is missing

    @classmethod
    def run_tool(cls, data, *args):
        got = subprocess.run([TOOL, *args, "-"], input=data, capture_output=True,
                             timeout=60, check=False)
        assert got.returncode == 0, got.stderr
        return [json.loads(line) for line in got.stdout.decode().split("\n")[:-1]], \
            got.stderr.decode()

    @classmethod
    def recording(cls):
        return "".join(json.dumps({"time": t, "src": s, "hex": d.hex()}) + "\n"
                       for t, s, d in list(cls.recorder.packets)).encode()

    @classmethod
    def read_events(cls):
        cls.events, words = cls.run_tool(cls.recording(), "events", "--access", "--counts")
        cls.counts = json.loads(words)

    def of(self, stream, kind):
        return [e for e in self.events if e["stream"] == stream and e["ev"] == kind]

    def test_what_was_opened(self):
        want = collections.Counter()
        for path in self.sizes:
            want["alice", path, True] += 1
            want["bob", path, False] += 2
        opens = self.of("f", "open")
        got = collections.Counter((e["client"]["user"], e["path"], e["rw"]) for e in opens)
        self.assertEqual(got, want)
        traced = collections.Counter((e["client"]["user"], e["path"])
                                     for e in self.of("t", "open"))
        self.assertEqual(traced, collections.Counter(
            {key[:2]: n for key, n in want.items()}))
        for e in opens:
            self.assertEqual(e["filesize"], 0 if e["rw"] else self.sizes[e["path"]])

    def test_what_was_moved(self):
        want, got, traced = (collections.Counter() for _ in range(3))
        for path, size in self.sizes.items():
            want["alice", path] += size
            want["bob", path] += 2 * size
        for e in self.of("f", "close"):
            wrote = e["client"]["user"] == "alice"
            self.assertEqual(e["read"] + e["readv"] if wrote else e["write"], 0)
            self.assertFalse(e["forced"])
            got[e["client"]["user"], e["path"]] += e["read"] + e["readv"] + e["write"]
            if e["ops"]["write"]:
                mean = e["write"] / e["ops"]["write"]
                self.assertLessEqual(mean, e["ops"]["wrmax"])
                self.assertGreaterEqual(e["ssq"]["write"] / e["ops"]["write"],
                                        mean * mean * 0.999)
        for e in self.of("t", "close"):
            traced[e["client"]["user"], e["path"]] += e["read"] + e["write"]
        self.assertEqual(+got, +want)
        self.assertEqual(+traced, +want)

    def test_every_write_was_traced(self):
        wrote = collections.Counter()
        for e in self.of("t", "write"):
            wrote[e["path"]] += e["len"]
        self.assertEqual(+wrote, +collections.Counter(self.sizes))

    def test_accesses(self):
        accesses = self.of("f", "access")
        self.assertEqual(len(accesses), 3 * len(self.sizes))
        self.assertEqual({e["end"] for e in accesses}, {"close"})
        for e in accesses:
            self.assertEqual(e["read"] + e["readv"] + e["write"], self.sizes[e["path"]])

    def test_who_it_was(self):
        users = {e["client"]["user"] for e in self.of("map", "user")}
        self.assertEqual(users, {"alice", "bob", "carol"})
        for e in self.of("map", "user"):
            self.assertEqual(e["client"]["auth"]["p"], "unix")
            self.assertEqual(e["client"]["auth"]["I"], "4")
            self.assertEqual(e["client"]["auth"]["x"], "labwire-test")
        self.assertEqual(len(self.of("f", "disc")), len(self.of("map", "user")))

    def test_which_server_it_was(self):
        for e in self.events:
            self.assertEqual(e["server"]["port"], self.server.port)
            self.assertEqual((e["server"]["site"], e["server"]["inst"],
                              e["server"]["pgm"]), ("LAB", "lab", "xrootd"))
        self.assertEqual(len({e["server"]["sid"] for e in self.events}), 1)

    def test_nothing_is_amiss(self):
        for name in ("lost", "bad_truncated", "bad_malformed", "bad_unknown",
                     "unresolved_paths", "unknown_servers", "restarts"):
            self.assertEqual(self.counts[name], 0, name)
        self.assertEqual(set("=udft") - set(self.counts["packets_by_code"]), set())

    def test_packets_back_to_back_say_the_same(self):
        data = b"".join(p[2] for p in list(self.recorder.packets)
                        if chr(p[2][0]) in "=dfgiprtTuUx")
        got, _ = self.run_tool(data, "events", "--quiet")
        def essence(events):
            return collections.Counter(
                json.dumps({k: e[k] for k in ("stream", "ev", "path", "fileid", "client")
                            if k in e}, sort_keys=True)
                for e in events if e["ev"] not in ("access", "server"))
        self.assertEqual(essence(got), essence(self.events))

    def test_summary(self):
        """Of the users, authentication knows but the one who runs this."""
        me, size = pwd.getpwuid(os.geteuid()).pw_name, sum(self.sizes.values())
        rows, _ = self.run_tool(self.recording(), "summary", "--by", "user")
        self.assertEqual([r["name"] for r in rows], [me, None])
        for row in rows:
            self.assertEqual((row["write_bytes"], row["read_bytes"]), (size, 2 * size))
            self.assertEqual((row["opens"], row["errors"]), (3 * len(self.sizes), 0))


if __name__ == "__main__":
    unittest.main(verbosity=2)
