"""pmdaloop bench: figures that hang together."""
import json
import os
import sys
import unittest

import agents
import labwire

ALL, EXAMPLE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))


class Bench(unittest.TestCase):
    def rows(self, *args):
        got = agents.run("bench", "--seconds", "0.1", "--json", *args)
        self.assertEqual(got.returncode, 0, got.stderr)
        rows = {row["question"]: row for row in json.loads(got.stdout)}
        for row in rows.values():
            self.assertGreater(row["round_trips"], 0)
            self.assertGreater(row["per_second"], 0)
            self.assertLessEqual(0, row["p50_us"])
            self.assertLessEqual(row["p50_us"], row["p99_us"])
            self.assertLessEqual(row["p99_us"], row["max_us"])
        return rows

    def test_of_all_metrics(self):
        rows = self.rows("--", EXAMPLE)
        self.assertEqual([(r["metrics"], r["values"]) for r in rows.values()],
                         [(1, 0), (1, 1), (2, 3)])
        for row in rows.values():
            cpu = row["agent_cpu_us"]  # null where the system does not tell
            self.assertTrue(cpu is None or 0 <= cpu <= row["max_us"])

    def test_of_many(self):
        rows = self.rows("--metrics", "100", "--", EXAMPLE)
        self.assertEqual((rows["metrics"]["metrics"], rows["metrics"]["values"]), (100, 150))

    def test_of_some_instances(self):
        rows = self.rows("--instances", "7", "-m", "all.many", "--", ALL)
        self.assertEqual(rows["one metric"]["values"], 7)

    def test_over_a_socket(self):
        where = "inet:%d" % labwire.free_port()
        self.assertEqual(len(self.rows("-s", where, "--", EXAMPLE, where)), 3)

    def test_text(self):
        got = agents.run("bench", "--seconds", "0.05", "--", EXAMPLE)
        self.assertEqual(got.returncode, 0, got.stderr)
        lines = got.stdout.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertIn("agent's CPU us", lines[0])

    def test_complaints(self):
        for args in (["--metrics", "0", "--", "x"], ["--seconds", "-1", "--", "x"], []):
            self.assertEqual(agents.run("bench", *args).returncode, 2)
        got = agents.run("bench", "--instances", "1", "-m", "example.fetched", "--", EXAMPLE)
        self.assertEqual(got.returncode, 1)
        self.assertIn("no metric of the agent has instances", got.stderr)
        self.assertEqual(agents.run("bench", "--", "false").returncode, 3)


unittest.main(verbosity=2)
