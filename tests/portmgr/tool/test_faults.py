"""Each fault of `portmgr serve --fault`, put before the tool: a clear sentence, the right
exit code, within the deadline, in bounded memory."""
import json
import resource
import time
import unittest

from serving import Server, is_sanitized, run

TIMEOUT_S = 0.6  # of the operation, where the server never ends it
PATIENT_S = 15   # where it does, and for a loaded machine
MEMORY = 4 << 20  # heap and all: enough for every list that is allowed to come whole

# Faults of LIST that leave a right answer, and what it is; None where an error is as good.
GOOD = {
    "rows-more": None,
    "rows-endless": None,
    "second-reply": None,
    "early-reply": None,
    "row-nul-in-name": [{"port": 43010, "service": "a\0b", "user": "fox"}],
    "row-nul-escape": [{"port": 43010, "service": "a\0b", "user": "fox"}],
    "row-not-utf8": [{"port": 43010, "service": "\udcff\udcfe\udcc3", "user": "fox"}],
    "row-surrogates": [{"port": 43010, "service": "\udced\udca0\udc80",
                        "user": "\udced\udca0\udc80"}],
    "row-control": [{"port": 43010, "service": "\x1b]0;owned\x07\x1b[2J\x7f\x9b",
                     "user": "fox"}],
    "row-line-feed": [{"port": 43010, "service": "a\n43099 RingMaster root\nb",
                       "user": "fox"}],
    "row-backslashes": [{"port": 43010, "service": "\\" * 30000, "user": "fox"}],
}
REFUSED = {"fail-control"}
ONLY_HOLD = {"hold-close", "hold-reset", "hold-chatter"}


def names():
    lines = run("serve", "--fault", "help").stdout.split("\n")[:-1]
    return {line.split()[0]: line.split(None, 1)[1] for line in lines}


SANITIZED = is_sanitized()


def bound_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def measured(*arguments):
    """Exit code, output, words, seconds. It has no more memory than MEMORY."""
    begin = time.monotonic()
    got = run(*arguments, preexec_fn=None if SANITIZED else bound_memory)
    return got.returncode, got.stdout, got.stderr, time.monotonic() - begin


class Faults(unittest.TestCase):
    def check(self, fault, got, code):
        status, out, words, seconds = got
        print("%-22s %d %5.2f s  %s" % (fault, status, seconds, words.strip()))
        self.assertIn(status, code, got)
        self.assertLess(seconds, TIMEOUT_S + PATIENT_S)
        if status:
            self.assertEqual(out, "")
            self.assertRegex(words, r"^portmgr: .{10,}\n")
        for line in (out + words).split("\n"):
            self.assertTrue(line.replace("\t", "").isprintable(), line)

    @staticmethod
    def to(server, fault):
        is_answered = GOOD.get(fault) or fault in REFUSED
        return ["-p", str(server.port), "-t", str(PATIENT_S if is_answered else TIMEOUT_S)]

    def test_list(self):
        for fault in sorted(set(names()) - ONLY_HOLD):
            with self.subTest(fault=fault), Server("--fault", fault) as server:
                to = self.to(server, fault)
                if fault in GOOD:
                    got = measured(*to, "list", "--json")
                    self.check(fault, got, (0,) if GOOD[fault] else (0, 3))
                    if GOOD[fault]:
                        self.assertEqual(json.loads(got[1]), GOOD[fault])
                        self.check(fault, measured(*to, "list"), (0, 3))
                else:
                    self.check(fault, measured(*to, "list"), (1 if fault in REFUSED else 3,))
                self.assertEqual(server.stop()[0], 0)

    def test_get(self):
        concerned = 0
        for fault in sorted(names()):
            with self.subTest(fault=fault), Server("--fault", fault) as server:
                got = measured(*self.to(server, fault), "get", "--once", "svc")
                if fault in ONLY_HOLD or got[0] == 0:
                    # A fault of LIST alone; or of what comes after the port.
                    self.assertEqual(got[0], 0, got)
                    continue
                concerned += 1
                self.check(fault, got, (1 if fault in REFUSED else 3,))
        self.assertGreaterEqual(concerned, 40)

    def test_hold(self):
        for fault in sorted(ONLY_HOLD | {"second-reply"}):
            with self.subTest(fault=fault), Server("--fault", fault) as server:
                got = measured("-p", str(server.port), "-t", "18", "get", "svc")
                status, out, words, seconds = got
                print("%-22s %d %5.2f s  %s" % (fault, status, seconds, words.strip()))
                self.assertEqual(status, 3, got)
                self.assertLess(seconds, 17)
                self.assertTrue("is lost" in words or out == "", got)

    def test_every_row_is_named_once(self):
        self.assertGreaterEqual(len(names()), 75)
        self.assertTrue(set(GOOD) | REFUSED | ONLY_HOLD <= set(names()))

    def test_no_such_fault(self):
        got = run("serve", "--fault", "none")
        self.assertEqual((got.returncode, got.stdout), (2, ""))


unittest.main(verbosity=2)
