"""pmdaloop check says what is wrong with PCP's own agents, built on PCP's own library."""
import json
import unittest

import agents
import labwire
import pcp

labwire.need(*pcp.PEERS, "cc")


class DebiansSimple(unittest.TestCase):
    def test_its_faults(self):
        with pcp.Pmcd() as place:
            agent = agents.Debian(place, "simple")
            got = agents.run("check", "-t", "2", "--json", *agent.pmns, "--", *agent.command,
                             env=place.env, timeout=300)
        self.assertEqual(got.returncode, 1, got.stderr)
        trials = json.loads(got.stdout)["trials"]
        bad = {(t["group"], t["trial"]): t["why"] for t in trials if t["verdict"] == "fail"}
        # An endless loop over no instance domain
        self.assertIn("no answer within", bad["instances", "of no domain, PM_INDOM_NULL"])
        # A pointer that was never set is freed for an INSTANCE_REQ that does not decode
        dead = [t for (group, t), why in bad.items() if group == "INSTANCE_REQ" and
                "has died of signal" in why]
        self.assertGreater(len(dead), 20, bad)
        # and nothing worse than that
        self.assertLessEqual({group for group, _ in bad},
                             {"instances", "INSTANCE_REQ", "RESULT"}, bad)


unittest.main(verbosity=2)
