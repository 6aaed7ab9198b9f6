"""CONTRIBUTING's recipe for a record type still fits the code.

Each ```diff block must apply in exactly one place of exactly one file that its step names.
"""
import os
import re
import sys
import unittest

import labwire


def read(path):
    with open(os.path.join(labwire.SOURCE, path), encoding="utf-8") as f:
        return f.read()


class Recipe(unittest.TestCase):
    def test_every_step_applies(self):
        text = read("CONTRIBUTING.md")
        recipe = text[text.index("## How to add a record type"):]
        recipe = recipe[:recipe.index("\n## ")] if "\n## " in recipe else recipe
        applied = 0
        for step in re.split(r"^\d+\. ", recipe, flags=re.M)[1:]:
            named = re.findall(r"`((?:lib|tools|tests)[\w/.-]*\.[ch])`", step)
            for block in re.findall(r"^   ```diff\n(.*?)^   ```$", step, re.M | re.S):
                lines = [line[3:] for line in block.splitlines()]
                before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
                fits = [name for name in named if read(name).count(before) == 1]
                self.assertEqual(len(fits), 1, "%s\nfits %s of %s" % (before, fits, named))
                applied += 1
        self.assertGreaterEqual(applied, 10)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
