"""Agents for the tool's tests: ours, as meson built them, and PCP's own, built from the
sources that Debian ships, against PCP's own library."""
import glob
import os
import shutil
import subprocess

import labwire

SOURCES = "/usr/lib/pcp/pmdas"
DOMAINS = {"simple": (253, "SIMPLE"), "trivial": (250, "TRIVIAL"), "sample": (29, "SAMPLE")}
TOOL = labwire.tool("pmdaloop")


def run(*args, timeout=60, stdin=subprocess.DEVNULL, **options):
    """The tool: what subprocess.run() says, as text."""
    return subprocess.run([TOOL, *args], text=True, errors="surrogateescape",
                          stdin=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout, check=False, **options)


class Debian:
    """One of PCP's agents in the directories of a private pmcd."""

    def __init__(self, place, name):
        self.name, self.place = name, place
        self.domain, symbol = DOMAINS[name]
        folder = place.path("pmdas", name)
        os.makedirs(folder)
        for f in ("pmns", "root", "help", "domain.h"):
            shutil.copy(os.path.join(SOURCES, name, f), folder)
        if name == "simple":
            place.write("pmdas/simple/simple.conf", "sec,min,hour\n")
        place.help(folder, self.domain, symbol)
        self.binary = os.path.join(folder, "pmda" + name)
        self.root = os.path.join(folder, "root")
        subprocess.run(["cc", "-w", "-O1", "-I" + folder, "-I" + os.path.join(SOURCES, name),
                        "-o", self.binary, *sorted(glob.glob(os.path.join(SOURCES, name, "*.c"))),
                        "-lpcp_pmda", "-lpcp"], check=True, timeout=120)
        self.command = [self.binary, "-d", str(self.domain), "-l", place.path(name + ".log")]
        self.pmns = ["--pmns", os.path.join(folder, "pmns"), "--domain", str(self.domain)]
