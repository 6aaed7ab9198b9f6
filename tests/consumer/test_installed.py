"""A consumer outside the tree: what `meson install` put somewhere, and pkg-config.

test_installed.py LIBRARY PROGRAM.c [ARGUMENT...] -- EXPECTED

installs the build into an empty folder, compiles PROGRAM.c there as C99 and as C++11
with nothing but what `pkg-config libLIBRARY` says, statically checked by the strictest
warnings, runs it with the arguments, and compares what it prints with the file EXPECTED.
"""
import glob
import os
import shlex
import subprocess
import sys
import tempfile
import unittest

import labwire

SPLIT = sys.argv.index("--")
LIBRARY, PROGRAM, ARGUMENTS = sys.argv[1], sys.argv[2], sys.argv[3:SPLIT]
EXPECTED = sys.argv[SPLIT + 1]


def run(command, **options):
    got = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         timeout=300, check=False, **options)
    if got.returncode != 0:
        raise AssertionError("%s\n%s" % (" ".join(command), got.stdout.decode()[-4000:]))
    return got.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place, cls.root = place.name, os.path.join(place.name, "root")
        run(["meson", "install", "-C", labwire.BUILD, "--no-rebuild", "--destdir",
             cls.root])
        found = glob.glob(cls.root + "/**/lib%s.pc" % LIBRARY, recursive=True)
        assert len(found) == 1, found
        cls.env = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=cls.root,
                       PKG_CONFIG_LIBDIR=os.path.dirname(found[0]))

    def pkg_config(self, *words):
        return shlex.split(run(["pkg-config", *words, "lib" + LIBRARY],
                               env=self.env).decode())

    def compile_and_run(self, compiler):
        flags = self.pkg_config("--cflags", "--libs")
        program = os.path.join(self.place, "consumer")
        run([*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", PROGRAM, "-x", "none",
             "-o", program, *flags], cwd=self.place)
        where = self.pkg_config("--variable=libdir")[0]
        if not where.startswith(self.root):
            where = self.root + where
        out = run([program, *ARGUMENTS], cwd=self.place,
                  env=dict(os.environ, LD_LIBRARY_PATH=where))
        with open(EXPECTED, "rb") as f:
            self.assertEqual(out, f.read())

    def test_as_c(self):
        self.compile_and_run([os.environ.get("CC", "cc"), "-std=c99", "-x", "c"])

    def test_as_cxx(self):
        labwire.need("c++")
        self.compile_and_run([os.environ.get("CXX", "c++"), "-std=c++11", "-x", "c++"])

    def test_the_man_page_is_there(self):
        pages = glob.glob(self.root + "/**/man3/lib%s.3*" % LIBRARY, recursive=True)
        self.assertEqual(len(pages), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
