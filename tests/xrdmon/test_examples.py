"""The examples, over recordings."""
import json
import os
import re
import socket
import subprocess
import unittest

import labwire


def example(name):
    return os.path.join(labwire.BUILD, "libxrdmon", "examples", "xrdmon-" + name)


def capture(name):
    return labwire.data("xrdmon", "data", name)


class Examples(unittest.TestCase):
    def run_over(self, name):
        with open(capture("s01-all-v553.xrdmon"), "rb") as packets:
            ran = subprocess.run([example(name)], stdin=packets, stdout=subprocess.PIPE,
                                 check=True, timeout=60)
        return ran.stdout.decode("utf-8", "surrogateescape")

    def test_decode(self):
        out = self.run_over("decode")
        self.assertEqual(out.count("packet "), 283)
        self.assertIn("file 3 opened, 33000000 bytes: /store/mc/big.root\n", out)

    def test_events(self):
        out = self.run_over("events")
        self.assertIn("alice read 1486704 and wrote 0 bytes of /store/mc/big.root\n", out)
        self.assertIn("\n283 packets, 0 lost\n", out)

    def test_listen(self):
        listener = subprocess.Popen([example("listen"), "0", "1"], stdout=subprocess.PIPE)
        try:
            port = int(re.match(rb"port (\d+)", listener.stdout.readline()).group(1))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, \
                    open(capture("s06-redirlocal-v553.jsonl")) as lines:
                for line in lines:
                    s.sendto(bytes.fromhex(json.loads(line)["hex"]), ("127.0.0.1", port))
            out = listener.communicate(timeout=60)[0].decode()
        finally:
            listener.kill()
        opened = [l for l in out.splitlines() if l.startswith("open ")]
        closed = [l for l in out.splitlines() if l.startswith("close ")]
        self.assertEqual(len(opened), 2)
        self.assertEqual(len(closed), 2)
        self.assertEqual(opened[0].replace("open", "close"), closed[0])


if __name__ == "__main__":
    unittest.main()
