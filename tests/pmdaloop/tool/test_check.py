"""pmdaloop check: our agents pass, and agents with known faults are told of them."""
import json
import os
import sys
import unittest

import agents

ALL, EXAMPLE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))

# An agent in Python with one metric, 77.0.0, that does as the protocol says but where
# FAULT, a statement run for each PDU, has it otherwise.
AGENT = '''
import os, sys, struct
def read(n):
    data = b""
    while len(data) < n:
        more = os.read(0, n - len(data))
        if not more: sys.exit(0)
        data += more
    return data
def send(kind, body):
    os.write(1, struct.pack(">iii", 12 + len(body), kind, 0) + body)
def error(code): send(0x7000, struct.pack(">i", code))
def refuse(): error(-12366)
send(0x700c, struct.pack(">iI", 1, 0x01020000))
read(20)
while True:
    size, kind, _ = struct.unpack(">iii", read(12))
    if not 12 <= size < 1 << 20 or kind <= 0: sys.exit(0)
    body = read(size - 12)
    {fault}
    if kind == 0x7004:
        if len(body) != 4: refuse()
        elif body == bytes.fromhex("13400000"):
            send(0x7005, body + struct.pack(">iiii", 0, -1, 3, 0))
        else: error(-12358)
    elif kind == 0x7003:
        n = struct.unpack(">i", body[12:16])[0] if len(body) >= 16 else -1
        if n < 0 or len(body) != 16 + 4 * n: refuse()
        else:
            sets = b"".join(body[16 + 4 * i:20 + 4 * i] + struct.pack(">i", -12358) for i in range(n))
            send(0x7001, bytes(8) + struct.pack(">i", n) + sets)
    elif kind == 0x7006: error(-12359)
    elif kind in (0x7001, 0x7008, 0x7012): error(-12349)
    elif kind in (0x700e, 0x700f, 0x7010): error(-12357)
    elif kind == 0x700d: error(-12358)
'''


def check(*args, **options):
    return agents.run("check", *args, timeout=300, **options)


class OurAgents(unittest.TestCase):
    def passes(self, *agent):
        got = check("--json", "--", *agent)
        self.assertEqual((got.returncode, got.stderr), (0, ""), got.stdout)
        said = json.loads(got.stdout)
        self.assertEqual((said["failed"], said["warned"]), (0, 0))
        self.assertGreater(said["passed"], 500)
        self.assertEqual(said["passed"], len(said["trials"]))
        self.assertLess(said["restarts"], 15)  # heads that are none end the session

    def test_the_example(self):
        self.passes(EXAMPLE)

    def test_all_types(self):
        self.passes(ALL)

    def test_text(self):
        got = check("--", EXAMPLE)
        self.assertEqual(got.returncode, 0, got.stderr)
        last = got.stdout.splitlines()[-1]
        self.assertRegex(last, r"^\d+ passed, 0 warned, 0 failed; the agent was started again")
        got = check("-v", "--", EXAMPLE)
        self.assertIn("  pass  metrics: description of example.fetched\n", got.stdout)


class Faults(unittest.TestCase):
    def faults(self, fault, *more):
        got = check("--format=jsonl", "-m", "77.0.0", "-d", "77", *more, "--",
                    sys.executable, "-c", AGENT.replace("{fault}", fault))
        trials = [json.loads(line) for line in got.stdout.splitlines()]
        bad = [t for t in trials if t["verdict"] == "fail"]
        self.assertEqual(got.returncode, 1 if bad else 0, got.stderr)
        self.assertGreater(len(trials), 500)
        return bad

    def test_none(self):
        self.assertEqual(self.faults("pass"), [])

    def test_answers_what_no_answer_is_due_to(self):
        bad = self.faults("if kind == 0x700a: refuse()")
        self.assertEqual([t["trial"] for t in bad], ["type CONTROL_REQ, never used"])
        self.assertIn("no answer is due to", bad[0]["why"])

    def test_answers_twice(self):
        bad = self.faults("if kind == 0x7008 and len(body) == 8 and body[7] == 10: error(-1)")
        self.assertEqual([t["group"] for t in bad], ["help"])
        self.assertIn("out of step", bad[0]["why"])

    def test_dies(self):
        bad = self.faults("if kind == 0x7010 and len(body) == 1: os.abort()")
        self.assertEqual([t["trial"] for t in bad], ["13 bytes of 32"])
        self.assertIn("signal 6", bad[0]["why"])

    def test_hangs(self):
        bad = self.faults("if kind == 0x7010 and len(body) == 1: continue")
        self.assertIn("no answer within 5000 ms", bad[0]["why"])
        self.assertEqual(len(bad), 1)

    def test_answers_of_a_wrong_type(self):
        bad = self.faults("if kind == 0x7012: kind = 0; send(0x7009, bytes(8))")
        self.assertIn("of type 0x7009, not 0x7013", bad[0]["why"])

    def test_malformed_answers(self):
        bad = self.faults("if kind == 0x7012: kind = 0; send(0x7013, bytes(4))")
        self.assertIn("malformed", bad[0]["why"])

    def test_leaks(self):
        bad = self.faults("if kind == 0x7003: globals().setdefault('kept', []).append(b'x' * 4096 + body)")
        self.assertEqual([t["group"] for t in bad], ["memory"])
        self.assertRegex(bad[0]["why"], "grows by some [1-9]\d* bytes with each fetch")

    def test_profiles_are_not_heeded(self):
        """A metric with the instances 0 and 1, and values for both whatever is wanted."""
        bad = self.faults("\n    ".join((
            "one, indom = bytes.fromhex('13400000'), 77 << 22",
            "if kind == 0x7004 and body == one:",
            "    kind = 0; send(0x7005, body + struct.pack('>iIii', 0, indom, 3, 0))",
            "if kind == 0x7006 and body == one + bytes(8) + b'\\xff' * 4 + bytes(4):",
            "    kind = 0; send(0x7007, struct.pack('>Iiii4sii4s', indom, 2, 0, 1, b'a', 1, 1, b'b'))",
            "if kind == 0x7003 and body[12:] == struct.pack('>i', 1) + one:",
            "    kind = 0; send(0x7001, bytes(8) + struct.pack('>iIiiiiii', 1, indom, 2, 0, 0, 5, 1, 6))")))
        self.assertLessEqual({"one instance alone", "all instances but one",
                              "no instance, and all again"}, {t["trial"] for t in bad}, bad)

    def test_a_store_into_nothing_is_done(self):
        bad = self.faults("if kind == 0x7001: kind = 0; error(0)")
        self.assertEqual(bad[0]["trial"], "store into what is not there")


class Misuse(unittest.TestCase):
    def test_misuse(self):
        for args in ([], ["--bad", "--", "x"], ["-s", "inet:1"]):
            self.assertEqual(check(*args).returncode, 2)

    def test_no_agent(self):
        self.assertEqual(check("--", "/no/such/agent").returncode, 3)
        self.assertEqual(check("--", "false").returncode, 3)


unittest.main(verbosity=2)
