"""Agents whose sources PCP ships, and how they are built: unchanged, with PCP's own library
or with ours."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import labwire
import pcp

SOURCES = "/usr/lib/pcp/pmdas"
labwire.need(*pcp.PEERS, "cc", "pkg-config", "meson")
if not os.path.exists("/usr/include/pcp/pmda.h"):
    print("PCP's headers are not installed")
    sys.exit(1 if os.environ.get("CI") else labwire.SKIPPED)

AGENTS = {  # name: domain, name in help text, arguments
    "trivial": (250, "TRIVIAL", []),
    "simple": (253, "SIMPLE", []),
    "txmon": (248, "TXMON", ["20", "one", "two", "three"]),
    "sample": (29, "SAMPLE", []),
}


def sources(name):
    if name == "txmon":
        return [os.path.join(SOURCES, name, "txmon.c")]
    return sorted(glob.glob(os.path.join(SOURCES, name, "*.c")))


WORK = tempfile.mkdtemp(prefix="labwire-build-")
OURS = []


def install():
    """Our library as installed, and what pkg-config says of it. For setUpModule()."""
    unittest.addModuleCleanup(shutil.rmtree, WORK, ignore_errors=True)
    subprocess.run(["meson", "install", "-C", labwire.BUILD, "--no-rebuild", "--quiet",
                    "--destdir", WORK], check=True, stdout=subprocess.DEVNULL)
    pc = glob.glob(os.path.join(WORK, "**", "libpmdaloop.pc"), recursive=True)[0]
    env = dict(os.environ, PKG_CONFIG_PATH=os.path.dirname(pc), PKG_CONFIG_SYSROOT_DIR=WORK,
               PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1", PKG_CONFIG_ALLOW_SYSTEM_LIBS="1")
    said = subprocess.run(["pkg-config", "--cflags", "--libs", "libpmdaloop"], env=env,
                          check=True, capture_output=True, text=True)
    OURS.extend(said.stdout.split())
    libdir = os.path.dirname(os.path.dirname(pc))
    OURS.append("-Wl,-rpath," + libdir)


def build(name, with_ours, to, makefile_words=False, extra=()):
    """Compile an agent's sources; makefile_words: link as PCP's Makefiles say."""
    words = ["cc", "-w", "-O1", "-I" + os.path.join(SOURCES, name), "-o", to, *sources(name),
             *extra]
    if not with_ours:
        words += ["-lpcp_pmda", "-lpcp"]
    elif makefile_words:
        shims = [w for w in OURS if w.startswith("-L")][0][2:].rstrip("/") + "/pmdaloop"
        words += [w for w in OURS if w.startswith(("-I", "-Wl,"))]
        words[1:1] = ["-L" + shims]
        words += ["-lpcp_pmda", "-lpcp"]
    else:
        words += OURS
    got = subprocess.run(words, capture_output=True, text=True, check=False)
    if got.returncode:
        raise AssertionError("%s does not build:\n%s" % (name, got.stderr))
    return to


class Place(pcp.Pmcd):
    """A pmcd's directories with one agent in them, built with one library or the other."""

    def __init__(self, name, with_ours):
        super().__init__()
        domain, symbol, self.args = AGENTS[name]
        folder = self.path("pmdas", name)
        os.makedirs(folder)
        for f in ("pmns", "root", "help", "domain.h"):
            shutil.copy(os.path.join(SOURCES, name, f), folder)
        if name == "simple":
            self.write("pmdas/simple/simple.conf", "sec,min,hour\n")
        self.roots.append(os.path.join(folder, "root"))
        self.help(folder, domain, symbol)
        self.binary = build(name, with_ours, os.path.join(folder, "pmda" + name))
        self.command = [self.binary, "-d", str(domain), "-l", self.path("agent.log"), *self.args]
        self.name, self.domain = name, domain

    def dso(self, with_ours):
        """The agent once more, as a shared object that pmcd or dbpmda loads."""
        return build(self.name, with_ours, self.path("pmda_%s.so" % self.name),
                     extra=["-shared", "-fPIC"])
