"""The README's C programs compile and run, and its terminal sessions print what it says.

A fenced block marked ```c is a program. It is built against the installed libraries with
the flags of the pkg-config package that its first line names, and run by the sessions. A block marked ```console is a session of bash: lines that
begin with "$ " are typed, the others are what must be printed; "..." stands for anything.
Port 30000 becomes a free one, so that sessions can run beside a real port manager.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import labwire

README = os.path.join(labwire.SOURCE, "README.md")
TEXT = open(README, encoding="utf-8").read()


def blocks(language):
    """Pairs of (line number, text)."""
    for found in re.finditer(r"^```%s\n(.*?)^```$" % language, TEXT, re.M | re.S):
        yield TEXT[:found.start()].count("\n") + 1, found.group(1)


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.root = os.path.join(cls.place.name, "root")
        subprocess.run(["meson", "install", "-C", labwire.BUILD, "--no-rebuild", "--quiet",
                        "--destdir", cls.root], check=True, stdout=subprocess.DEVNULL)
        pc = subprocess.run(["find", cls.root, "-name", "*.pc"], check=True,
                            capture_output=True, text=True).stdout.split()
        cls.env = dict(os.environ)
        cls.env["PKG_CONFIG_PATH"] = os.path.dirname(pc[0])
        cls.env["PKG_CONFIG_SYSROOT_DIR"] = cls.root
        cls.env["LD_LIBRARY_PATH"] = os.path.dirname(os.path.dirname(pc[0]))
        bins = subprocess.run(["find", cls.root, "-type", "d", "-name", "bin"], check=True,
                              capture_output=True, text=True).stdout.split()
        cls.env["PATH"] = bins[0] + ":" + cls.env["PATH"]
        cls.env["CFLAGS"] = ""
        cls.work = os.path.join(cls.place.name, "work")
        os.mkdir(cls.work)
        for folder in ("tests", "libxrdmon", "libpmdaloop", "libldmsctl", "libportmgr"):
            os.symlink(os.path.join(labwire.SOURCE, folder), os.path.join(cls.work, folder))
        port = labwire.free_port()
        cls.env["PORT"] = str(port)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def place_ports(self, text):
        return text.replace("30000", self.env["PORT"])

    def test_programs_and_sessions(self):
        """Sessions run the programs, so these come first."""
        self.programs()
        self.sessions()

    def programs(self):
        count = 0
        for line, text in blocks("c"):
            with self.subTest(line=line):
                packages = re.match(r"/\* (\S+\.c): cc .*pkg-config --cflags --libs ([^)]*)\)", text)
                self.assertIsNotNone(packages, "line %d: how is it compiled?" % line)
                source = os.path.join(self.work, packages.group(1))
                with open(source, "w", encoding="utf-8") as f:
                    f.write(self.place_ports(text))
                flags = subprocess.run(
                    ["pkg-config", "--cflags", "--libs", *packages.group(2).split()],
                    check=True, capture_output=True, text=True, env=self.env).stdout.split()
                subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-o", source[:-2], source,
                                *flags], check=True, env=self.env)
                count += 1
        self.assertGreaterEqual(count, 4, "a program for each library")

    def sessions(self):
        count = 0
        for line, text in blocks("console"):
            with self.subTest(line=line):
                self.play(line, self.place_ports(text))
                count += 1
        self.assertGreaterEqual(count, 4, "a session for each library")

    def play(self, line, text):
        typed, want = [], []
        for row in text.splitlines():
            if row.startswith("$ "):
                typed.append(row[2:])
                want.append([])
            elif row.startswith("> "):
                typed[-1] += "\n" + row[2:]
            else:
                want[-1].append(row)
        mark = "@@@next@@@"
        script = "".join("%s\necho %s\n" % (command, mark) for command in typed)
        script += "kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; true\n"
        got = subprocess.run(["bash", "-c", script], cwd=self.work, env=self.env,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=60, check=False)
        parts = got.stdout.split(mark + "\n")
        for i, command in enumerate(typed):
            pattern = re.escape("\n".join(want[i]).strip()).replace(r"\.\.\.", ".*")
            printed = parts[i].strip() if i < len(parts) else ""
            printed = "\n".join(row.rstrip() for row in printed.splitlines())
            self.assertRegex(printed, re.compile("^" + pattern + "$", re.S),
                             "README line %d: $ %s\n%s" % (line, command, got.stderr))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
