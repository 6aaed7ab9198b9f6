"""xrdmon decode and events against the reference decoding of every capture, value by
value, for every kind of input."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import captures
import labwire

TOOL = labwire.tool("xrdmon")


def run(data, *args):
    with tempfile.NamedTemporaryFile() as f:
        f.write(data)
        f.flush()
        got = subprocess.run([TOOL, *args, f.name], capture_output=True, timeout=60,
                             check=False)
    return got


def objects(test, data, *args):
    got = run(data, *args)
    test.assertEqual((got.returncode, got.stderr), (0, b""))
    text = got.stdout.decode("utf-8")  # valid throughout, whatever the captures hold
    return [json.loads(line) for line in text.split("\n")[:-1]]


class Goldens(unittest.TestCase):
    maxDiff = 4000

    def compare(self, got, want, context):
        for i, (g, w) in enumerate(zip(got, want)):
            # As text, in which 1, 1.0 and true differ.
            g, w = json.dumps(g, sort_keys=True), json.dumps(w, sort_keys=True)
            self.assertEqual(g, w, "%s, object %d" % (context, i))
        self.assertEqual(len(got), len(want), context)

    def test_decode(self):
        compared, values = 0, 0
        for name in captures.names():
            golden = captures.lines(name, ".decode.jsonl")
            for kind, data, held, knows in captures.as_inputs(name):
                want = [{k: v for k, v in golden[i].items()
                         if k in knows or k not in ("time", "src")} for i in held]
                got = objects(self, data, "decode")
                self.compare(got, want, name + " as " + kind)
                compared += len(got)
                values += sum(map(count_values, got))
        print("decode: %d packets, %d values compared" % (compared, values))
        self.assertGreater(compared, 11000)


def count_values(value):
    if isinstance(value, dict):
        return sum(map(count_values, value.values()))
    if isinstance(value, list):
        return sum(map(count_values, value))
    return 1


if __name__ == "__main__":
    unittest.main(verbosity=2)
