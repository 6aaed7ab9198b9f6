"""Debian's tclsh as the pickiest client of `portmgr serve`: 10,000 random names, quoted
by Tcl's own list, there and back byte for byte."""
import subprocess
import unittest

import labwire
import serving

NAMES = 10000


class TclClient(unittest.TestCase):
    def test_names_go_there_and_back(self):
        with serving.Server() as server:
            script = labwire.data("portmgr", "tcl", "client.tcl")
            done = subprocess.run(
                ["tclsh", script, str(server.port), str(NAMES)], timeout=120,
                capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.stdout, "%d names\n" % NAMES)


if __name__ == "__main__":
    labwire.need("tclsh")
    unittest.main()
