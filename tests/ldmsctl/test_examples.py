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
        lines += "setgroup_add name=g\nsetgroup_ins name=g instance=%s\n" % (
            ",".join("node%d/meminfo" % i for i in range(1000)))
        with Serve() as server:
            done = run("configure", "127.0.0.1", str(server.port),
                       stdin=lines + "prdcr_del name=nosuch\nnosuch\n")
            again = run("status", "127.0.0.1", str(server.port))
        self.assertEqual(done.stdout, "303 lines sent, 2 refused\n")
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

    def test_dump(self):
        """A daemon configured with what another one dumped dumps the same."""
        lines = """load name=mem1 plugin=meminfo
prdcr_add name=node02 type=active xprt=sock host=127.0.0.1 port=1 reconnect=1000000
prdcr_add name=n.3 type=active xprt=sock host=127.0.0.1 port=2 reconnect=20s rail=2
prdcr_start name=node02
updtr_add name=u1 interval=1000000 offset=100000
updtr_add name=u2 interval=1000000 auto_interval=true
updtr_add name=u3 interval=1000000 push=onchange
updtr_match_add name=u1 regex=meminfo match=schema
updtr_prdcr_add name=u1 regex=n.*
updtr_start name=u1
load name=store_csv
strgp_add name=st1 plugin=store_csv container=c1 schema=meminfo
strgp_prdcr_add name=st1 regex=.*
strgp_start name=st1
prdcr_listen_add name=pl1 regex=node.*
prdcr_listen_start name=pl1
"""
        dumps = []
        for _ in range(2):
            with Serve() as server:
                port = str(server.port)
                done = run("configure", "127.0.0.1", port, stdin=lines)
                self.assertIn(" 0 refused", done.stdout, done.stderr)
                dump = run("dump", "127.0.0.1", port)
            self.assertEqual(dump.returncode, 0, dump.stderr)
            lines = dump.stdout
            dumps.append(lines.split("\n", 1)[1])
        self.assertEqual(dumps[0], dumps[1])
        for word in ("rail=2", "regex=^n\\.3$", "auto_interval=true", "push=onchange",
                     "strgp_start name=st1", "updtr_match_add name=u1 regex=meminfo"):
            self.assertIn(word, dumps[0])

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
