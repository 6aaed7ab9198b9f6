"""Agents whose sources PCP ships, built unchanged: once with PCP's own library, once with
what `pkg-config libpmdaloop` says of ours, as installed. Under dbpmda and under pmcd both
print the same."""
import difflib
import os
import re
import subprocess
import unittest

import agents
import pcp

setUpModule = agents.install


def settle(text, place):
    """What differs from run to run, put out of sight."""
    text = text.replace(place.dir, "$T")
    text = re.sub(r"0x[0-9a-f]{6,}", "0xADDR", text)
    text = re.sub(r"\d\d:\d\d:\d\d\.\d+", "TIME", text)
    text = re.sub(r"value \d{10}\b", "value TIME", text)
    text = re.sub(r"dump from \S+ timestamp: \S+ \S+", "dump", text)
    return re.sub(r"pid: \d+", "pid", text)


# Metrics that count time, or what has happened before.
MOVING = re.compile(
    r"simple\.now|simple\.time|trivial\.time|sample\.(dupnames\..*(pid|seconds)|seconds|milliseconds|daemon_pid|"
    r"pdu|recv_pdu|xmit_pdu|load|long\.(write_me)?hundred_x|sysinfo|dodgey|rapid|drift|"
    r"step|mirage|mirage_longlong|needprofile|many|noinst|ghosts|hordes|lights|magnitude|"
    r"proc|ulong\.count|ulonglong\.bin|datasize|darkness|bucket|part_bin|bogus_bin|percontext|event|"
    r"control|string\.write_me)|txmon\.(ave_time|max_time|reset|count|unused)")


def names_of(name):
    """All metrics of an agent, by its own PMNS."""
    with pcp.Pmcd() as place:
        place.roots.append(os.path.join(agents.SOURCES, name, "root"))
        out = subprocess.run(["pminfo", "-n", place.pmns()], env=place.env,
                             capture_output=True, text=True, check=False)
        return sorted(set(re.findall(r"^%s\S*" % name, out.stdout, re.M)))


def commands(name):
    domain = agents.AGENTS[name][0]
    metrics = [n for n in names_of(name) if not MOVING.match(n)]
    lines = []
    for m in metrics:
        lines += ["desc " + m, "fetch " + m, "text " + m]
    for serial in range(12):
        lines += ["instance %d.%d" % (domain, serial), "text indom %d.%d" % (domain, serial)]
    lines += ["instance %d.0 1" % domain, "instance %d.0 99" % domain,
              'instance %d.0 "blue"' % domain, 'instance %d.0 "none of these"' % domain,
              "label context", "label domain %d" % domain, "label indom %d.0" % domain,
              "label instances %d.0" % domain, "label instances %d.1" % domain,
              "label item %d.0.1" % domain, "label cluster %d.0" % domain,
              "desc %d.9.9" % domain, "fetch %d.9.9" % domain,
              "profile %d.0 none" % domain, "profile %d.0 add 1" % domain]
    lines += ["fetch " + m for m in metrics]
    lines += ["profile %d.0 all" % domain, "profile %d.0 delete 1" % domain]
    lines += ["fetch " + m for m in metrics]
    if name == "simple":
        lines += ['store simple.numfetch "42"', "fetch simple.numfetch",
                  'store simple.color "7"', "fetch simple.color"]
    if name == "sample":
        lines += ['store sample.write_me "3"', "fetch sample.write_me",
                  'store sample.long.write_me "-17"', "fetch sample.long.write_me",
                  'store sample.float.write_me "2.5"', "fetch sample.float.write_me",
                  'store sample.double.write_me "1e100"', "fetch sample.double.write_me",
                  'store sample.string.write_me "hello"', "fetch sample.string.write_me",
                  "name 29.0.0", "children sample", "children sample.secret",
                  "children sample.secret.foo", "traverse sample.secret", "pmid sample.secret.bar",
                  "name 29.0.1000", "name 29.0.1001", "pmid sample.no.such", "children sample.no"]
    if name == "txmon":
        lines += ['store txmon.control.level "1"', 'store txmon.control.reset "1"']
    lines += ['attr 11 "0"', "status", "pmid no.such.name", "children no.such", "traverse no.such"]
    return lines


class SameAsPeer(unittest.TestCase):
    maxDiff = None

    def compare(self, name, ask):
        texts = []
        for with_ours in (False, True):
            with agents.Place(name, with_ours) as place:
                texts.append(settle(ask(place), place).splitlines())
        difference = list(difflib.unified_diff(*texts, "PCP", "ours", n=1, lineterm=""))
        self.assertGreater(len(texts[0]), 10)
        if difference:
            self.fail("%d lines of difference:\n%s" % (len(difference),
                                                       "\n".join(difference[:40])))
        print("%s: %d lines alike" % (self.id().split(".", 1)[1], len(texts[0])))

    def under_dbpmda(self, name):
        script = commands(name)
        self.compare(name, lambda place: place.dbpmda(
            ["open pipe " + " ".join(place.command)] + script))

    def under_pmcd(self, name):
        def ask(place):
            place.conf.append("%s %d pipe binary %s" % (name, place.domain,
                                                       " ".join(place.command)))
            place.start()
            metrics = [n for n in names_of(name) if not MOVING.match(n)]
            text = place.run("pminfo", "-d", "-t", "-T", "-l", "-m", *metrics)[1]
            text += place.run("pminfo", "-f", *metrics)[1]
            text += place.run("pminfo", "-f", *metrics, unix=True)[1]
            text += place.run("pmprobe", "-I", *metrics)[1]
            return text
        self.compare(name, ask)


for agent in agents.AGENTS:
    setattr(SameAsPeer, "test_%s_dbpmda" % agent,
            lambda self, a=agent: self.under_dbpmda(a))
    setattr(SameAsPeer, "test_%s_pmcd" % agent, lambda self, a=agent: self.under_pmcd(a))


class Makefiles(unittest.TestCase):
    def test_linker_names(self):
        """-lpcp_pmda -lpcp out of the private folder is our library."""
        to = agents.build("simple", True, os.path.join(agents.WORK, "shimmed"),
                          makefile_words=True)
        out = subprocess.run(["readelf", "-d", to], capture_output=True, text=True, check=True)
        self.assertIn("libpmdaloop.so.0", out.stdout)
        self.assertNotIn("libpcp", out.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=1)
