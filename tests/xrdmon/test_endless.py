"""A stream without an end: what `xrdmon events` remembers of it is bounded, and steady.

The long version, with a hundred million records, is tests/bench/bench_xrdmon_tool.py.
"""
import json
import os
import subprocess
import unittest

import labwire

TOOL = labwire.tool("xrdmon")
RECORDS = 4_000_000


def resident_mib(pid):
    with open("/proc/%d/status" % pid) as f:
        rows = [line.split() for line in f if line.startswith("VmRSS:")]
    return int(rows[0][1]) / 1024 if rows else 0


def watch(*args):
    """The memory after each tenth of the stream, and the counters at its end."""
    # What a sanitizer keeps of freed memory is not the tool's.
    options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    env = dict(os.environ, ASAN_OPTIONS=options)
    make = subprocess.Popen([TOOL, "generate", "--servers", "50", "--users", "500",
                             "--records", str(RECORDS)], stdout=subprocess.PIPE)
    read = subprocess.Popen([TOOL, "events", "--format=none", "--counts", *args],
                            stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    size, memory = 0, []
    while True:
        data = make.stdout.read1(1 << 18)
        if not data:
            break
        read.stdin.write(data)
        size += len(data)
        if size >= RECORDS * 24 // 10 * (len(memory) + 1):  # some 24 bytes a record
            memory.append(resident_mib(read.pid))
    read.stdin.close()
    words = read.stderr.read()
    read.stderr.close()
    make.stdout.close()
    assert (make.wait(60), read.wait(60)) == (0, 0), words
    return memory, json.loads(words)


class Endless(unittest.TestCase):
    def test_what_is_done_with_is_released(self):
        memory, counts = watch("--release", "60")
        print("MiB after each tenth: %s" % ["%.1f" % m for m in memory])
        self.assertGreaterEqual(len(memory), 9)
        self.assertLessEqual(max(memory), 128)
        self.assertLessEqual(memory[-1], 1.1 * memory[0] + 1)
        for name in ("lost", "unresolved_users", "unresolved_paths", "evicted_users",
                     "evicted_files"):
            self.assertEqual(counts[name], 0, name)
        self.assertLess(counts["live_files"], 2500)
        self.assertGreater(counts["released_files"], 90000)

    def test_without_release_the_limit_holds(self):
        memory, counts = watch("--release", "never", "--memory", "4")
        self.assertLessEqual(counts["memory_bytes"], 4 << 20)
        self.assertGreater(counts["evicted_files"], 10000)
        self.assertLessEqual(memory[-1], 1.1 * memory[0] + 1)

    def test_forged_ids_do_not_fill_memory(self):
        """Users without end and files at random, none of which ever goes."""
        packets = []
        for i in range(60000):
            text = b"x/u%d.1:%d@h" % (i, i % 50)
            head = b"u\x00%c%c" % divmod(12 + len(text), 256)
            packets.append(head + (i % 7).to_bytes(4, "big")
                           + (i * 2654435761 % 2**32).to_bytes(4, "big") + text)
        got = subprocess.run([TOOL, "events", "--format=none", "--counts", "--memory", "2",
                              "--release", "never"], input=b"".join(packets),
                             capture_output=True, timeout=60, check=True)
        counts = json.loads(got.stderr)
        self.assertEqual(counts["packets"], 60000)
        self.assertLessEqual(counts["memory_bytes"], 2 << 20)
        self.assertGreater(counts["evicted_users"] + counts["evicted_servers"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
