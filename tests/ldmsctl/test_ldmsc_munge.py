"""A real munged between ldmsc and its stand-in: both get in by it, and nothing else."""
import os
import subprocess
import tempfile
import unittest

from labwire import need, wait_for
from ldms_wire import Serve
from ldmsc_tool import add, data, ldmsc

need("munged")
MUNGED = "/usr/sbin/munged"


class Munge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        os.chmod(cls.folder.name, 0o755)
        cls.daemons = []
        cls.sockets = [cls.start("one"), cls.start("two")]

    @classmethod
    def start(cls, name):
        """A munged with a key of its own."""
        place = os.path.join(cls.folder.name, name)
        os.mkdir(place)
        os.chmod(place, 0o755)
        key = place + "/key"
        with open(key, "wb") as f:
            f.write(os.urandom(128))
        os.chmod(key, 0o400)
        log = open(place + "/log", "w")
        cls.daemons.append(subprocess.Popen(
            [MUNGED, "--foreground", "--force", "--socket=" + place + "/socket",
             "--key-file=" + key, "--pid-file=" + place + "/pid",
             "--log-file=" + place + "/munged.log", "--seed-file=" + place + "/seed"],
            stdout=log, stderr=log))
        wait_for(lambda: os.path.exists(place + "/socket"), "munged")
        return place + "/socket"

    @classmethod
    def tearDownClass(cls):
        for daemon in cls.daemons:
            daemon.terminate()
            daemon.wait(timeout=20)
        cls.folder.cleanup()

    def ways(self, which):
        return ["-a", "munge", "-A", "socket=" + self.sockets[which]]

    def test_gets_in(self):
        with Serve(*self.ways(0)) as server:
            for _ in range(3):
                self.assertEqual(ldmsc(*self.ways(0), "daemon_status", port=server.port),
                                 (0, '{"state":"ready"}\n', ""))
            self.assertEqual(ldmsc(*self.ways(0), *add("a"), port=server.port)[0], 0)
            self.assertEqual(data(*self.ways(0), "prdcr_status",
                                  port=server.port)[0]["name"], "a")

    def test_another_key_does_not(self):
        with Serve(*self.ways(0)) as server:
            code, out, err = ldmsc(*self.ways(1), "daemon_status", port=server.port)
            self.assertEqual((code, out), (3, ""))
            self.assertIn("munge", err)

    def test_no_munged(self):
        with Serve(*self.ways(0)) as server:
            code, out, err = ldmsc("-a", "munge", "-A", "socket=/nonexistent/munge",
                                   "daemon_status", port=server.port)
            self.assertEqual((code, out), (3, ""))
            self.assertIn("munge", err)

    def test_a_replayed_credential_is_refused(self):
        with Serve("--fault", "munge-replay", *self.ways(0)) as server:
            code, out, err = ldmsc(*self.ways(0), "-t", "20", "daemon_status",
                                   port=server.port)
            self.assertEqual((code, out), (3, ""))
            self.assertIn("munge", err)

    def test_a_fleet(self):
        with Serve("--count", "20", *self.ways(0)) as server:
            hosts = ",".join("127.0.0.1:%d" % p for p in server.ports)
            code, out, _ = ldmsc("--hosts", hosts, *self.ways(0), "daemon_status")
            self.assertEqual((code, out.count("\tok\t")), (0, 20))


if __name__ == "__main__":
    unittest.main(verbosity=2)
