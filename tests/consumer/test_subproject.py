"""The project inside somebody else's, and each of its libraries built alone."""
import os
import subprocess
import sys
import tempfile
import unittest

import labwire

LIBRARIES = ["portmgr", "xrdmon", "pmdaloop", "ldmsctl"]

THEIR_BUILD = """
project('theirs', 'c', default_options: ['c_std=c11'])
deps = []
foreach name : %r
  deps += dependency('lib' + name, fallback: 'labwire')
endforeach
test('theirs', executable('theirs', 'theirs.c', dependencies: deps))
"""


def run(*command, **options):
    got = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         timeout=500, check=False, **options)
    if got.returncode != 0:
        raise AssertionError("%s\n%s" % (" ".join(command), got.stdout[-4000:]))
    return got.stdout


class Build(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)

    def test_as_a_subproject(self):
        theirs = os.path.join(self.place.name, "theirs")
        os.makedirs(os.path.join(theirs, "subprojects"))
        os.symlink(labwire.SOURCE, os.path.join(theirs, "subprojects", "labwire"))
        with open(os.path.join(theirs, "meson.build"), "w") as f:
            f.write(THEIR_BUILD % LIBRARIES)
        with open(os.path.join(theirs, "theirs.c"), "w") as f:
            f.writelines("#include <%s.h>\n" % name for name in LIBRARIES)
            f.write("int main(void) { return !(%s); }\n"
                    % " && ".join("%s_strerror(0)" % name for name in LIBRARIES))
        out = run("meson", "setup", "build", cwd=theirs)
        self.assertRegex(out, r"tests *: NO", "our tests are no business of theirs")
        run("meson", "test", "-C", "build", "--no-suite", "labwire", cwd=theirs)

    def test_each_library_alone(self):
        for name in LIBRARIES:
            with self.subTest(library=name):
                build = os.path.join(self.place.name, name)
                off = ["-D%s=disabled" % other for other in LIBRARIES if other != name]
                run("meson", "setup", build, labwire.SOURCE, "-Dtests=disabled",
                    "-Dtools=disabled", "-D%s=enabled" % name, *off)
                run("ninja", "-C", build)
                run("meson", "install", "-C", build, "--destdir", build + "-root")
                found = run("find", build + "-root", "-name", "lib*.so.0")
                self.assertEqual([os.path.basename(p) for p in found.split()],
                                 ["lib%s.so.0" % name])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
