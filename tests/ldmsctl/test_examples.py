"""The examples, run against the stand-in daemon."""
import os
import subprocess
import unittest

from labwire import BUILD
from ldms_wire import Serve


def run(name, *args, stdin=""):
    program = os.path.join(BUILD, "libldmsctl", "examples", "ldmsctl-" + name)
    return subprocess.run([program, *args], input=stdin, capture_output=True, text=True,
                          timeout=30)


class Examples(unittest.TestCase):
    def test_status(self):
        with Serve() as server:
            done = run("status", "127.0.0.1", str(server.port))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ready", done.stdout)

    def test_status_of_nobody(self):
        done = run("status", "127.0.0.1", "1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot connect to 127.0.0.1:1", done.stderr)

    def test_configure(self):
        lines = "# producers\n\n" + "".join(
            "prdcr_add name=p%d type=active xprt=sock host=127.0.0.1 port=1 "
            "reconnect=20s\n" % i for i in range(300))
        with Serve() as server:
            done = run("configure", "127.0.0.1", str(server.port),
                       stdin=lines + "prdcr_del name=nosuch\nnosuch\n")
            again = run("status", "127.0.0.1", str(server.port))
        self.assertEqual(done.stdout, "301 lines sent, 2 refused\n")
        self.assertIn("refused prdcr_del", done.stderr)
        self.assertIn("no word 'nosuch'", done.stderr)
        self.assertEqual(again.returncode, 0)

    def test_sweep(self):
        with Serve() as a, Serve() as b:
            done = run("sweep", "daemon_status", "127.0.0.1:%d" % a.port,
                       "127.0.0.1:%d" % b.port, "127.0.0.1:1")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.count("ready"), 2, done.stdout)
        self.assertIn("cannot connect", done.stdout)

    def test_uv(self):
        program = os.path.join(BUILD, "libldmsctl", "examples", "ldmsctl-uv")
        if not os.path.exists(program):
            self.skipTest("built without libuv")
        with Serve() as server:
            done = run("uv", "127.0.0.1", str(server.port))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("LDMSD Version", done.stdout)
        self.assertIn("sets", done.stdout)


if __name__ == "__main__":
    unittest.main()
