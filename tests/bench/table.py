"""Benchmarks' JSON lines, found in a log, as a table."""
import json
import sys

rows = []
for line in open(sys.argv[1], errors="replace"):
    at = line.find('{"bench":')
    if at >= 0:
        rows.append(json.loads(line[at:]))

head = ("benchmark", "measured", "against", "floor", "ratio", "goal", "")
cells = [head] + [
    (r["bench"], "%.4g %s" % (r["value"], r["unit"]), r["against"], "%.4g" % r["floor"],
     "%.3g" % r["ratio"], r["goal"], "" if r["reached"] else "not reached")
    for r in rows
]
widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
for row in cells:
    print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
sys.exit(0 if rows else 1)
