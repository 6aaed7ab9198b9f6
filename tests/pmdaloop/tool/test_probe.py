"""pmdaloop probe: what it shows of our agents, and what it says of agents that do not
behave."""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import agents
import labwire

ALL, EXAMPLE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))

HELLO = bytes.fromhex("00000014 0000700c 00000001 00000001 01020000")

# The first words: pmcd's version, 20 bytes, its profile, 28, and a question, 20.
AFTER_A_QUESTION = "n = 0\nwhile n < 68:\n n += len(os.read(0, 100))\n"


def script(body):
    """An agent in three lines of Python, which has greeted."""
    return [sys.executable, "-c", "import os, sys, time\nos.write(1, %r)\n%s" % (HELLO, body)]


class Shows(unittest.TestCase):
    def metrics(self, *args):
        got = agents.run("probe", "--json", *args)
        self.assertEqual(got.returncode, 0, got.stderr)
        return {m["name"]: m for m in json.loads(got.stdout)["metrics"]}

    def test_the_example_in_text(self):
        got = agents.run("probe", "--", EXAMPLE)
        self.assertEqual(got.returncode, 0, got.stderr)
        for words in ("\nexample.fetched [fetches of this]\n",
                      "    Data Type: 64-bit unsigned int  InDom: PM_INDOM_NULL 0xffffffff\n"
                      "    Semantics: counter  Units: count\n",
                      "Help:\nfetches of this\n    value 1\n",
                      '    inst [0 or "wall clock"] value 1',
                      '    labels {"agent":"example"}\n'):
            self.assertIn(words, got.stdout)

    def test_values_of_each_type(self):
        got = self.metrics("--metric", "all.kind", "--", ALL)
        for name, value in {"i32": -32, "u32": 4000000000, "i64": -5000000000,
                            "u64": 18446744073709551615, "f32": 0.25, "f64": -1e100,
                            "string": "forty-two", "aggregate": "deadbeef01",
                            "static": "deadbeef01"}.items():
            self.assertEqual(got["all.kind." + name]["values"], [{"value": value}], name)
        point, missed = got["all.kind.event"]["values"][0]["value"]
        self.assertEqual([p["value"] for p in point["parameters"]], ["a word", -7])
        self.assertEqual(missed["missed"], 3)
        self.assertIn("permission", got["all.kind.refused"]["error"])
        self.assertEqual(got["all.kind.none"]["values"], [])
        self.assertNotIn("error", got["all.kind.none"])

    def test_descriptions_and_labels(self):
        got = self.metrics("-m", "all.thing.rate", "-m", "all.letter", "--",
                           ALL)
        rate, letter = got["all.thing.rate"], got["all.letter"]
        self.assertEqual((rate["type"], rate["semantics"], rate["units"], rate["indom"]),
                         ("U64", "counter", "Kbyte / sec", "240.0"))
        self.assertEqual(letter["labels"], {"agent": "all", "nested": {"deep": [1, 2]},
                                            "alphabet": "greek", "size": 24, "written": True})
        self.assertEqual([(v["inst"], v["name"], v["value"]) for v in letter["values"]],
                         [(0, "alpha one", "a"), (1, "beta two", "b")])

    def test_a_line_each(self):
        got = agents.run("probe", "--format=jsonl", "--", EXAMPLE)
        self.assertEqual([json.loads(line)["pmid"] for line in got.stdout.splitlines()],
                         ["250.0.0", "250.0.1"])

    def test_over_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "agent")
            for where in ("unix:" + path, "inet:%d" % labwire.free_port()):
                got = self.metrics("--socket", where, "--", EXAMPLE, where)
                self.assertEqual(len(got["example.time"]["values"]), 2)
            self.assertEqual(os.listdir(folder), [])

    def test_an_agent_that_listens_already(self):
        port = labwire.free_port()
        agent = subprocess.Popen([EXAMPLE, "inet:%d" % port], stderr=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)

        def shows():
            got = agents.run("probe", "--json", "--socket", "inet:%d" % port)
            return got.returncode == 0 and json.loads(got.stdout)["metrics"]
        labwire.wait_for(shows, "listening agent")
        self.assertEqual(agent.wait(20), 0)

    def test_an_agent_that_is_not_ready_yet(self):
        start = time.monotonic()
        self.assertEqual(self.metrics("-m", "all.kind.i32", "--", ALL, "-n")
                         ["all.kind.i32"]["values"], [{"value": -32}])
        self.assertGreaterEqual(time.monotonic() - start, 0.5)

    def test_names_from_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "more"), "w") as f:
                f.write("#define ALL 240\na.b { /* the\n last */ big ALL:0:3 }\n")
            path = os.path.join(folder, "pmns")
            with open(path, "w") as f:
                f.write('#include <stdpmid>\nroot { a dyn }\na { small 240:0:0 b }\n'
                        '#include "more"\n')
            got = self.metrics("--pmns", path, "--", ALL)
            self.assertEqual({n: m["pmid"] for n, m in got.items()},
                             {"a.small": "240.0.0", "a.b.big": "240.0.3"})
            self.assertEqual(list(self.metrics("-n", path, "-m", "a.b", "--", ALL)),
                             ["a.b.big"])
            with open(path, "w") as f:
                f.write("root { example 250:*:* }\n")
            got = self.metrics("--pmns", path, "--", EXAMPLE)
            self.assertEqual(list(got), ["example.fetched", "example.time"])
            for text, why in (("root { a }\na { x Y:0:1 }\n", "pmns:2: not the number"),
                              ("a {\n", "no end of the block"), ("}", "no block ends"),
                              ("a { x 1:2:1024 }", "not the number"),
                              ('#include "pmns"\n', "symbolic links"),
                              ('#include "nothing"\n', "No such file")):
                with open(path, "w") as f:
                    f.write(text)
                got = agents.run("probe", "--pmns", path, "--", EXAMPLE)
                self.assertEqual(got.returncode, 1)
                self.assertIn(why, got.stderr)


class Complains(unittest.TestCase):
    def check(self, args, status, words, timeout=60):
        got = agents.run("probe", *args, timeout=timeout)
        self.assertEqual(got.returncode, status, got.stderr)
        self.assertEqual(got.stdout, "")
        for word in words:
            self.assertIn(word, got.stderr)
        self.assertTrue(any(line.startswith("pmdaloop: ") for line in got.stderr.split("\n")))

    def test_misuse(self):
        for args, words in ((["probe"], "no agent"), (["probe", "x", "--", "y"], "'x'"),
                            (["probe", "-t", "no", "--", "y"], "--timeout"),
                            (["probe", "--bad", "--", "y"], "no option '--bad'"),
                            (["probe", "-d", "511", "--", "y"], "--domain"),
                            (["probe", "--format", "xml", "--", "y"], "xml"), ([], "no command")):
            got = agents.run(*args)
            self.assertEqual(got.returncode, 2, got.stderr)
            self.assertIn(words, got.stderr)

    def test_no_such_program(self):
        self.check(["--", "/no/such/agent"], 3, ["cannot start '/no/such/agent'"])

    def test_exits_at_once(self):
        self.check(["--", "sh", "-c", "exit 7"], 3, ["it has ended with status 7"])
        self.check(["-s", "inet:%d" % labwire.free_port(), "--", "sh", "-c", "exit 7"], 3,
                   ["does not listen", "it has ended with status 7"])

    def test_garbage(self):
        self.check(["--", "echo", "Hello, I am no agent of yours"], 3, ["no PDU"])
        self.check(["--", "printf", "\\0\\0\\0\\020\\0\\0\\160\\0\\0\\0\\0\\0\\0\\0\\0\\0"], 3,
                   ["no version"])

    def test_never_speaks(self):
        self.check(["-t", "0.3", "--", "sleep", "60"], 3, ["no version", "300 ms"], timeout=20)

    def test_never_listens(self):
        self.check(["-t", "0.3", "-s", "inet:%d" % labwire.free_port(), "--", "sleep", "60"], 3,
                   ["cannot connect", "refused"], timeout=20)

    # What is to be waited for in vain is not the start of a program too.

    def test_never_answers(self):
        self.check(["-t", "0.7", "-s", listening_agent(to_the_end)], 3,
                   ["no reply within 700 ms"], timeout=20)

    def test_is_never_ready(self):
        def refuse(conn):
            conn.recv(28 + 20, socket.MSG_WAITALL)  # a profile, and a question
            conn.sendall(pdu(0x7000, (-13394).to_bytes(4, "big", signed=True)))
            to_the_end(conn)
        self.check(["-t", "0.7", "-s", listening_agent(refuse)], 3,
                   ["not ready after 700 ms"], timeout=20)

    def test_dies_when_asked(self):
        self.check(["--", *script("sys.stdin.buffer.raw.read(20)\nos.kill(os.getpid(), 9)")], 3,
                   ["signal 9"])

    def test_knows_no_names(self):
        error = bytes.fromhex("00000010 00007000 00000000") + (-12357).to_bytes(
            4, "big", signed=True)
        self.check(["--", *script(AFTER_A_QUESTION + "os.write(1, %r)\nos.read(0, 1)" % error)], 1,
                   ["does not tell the names", "--pmns FILE", "DOMAIN.CLUSTER.ITEM"])

    def test_no_such_metric(self):
        self.check(["-m", "all.nothing", "--", ALL], 1, ["no metric 'all.nothing'"])
        got = agents.run("probe", "-m", "240.99.0", "--", ALL)
        self.assertEqual(got.returncode, 1)
        self.assertIn("240.99.0\nError: Unknown or illegal metric identifier", got.stdout)

    def test_text_cannot_drive_a_terminal(self):
        got = agents.run("probe", "-s", listening_agent(hostile_names))
        self.assertNotIn("\x1b", got.stdout + got.stderr)
        self.assertIn("\\x1b[31m", got.stdout + got.stderr)


def listening_agent(talk):
    """An agent in a thread, for one session: it greets, and talks on. Where it listens."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener:
            conn, _ = listener.accept()
        with conn:
            conn.settimeout(20)
            conn.sendall(HELLO)
            conn.recv(20, socket.MSG_WAITALL)
            talk(conn)
    threading.Thread(target=serve, daemon=True).start()
    return "inet:%d" % listener.getsockname()[1]


def to_the_end(conn):
    while conn.recv(4096):
        pass


def pdu(kind, body):
    return (12 + len(body)).to_bytes(4, "big") + kind.to_bytes(4, "big") + bytes(4) + body


def hostile_names(conn):
    """One metric, whose name has an escape in it, and no description."""
    name = b"\x1b[31mred"
    words = [len(name) + 1, 0, 1, len(name)]
    names = b"".join(w.to_bytes(4, "big") for w in words) + name
    while True:
        head = conn.recv(12, socket.MSG_WAITALL)
        if len(head) < 12:
            return
        conn.recv(int.from_bytes(head[:4], "big") - 12, socket.MSG_WAITALL)
        kind = int.from_bytes(head[4:8], "big")
        if kind == 0x7010:
            conn.sendall(pdu(0x700e, names))
        elif kind == 0x700e:
            conn.sendall(pdu(0x700d, bytes(4) + (1).to_bytes(4, "big") + bytes(4)))
        elif kind != 0x7002:
            conn.sendall(pdu(0x7000, (-12358).to_bytes(4, "big", signed=True)))


unittest.main(verbosity=2)
