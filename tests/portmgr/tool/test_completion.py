"""The bash completion, asked as bash asks it."""
import os
import subprocess
import tempfile
import unittest

import labwire
from serving import PORTMGR, Server, environment

labwire.need("bash")
SCRIPT = os.path.join(labwire.SOURCE, "tools", "completions", "portmgr")


def complete(*words):
    """What is offered for the last of the words."""
    script = """
    . "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _portmgr
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = os.path.dirname(PORTMGR) + ":" + os.environ["PATH"]
    got = subprocess.run(["bash", "-c", script, SCRIPT, "portmgr", *words],
                         capture_output=True, text=True, check=True, timeout=20,
                         env=environment(PATH=path))
    return got.stdout.split("\n")[:-1]


class Completion(unittest.TestCase):
    def test_commands(self):
        self.assertEqual(complete("w"), ["wait", "watch"])

    def test_options_of_a_command(self):
        self.assertEqual(complete("get", "--o"), ["--once", "--or-find"])
        self.assertEqual(complete("-p", "1", "find", "--f"), ["--first", "--format"])

    def test_values(self):
        self.assertEqual(complete("list", "--format", "j"), ["json", "jsonl"])
        self.assertEqual(complete("run", "--on-loss", ""), ["kill", "ignore"])
        self.assertIn("hold-reset", complete("serve", "--fault", "hold-r"))

    def test_every_option_offered_is_one(self):
        for command in "get run list find wait watch serve".split():
            for option in complete(command, "--"):
                if option in ("--", "--help"):
                    continue
                nowhere = ["-p", "1"] + ["-t", "0.2"] * (command != "serve")
                got = subprocess.run([PORTMGR, command, *nowhere, option], capture_output=True,
                                     text=True, check=False, timeout=20,
                                     stdin=subprocess.DEVNULL)
                self.assertNotIn("no option", got.stderr, (command, option))

    def test_services_are_those_listed_and_never_run(self):
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            trap = os.path.join(folder, "trap")
            with server.connect() as s:
                for name in (b"RingMaster", b"Readout", b"{$(touch %s)}" % trap.encode(),
                             b"{R;`touch %s`}" % trap.encode()):
                    s.sendall(b"GIMME " + name + b" fox\n")
                    s.recv(100)
                port = str(server.port)
                self.assertEqual(complete("-p", port, "find", "--service", "Ri"),
                                 ["RingMaster"])
                self.assertEqual(len(complete("-p", port, "find", "--service", "")), 4)
            self.assertFalse(os.path.exists(trap))


unittest.main(verbosity=2)
