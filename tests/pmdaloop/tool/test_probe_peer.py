"""pmdaloop probe beside PCP's pminfo, which asks the same agent through pmcd: the same
words about each metric."""
import json
import os
import re
import sys
import unittest

import agents
import labwire
import pcp

ALL = os.path.abspath(sys.argv.pop(1))
labwire.need(*pcp.PEERS, "cc")

# pmcd adds these to every agent's own.
OF_PMCD = {"domainname", "hostname", "machineid", "userid", "groupid", "containername"}


def own_labels(line):
    if " labels {" not in line:
        # pminfo guesses what an aggregate may be besides its bytes
        return re.sub(r"value .* (\[[0-9a-f]*\])$", r"value \1", line)
    start, brace, rest = line.partition("{")
    labels = {k: v for k, v in json.loads(brace + rest).items() if k not in OF_PMCD}
    return start + json.dumps(labels, sort_keys=True)


def blocks(text, metrics):
    """{metric: its lines}. Event records, which pminfo shows with -x alone, are left out."""
    result, name, after_blank = {}, None, True
    begins = re.compile("(%s)[ .]" % "|".join(map(re.escape, metrics)))
    for line in map(own_labels, text.splitlines()):
        if after_blank and begins.match(line + " "):  # and not a paragraph of its help
            name = line.split()[0]
            result[name] = []
        after_blank = not line
        is_record = re.match(r"    (--- |\d+\.\d+\.\d+$|    )", line)
        # PCP 6.0 shows the labels of what has none but pmcd's, too
        if name and line and not is_record and not line.endswith(" labels {}"):
            result[name].append(line)
    return result


class BesidePminfo(unittest.TestCase):
    def compare(self, place, metrics, words, least, moving="$^"):
        """Every line of every metric, values too, but of those that move."""
        status, text = place.run("pminfo", "-dtTlf", *metrics)
        self.assertEqual(status, 0, text)
        wanted = blocks(text, metrics)
        got = agents.run("probe", *[w for m in metrics for w in ("--metric", m)], *words,
                         env=place.env)
        self.assertEqual(got.returncode, 0, got.stderr)
        shown = blocks(got.stdout, metrics)
        self.assertEqual(set(shown), set(wanted))
        self.assertGreaterEqual(len(shown), least)
        for name, lines in wanted.items():
            if re.match(moving, name):
                lines, shown[name] = ([re.sub(r"value .*", "value", line) for line in some]
                                      for some in (lines, shown[name]))
            self.assertEqual(shown[name], lines, name)

    def test_our_agent(self):
        with pcp.Pmcd() as place:
            place.agent("all 240 pipe binary " + ALL, dynamic="all", domain=240)
            place.start()
            self.compare(place, ["all.kind", "all.letter", "all.thing"], ["--", ALL], 15)

    def debian(self, name, metrics, least, moving):
        with pcp.Pmcd() as place:
            agent = agents.Debian(place, name)
            place.agent("%s %d pipe binary %s" % (name, agent.domain, " ".join(agent.command)),
                        names=agent.root)
            place.start()
            self.compare(place, metrics, [*agent.pmns, "--", *agent.command], least, moving)

    def test_simple(self):
        self.debian("simple", ["simple"], 5, r"simple\.(now|time|numfetch)")

    def test_trivial(self):
        self.debian("trivial", ["trivial"], 1, r"trivial\.time")

    def test_sample(self):
        self.debian("sample", ["sample." + n for n in (
            "long", "float", "double", "string", "longlong", "ulong", "ulonglong", "aggregate",
            "colour", "bin", "noinst", "scale_step", "wrap", "hordes.one", "dodgey.control",
            "write_me", "const_rate", "proc.ordinal", "darkness", "part_bin", "needprofile",
            "bad.nosupport", "control")],
            55, r"sample\.(.*hundred|.*long\.bin|.*write_me|scale_step|wrap|const_rate|dynamic|proc|.*count)")


unittest.main(verbosity=2)
