"""An agent that PCP ships, built unchanged with our library, on every channel that pmcd
knows: pipe, unix, inet and IPv6 sockets, and loaded into pmcd or dbpmda itself."""
import os
import re
import signal
import socket
import subprocess
import unittest

import agents
import labwire

setUpModule = agents.install
COLORS = {"red": "1", "green": "101", "blue": "201"}
QUESTIONS = [
    "desc simple.color", "fetch simple.color simple.numfetch", "instance 253.0",
    "instance 253.1", 'instance 253.0 "blue"', "instance 253.0 9", "text simple.color",
    "text indom 253.0", "label context", "label indom 253.0", "label cluster 253.0",
    "label item 253.0.1", "label instances 253.1", "desc 253.9.9", "fetch 253.9.9",
    'store simple.color "7"', "fetch simple.color", 'store simple.color "256"',
    'store simple.numfetch "-1"', "profile 253.0 none", "profile 253.0 add 1",
    "fetch simple.color", "profile 253.0 all", "fetch simple.color", "close",
]


class Channel(unittest.TestCase):
    def setUp(self):
        self.pcp = agents.Place("simple", True)
        self.addCleanup(self.pcp.__exit__)

    def up(self, kind, *options):
        words = ["simple 253", kind, *self.pcp.command, *options]
        self.pcp.conf.append(" ".join(words))
        self.pcp.start()

    def check_session(self):
        """Values, names of instances, help, stores and labels through PCP's own clients."""
        self.assertEqual(self.pcp.values("simple.color")["simple.color"], COLORS)
        status, text = self.pcp.run("pmstore", "simple.numfetch", "40")
        self.assertEqual((status, text.split()[-1]), (0, "value=40"), text)
        status, text = self.pcp.run("pminfo", "-f", "simple.numfetch", unix=True)
        self.assertIn("value 41", text)
        status, text = self.pcp.run("pmstore", "simple.color", "256")
        self.assertIn("Bad input to pmstore", text)
        status, text = self.pcp.run("pmstore", "-i", "green", "simple.color", "9")
        self.assertEqual(status, 0, text)
        got = self.pcp.values("simple.color")["simple.color"]
        self.assertEqual(got["green"], "10")
        status, text = self.pcp.run("pminfo", "-dtTl", "simple.color", "simple.now")
        self.assertIn("Data Type: 32-bit int  InDom: 253.0", text)
        self.assertIn("[Metrics which increment with each fetch]", text)
        self.assertIn("then back to 0.", text)
        for label in ('"role":"testing"', '"model":"RGB"', '"units":"hour"'):
            self.assertIn(label, text)

    def test_pipe(self):
        self.up("pipe binary")
        self.check_session()

    def test_unix_socket(self):
        path = self.pcp.path("agent.socket")
        self.up("socket unix " + path, "-u", path)
        self.check_session()

    def test_inet_socket(self):
        port = str(labwire.free_port())
        self.up("socket inet " + port, "-i", port)
        self.check_session()

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "no IPv6 here")
    def test_ipv6_socket(self):
        """By hand: pmcd asks for the addresses of localhost, and ::1 need not be one."""
        port = labwire.free_port()
        agent = subprocess.Popen([*self.pcp.command, "-6", str(port)], env=self.pcp.env,
                                 stdin=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        opened = []

        def connects():
            try:
                opened.append(socket.create_connection(("::1", port), 5))
            except ConnectionRefusedError:
                return False
            return True
        labwire.wait_for(connects, "listening agent")
        with opened[0] as pmcd:
            hello = pmcd.recv(20, socket.MSG_WAITALL)
            self.assertEqual(hello[:8].hex(), "000000140000700c")
        self.assertEqual(agent.wait(20), 0)

    # ---- death ----

    def agents_pid(self):
        """Of the agent that pmcd has started last, as pmcd's log has it."""
        found = re.findall(r"^simple +253 +(\d+) ", self.pcp.read("pmcd.log"), re.M)
        return int(found[-1])

    def check_death(self):
        self.check_session()
        first = self.agents_pid()
        os.kill(first, signal.SIGKILL)
        labwire.wait_for(
            lambda: "No PMCD agent" in self.pcp.run("pminfo", "-f", "simple.color")[1],
            "notice of the death")
        self.pcp.conf.append("# read me again")
        self.pcp.reload()
        labwire.wait_for(
            lambda: "value 101" in self.pcp.run("pminfo", "-f", "simple.color")[1],
            "agent that was started again")
        self.assertNotEqual(self.agents_pid(), first)

    def test_death_on_a_pipe(self):
        self.up("pipe binary")
        self.check_death()

    def test_death_on_a_unix_socket(self):
        path = self.pcp.path("agent.socket")
        self.up("socket unix " + path, "-u", path)
        self.check_death()  # the second agent finds the first one's socket, and removes it

    def test_death_on_an_inet_socket(self):
        port = str(labwire.free_port())
        self.up("socket inet " + port, "-i", port)
        self.check_death()

    def test_ends_with_pmcd(self):
        self.up("pipe binary")
        pid = self.agents_pid()
        self.pcp.stop()
        labwire.wait_for(lambda: not os.path.exists("/proc/%d" % pid), "end of the agent")


class SharedObject(unittest.TestCase):
    """pmcd and dbpmda hold PCP's library themselves; the versions of our names keep an
    agent that they load on ours."""

    def setUp(self):
        self.pcp = agents.Place("simple", True)
        self.addCleanup(self.pcp.__exit__)

    def libraries(self):
        """Shared objects in pmcd's memory."""
        with open("/proc/%d/maps" % self.pcp.process.pid) as f:
            return {os.path.basename(line.split()[-1]) for line in f if ".so" in line}

    check_session = Channel.check_session

    def load(self, symbol="simple_init"):
        self.pcp.conf.append("simple 253 dso %s %s" % (symbol, self.pcp.path("pmda_simple.so")))
        self.pcp.start()

    def test_pmcd(self):
        self.pcp.dso(True)
        self.load()
        self.assertTrue([n for n in self.libraries() if n.startswith("libpmdaloop.so")])
        self.check_session()

    def test_pmcd_with_both_libraries(self):
        """Beside an agent on PCP's library, in one process."""
        self.pcp.dso(True)
        with agents.Place("trivial", False) as other:
            self.pcp.agent("trivial 250 dso trivial_init " + other.dso(False),
                           names=other.roots[0])
            self.load()
            names = " ".join(self.libraries())
            self.assertIn("libpmdaloop.so", names)
            self.assertIn("libpcp_pmda.so", names)
            self.check_session()
            self.assertRegex(self.pcp.values("trivial.time")["trivial.time"][None], r"^\d+")

    def test_dbpmda_sees_the_same(self):
        texts = []
        for with_ours in (False, True):
            path = self.pcp.dso(with_ours)
            text = self.pcp.dbpmda(["open dso %s simple_init 253" % path, *QUESTIONS])
            text = re.sub(r"0x[0-9a-f]{6,}", "0xADDR", text)
            texts.append(re.sub(r"timestamp: \S+ \S+", "timestamp", text).splitlines())
        self.assertIn('[  2] inst: 2 name: "blue"', texts[0])
        self.maxDiff = None
        self.assertEqual(*texts)

    def test_no_such_function(self):
        path = self.pcp.dso(True)
        text = self.pcp.dbpmda(["open dso %s complex_init 253" % path])
        self.assertIn("complex_init", text)
        self.load("complex_init")
        self.assertIn("No PMCD agent", self.pcp.run("pminfo", "-f", "simple.color")[1])
        self.assertIn("complex_init", self.pcp.read("pmcd.log"))

    def test_library_out_of_reach(self):
        """Linked with no word of where the library is: refused whole, by its name."""
        self.pcp.env.pop("LD_LIBRARY_PATH", None)  # of the test's own surroundings
        path = self.pcp.dso(True)
        bare = [w for w in agents.OURS if not w.startswith("-Wl,-rpath")]
        subprocess.run(["cc", "-w", "-shared", "-fPIC", "-o", path,
                        "-I" + os.path.join(agents.SOURCES, "simple"),
                        *agents.sources("simple"), *bare], check=True)
        text = self.pcp.dbpmda(["open dso %s simple_init 253" % path])
        self.assertIn("libpmdaloop.so.0: cannot open shared object file", text)
        self.load()
        self.assertIn("No PMCD agent", self.pcp.run("pminfo", "-f", "simple.color")[1])
        self.assertIn("libpmdaloop.so.0", self.pcp.read("pmcd.log"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
