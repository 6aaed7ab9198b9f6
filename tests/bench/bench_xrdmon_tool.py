"""The tool xrdmon: events as fast as the library makes them, as lines, and for ever.

bench_xrdmon_tool.py XRDMON BENCH-XRDMON-STREAMS CAPTURE [RECORDS]

A line of JSON for each figure, as tests/bench/bench.h prints it. RECORDS is the length of
the long stream, 100000000 unless it is given.
"""
import json
import resource
import statistics
import subprocess
import sys
import time

TOOL, LAYER, CAPTURE = sys.argv[1:4]
RECORDS = int(sys.argv[4]) if len(sys.argv) > 4 else 100_000_000
ROUNDS = 9
GENERATE = [TOOL, "generate", "--servers", "100", "--users", "1000", "--records"]


def line(name, unit, value, against, floor, goal, at_most=False):
    ratio = value / floor
    print(json.dumps({
        "bench": "xrdmon tool, " + name, "unit": unit, "value": float("%.6g" % value),
        "against": against, "floor": float("%.6g" % floor), "ratio": float("%.4g" % ratio),
        "goal": "%s %g" % ("<=" if at_most else ">=", goal),
        "reached": ratio <= goal if at_most else ratio >= goal}), flush=True)


def counts_of(path):
    got = subprocess.run([TOOL, "events", "--format=none", "--counts", path],
                         stderr=subprocess.PIPE, check=True)
    return json.loads(got.stderr)


def seconds(command, drain=False):
    """How long a program takes, its start included; its output read where it has one."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE if drain else None) as p:
        while drain and p.stdout.read1(1 << 20):
            pass
    assert p.returncode == 0
    return time.monotonic() - start


def layer_rate():
    """The library alone, packets in memory."""
    got = subprocess.run([LAYER, CAPTURE], capture_output=True, check=True)
    rows = [json.loads(text) for text in got.stdout.splitlines()]
    return next(r["value"] for r in rows if r["unit"] == "events/s")


def rates(events):
    """In turns, so that what else the machine does hurts all alike."""
    layer, none, lines = [], [], []
    for _ in range(ROUNDS):
        layer.append(layer_rate())
        none.append(events / seconds([TOOL, "events", "-q", "--format=none", CAPTURE]))
        lines.append(events / seconds([TOOL, "events", "-q", "--format=jsonl", CAPTURE],
                                      drain=True))
    line("events --format=none, file read", "events/s", statistics.median(none),
         "the library alone", statistics.median(layer), 0.5)
    line("events --format=jsonl, pipe read", "events/s", statistics.median(lines),
         "half a million", 500000, 1)


def resident_mib(pid):
    with open("/proc/%d/status" % pid) as f:
        for text in f:
            if text.startswith("VmRSS:"):
                return int(text.split()[1]) / 1024
    return 0.0


def stream(records):
    """Processor seconds of `events` per record, and the memory after each tenth."""
    make = subprocess.Popen([*GENERATE, str(records)], stdout=subprocess.PIPE)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    read = subprocess.Popen([TOOL, "events", "-q", "--format=none"], stdin=subprocess.PIPE)
    size, tenth, memory = 0, records * 24 // 10, []  # some 24 bytes a record
    while True:
        data = make.stdout.read1(1 << 20)
        if not data:
            break
        read.stdin.write(data)
        size += len(data)
        if size >= tenth * (len(memory) + 1):
            memory.append(resident_mib(read.pid))
    read.stdin.close()
    # The reader first, so that the difference is its time alone.
    assert read.wait() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert make.wait() == 0
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / records, memory


def endless():
    start = statistics.median(stream(1)[0] for _ in range(ROUNDS))
    short = statistics.median(stream(100_000)[0] - start / 100_000 for _ in range(ROUNDS))
    long, memory = stream(RECORDS)
    words = "%d records of 100 servers" % RECORDS
    line("memory resident, " + words, "MiB", max(memory), "128 MiB", 128, 1, True)
    line("memory at the end, " + words, "MiB", memory[-1], "after the first tenth",
         memory[0], 1.1, True)
    line("cost of a record, " + words, "ns", long * 1e9, "100000 records", short * 1e9,
         1.25, True)


if __name__ == "__main__":
    rates(counts_of(CAPTURE)["events"])
    endless()
