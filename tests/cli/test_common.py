"""What every tool of the suite does alike: help, version, exit codes, completion, page."""
import os
import re
import subprocess
import sys
import unittest

TOOL, NAME = sys.argv.pop(1), sys.argv.pop(1)
SOURCE = os.environ["LABWIRE_SOURCE"]


def run(*args):
    return subprocess.run([TOOL, *args], capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL, check=False)


class Common(unittest.TestCase):
    def test_help_goes_to_stdout(self):
        got = run("--help")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.assertIn("usage: " + NAME, got.stdout)

    def test_version_goes_to_stdout(self):
        got = run("--version")
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        self.assertRegex(got.stdout, r"^%s \d+\.\d+\.\d+\n$" % NAME)

    def test_help_and_version_stand_behind_other_options(self):
        self.assertEqual(run("--json", "--version").stdout, run("--version").stdout)
        self.assertEqual(run("--json", "--help").stdout, run("--help").stdout)

    def test_misuse_is_2_and_points_at_help(self):
        for args in (["--no-such-option"], ["no-such-command"], []):
            got = run(*args)
            self.assertEqual((got.returncode, got.stdout), (2, ""), args)
            self.assertIn("try '%s --help'" % NAME, got.stderr)

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            got = subprocess.run([TOOL, "--help"], stdout=full, stderr=subprocess.PIPE,
                                 text=True, timeout=20, check=False)
        self.assertEqual(got.returncode, 1)
        self.assertIn("No space left", got.stderr)

    def test_no_server_hides(self):
        """A port that the kernel picked and nobody was told is of no use."""
        if not re.search(r"^  serve ", run("--help").stdout, re.M):
            self.skipTest("it is no server")
        with open("/dev/full", "w") as full:
            got = subprocess.run([TOOL, "serve", "--listen", "0"], stdin=subprocess.DEVNULL,
                                 stdout=full, stderr=subprocess.PIPE, text=True, timeout=20,
                                 check=False)
        self.assertEqual(got.returncode, 1)
        self.assertIn("No space left", got.stderr)

    def test_closed_descriptors(self):
        for closed in (">&-", "<&- >&-", "<&- >&- 2>&-"):
            got = subprocess.run(["sh", "-c", 'exec "$0" --help ' + closed, TOOL],
                                 stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                 timeout=20, check=False)
            self.assertEqual(got.returncode, 1, closed)
            self.assertEqual("Bad file descriptor" in got.stderr, "2>" not in closed)

    def test_commands_are_completed_and_documented(self):
        commands = re.findall(r"^  ([a-z][a-z-]*)(?: |$)", run("--help").stdout, re.M)
        with open(os.path.join(SOURCE, "tools/completions", NAME)) as f:
            completion = f.read()
        with open(os.path.join(SOURCE, "tools/man", NAME + ".1")) as f:
            page = f.read()
        for command in commands:
            self.assertIn(command, completion)
            self.assertIn(command, page)


unittest.main(verbosity=2)
