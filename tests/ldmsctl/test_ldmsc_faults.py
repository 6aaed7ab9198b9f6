"""ldmsc against each thing that a broken or hostile daemon might do: it ends in time, by
the right exit code, with a sentence that says what it was, in bounded memory; and no
control character reaches the terminal."""
import os
import resource
import subprocess
import tempfile
import time
import unittest

from labwire import tool
from ldms_wire import SEND_MSG, Serve, Wire, attributes, ldms, record

DONE, LOST = 0, 3
GREETING = 1
STATE = '{"state":"ready"}'

# fault: exit code, what must be said; further arguments of ldmsc
ROWS = {
    "silent-connect": (LOST, "took the connection and did not answer within"),
    "downgrade": (LOST, "authenticat", ["-a", "ovis"]),
    "other-version": (LOST, "another version"),
    "short-hello": (LOST, "too few bytes"),
    "reject-no-nul": (LOST, "rejected the connection: go away"),
    "reject-long": (LOST, "rejected the connection: xxx"),
    "reject-escapes": (LOST, r"\x1b]0;owned\a\x1b[31mno"),
    "close-at-connect": (LOST, "closed the connection"),
    "silent-auth": (LOST, "it did not answer within", ["-a", "naive"]),
    "reflect": (LOST, "authentication ovis failed", ["-a", "ovis"]),
    "wrong-proof": (LOST, "does not know our secret", ["-a", "ovis"]),
    "auth-garbage": (LOST, "authentication naive failed", ["-a", "naive"]),
    "short-frame": (LOST, "no message of the transport"),
    "long-frame": (LOST, "no message of the transport"),
    "drip": (LOST, "did not answer daemon_status within"),
    "data-len": (LOST, "no message of the transport"),
    "ldms-len": (LOST, "lengths disagree"),
    "msg-len": (LOST, "lengths disagree"),
    "rec-len": (LOST, "lengths disagree"),
    "attr-len": (LOST, "attributes are broken"),
    "zap-type": (LOST, "no message of the transport"),
    "ldms-command": (DONE, STATE),
    "no-terminator": (LOST, "attributes are broken"),
    "early-terminator": (DONE, STATE),
    "endless": (LOST, "longer than is allowed"),
    "endless-empty": (LOST, "longer than is allowed"),
    "many-attributes": (LOST, "attributes are broken"),
    "som-twice": (LOST, "out of turn"),
    "no-som": (LOST, "out of turn"),
    "msg-no": (LOST, "did not answer daemon_status"),
    "status-changes": (DONE, STATE),  # the last one counts
    "marker": (LOST, "lengths disagree"),
    "requests": (LOST, "did not answer daemon_status"),
    "dir-flood": (LOST, "did not answer daemon_status"),
    "set-delete-flood": (LOST, "did not answer daemon_status"),
    "dir-more": (LOST, "longer than is allowed"),
    "json-deep": (DONE, "[[[["),
    "json-bad-escape": (DONE, r'{"state":"\q"}'),
    "json-bad-utf8": (DONE, r'{"state":"\xff\xfe"}'),
    "json-quotes": (DONE, '{"state":"a"b"}'),
    "json-numbers": (DONE, '{"state":007}'),
    "escapes": (DONE, r"\x1b]0;owned\a\x1b[2J\x1b[31mred\x9b31m\r"),
    "odd-xid": (DONE, STATE),
    "memory": (DONE, STATE),
    "silent": (LOST, "did not answer daemon_status"),
    "half-close": (LOST, "closed the connection"),
    "reset": (LOST, "reset by peer"),
    "close-inside": (LOST, "within a message"),
    "close-after": (DONE, STATE),
    "split": (DONE, STATE),
    "together": (DONE, STATE),
    "reorder": (LOST, "did not answer daemon_status"),
    "delay": (LOST, "did not answer daemon_status"),
    "legacy": (DONE, STATE),
    "small-records": (DONE, STATE),
}
# These need somebody else, and have tests of their own.
ELSEWHERE = {"munge-replay"}
MOST_RESIDENT = 96 << 20
DELAY_S = "50"  # of the fault that goes by it
LIMIT_S = 40    # far below any wait that is not ended early


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.secret = cls.folder.name + "/secret"
        with open(cls.secret, "w") as f:
            f.write("secretword=throwaway0secret\n")
        os.chmod(cls.secret, 0o600)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_one(self, fault, method, words, auth=()):
        """A daemon that says nothing is given up soon, any other has time; and so has the
        former where the machine is too busy to come to that point soon."""
        if "ovis" in auth:
            auth = [*auth, "-A", "conf=" + self.secret]
        if "did not answer" not in words:
            return self.run_within("50", fault, method, auth)
        got = self.run_within("0.8", fault, method, auth)
        if words in got[2].decode():
            return got
        return self.run_within("10", fault, method, auth)

    def run_within(self, limit_s, fault, method, auth):
        with Serve("--fault", fault, "--delay", DELAY_S, *auth) as server:
            begun = time.monotonic()
            child = subprocess.Popen(
                [tool("ldmsc"), "-h", "127.0.0.1", "-p", str(server.port), "-t", limit_s,
                 *auth, *method], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out, err = child.communicate(timeout=60)
            took = time.monotonic() - begun
            self.assertEqual(server.stop(), 0)
        return child.returncode, out, err, took

    def test_every_fault_is_tried(self):
        listed = subprocess.run([tool("ldmsc"), "serve", "--faults"], text=True,
                                stdout=subprocess.PIPE, check=True).stdout
        names = {line.split()[0] for line in listed.splitlines()}
        self.assertEqual(names, set(ROWS) | ELSEWHERE)

    def test_text(self):
        for fault, row in ROWS.items():
            code, words, auth = (*row, [])[:3]
            method = ["dir_list"] if fault == "dir-more" else ["daemon_status"]
            with self.subTest(fault):
                got, out, err, took = self.run_one(fault, method, words, auth)
                self.assertEqual(got, code, (out[:300], err[:300]))
                self.assertIn(words, (out if code == DONE else err).decode())
                self.assertEqual(err if code == DONE else out, b"")
                self.assertLess(took, LIMIT_S)
                for text in (out, err):
                    text.decode()  # is UTF-8
                    self.assertFalse([c for c in text if c < 32 and c != 10])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        with open(tool("ldmsc"), "rb") as f:
            if b"__asan_init" not in f.read():  # whose shadow counts too
                self.assertLess(peak, MOST_RESIDENT)
        print("%d faults; no process was larger than %d MiB" % (len(ROWS), peak >> 20))

    def test_json_stays_json(self):
        import json
        for fault in ("escapes", "json-deep", "json-bad-escape", "json-bad-utf8",
                      "json-quotes", "json-numbers", "reject-escapes", "silent"):
            with self.subTest(fault):
                _, out, err, _ = self.run_one(fault, ["--json", "daemon_status"],
                                             "did not answer" if fault == "silent" else "")
                answer = json.loads(out)
                self.assertEqual(set(answer), {"host", "port", "method", "status",
                                               "message", "data"})
                self.assertFalse(isinstance(answer["data"], (dict, list)))

    def test_directories(self):
        for fault, words in (("silent", "did not answer"), ("reset", "reset"),
                             ("json-quotes", ""), ("close-inside", "within"),
                             ("ldms-len", "lengths"), ("dir-flood", "did not answer")):
            with self.subTest(fault):
                code, _, err, took = self.run_one(fault, ["dir_list"], words)
                self.assertEqual(code, LOST, err)
                self.assertIn(words, err.decode())
                self.assertLess(took, LIMIT_S)

    def test_dumps(self):
        for fault, words in (("silent", "did not answer"), ("close-inside", "within"),
                             ("json-deep", "is not JSON"), ("json-quotes", "is not JSON"),
                             ("dir-more", "answer to dir_list: it is longer")):
            with self.subTest(fault):
                code, out, err, took = self.run_one(fault, ["dump"], words)
                self.assertEqual((code, out), (LOST, b""), err)
                self.assertIn(words, err.decode())
                self.assertLess(took, LIMIT_S)

    def test_floods_are_of_one_turn_each(self):
        """However fast the client reads: the stand-in stays alive on a small stack."""
        small = 512 << 10, resource.getrlimit(resource.RLIMIT_STACK)[1]
        usual = resource.getrlimit(resource.RLIMIT_STACK)
        for fault in ("dir-flood", "requests", "set-delete-flood"):
            with self.subTest(fault):
                resource.setrlimit(resource.RLIMIT_STACK, small)
                try:
                    server = Serve("--fault", fault)
                finally:
                    resource.setrlimit(resource.RLIMIT_STACK, usual)
                with server:
                    with Wire(server.port) as w:
                        w.send(ldms(SEND_MSG, record(GREETING, attributes([]), 1)))
                        left = 64 << 20
                        while left > 0:
                            got = len(w.socket.recv(1 << 20))
                            self.assertGreater(got, 0, "with %d bytes to go" % left)
                            left -= got
                    self.assertEqual(server.stop(), 0)

    def test_answers_out_of_order_find_their_requests(self):
        with Serve("--fault", "reorder") as server, \
                tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            script = "prdcr_add name=%s type=active xprt=sock host=h port=1 reconnect=1s\n"
            file.write("".join(script % n for n in "abab"))
            file.flush()
            got = subprocess.run([tool("ldmsc"), "-h", "127.0.0.1", "-p", str(server.port),
                                  "-t", "5", "source", file.name], text=True, timeout=20,
                                 check=False, capture_output=True)
            self.assertEqual(got.returncode, 1)
            self.assertIn(".conf:3: ", got.stderr)  # the first that is there already


if __name__ == "__main__":
    unittest.main(verbosity=2)
