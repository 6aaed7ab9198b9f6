"""The library's examples, against `portmgr serve`."""
import subprocess
import sys
import unittest

import labwire
import serving

EXAMPLES = {}  # name -> path


def run(name, *arguments):
    return subprocess.run([EXAMPLES[name], *arguments], timeout=30, capture_output=True,
                          text=True, check=False, stdin=subprocess.DEVNULL)


class Examples(unittest.TestCase):
    def test_hold_and_find(self):
        # The port is to be listened on, so it must be one that is free.
        free = labwire.free_port()
        with serving.Server("--ports", "%d-%d" % (free, free)) as server:
            manager = str(server.port)
            holder = subprocess.Popen([EXAMPLES["hold"], "greeter", manager], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                self.assertEqual(int(holder.stdout.readline()), free)
                found = run("find", "localhost", "greeter", manager)
                self.assertEqual((found.returncode, found.stdout), (0, "hello\n"))
                lost = run("find", "localhost", "nobody", manager)
                self.assertEqual(lost.returncode, 1)
                self.assertIn("nobody runs 'nobody'", lost.stderr)
                again = run("hold", "greeter", manager)
                self.assertEqual(again.returncode, 1)
                self.assertIn("the server refused: 'no free ports'", again.stderr)
                server.stop()
                self.assertEqual(holder.wait(timeout=20), 1)
                self.assertIn("lost the connection", holder.stderr.read())
            finally:
                holder.kill()
                holder.communicate()

    def test_uv(self):
        if "uv" not in EXAMPLES:
            self.skipTest("built without libuv")
        with serving.Server("--ports", "43001-43010") as server:
            listed = run("uv", "svc", str(server.port))
            self.assertEqual(listed.returncode, 0, listed.stderr)
            self.assertRegex(listed.stdout, r"^43010 svc \S+\n$")
            server.stop()
            down = run("uv", "svc", str(server.port))
            self.assertEqual(down.returncode, 1)
            self.assertIn("connection refused", down.stderr)


if __name__ == "__main__":
    EXAMPLES.update(argument.split("=", 1) for argument in sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
