"""A configuration of 300 commands gives the same daemon by `ldmsc source`, by the typed
calls of the library, and by the daemon's own reading of the script."""
import json
import subprocess
import sys
import tempfile
import unittest

from ldms_wire import Serve
from ldmsc_tool import data, ldmsc

SCENARIO = sys.argv.pop(1)
STATUS = [["prdcr_status"], ["prdcr_stats"], ["prdcr_hint_tree"], ["prdcr_set_status"],
          ["prdcr_listen_status"], ["updtr_status"], ["updtr_match_list"], ["updtr_task"],
          ["update_time_stats"], ["strgp_status"], ["store_time_stats"], ["plugn_status"],
          ["plugn_sets"], ["set_stats"], ["failover_status"], ["qgroup_info"],
          ["stream_client_dump"], ["msg_stats"], ["log_status"], ["dir_list"],
          ["getCfgCntr"], ["metric_sets_default_authz"], ["usage"]]


def state(port):
    found = {" ".join(method): data(*method, port=port) for method in STATUS}
    stream = data("stream_status", port=port)["s1"]["recv"]
    found["stream_status"] = stream["count"], stream["total_bytes"]
    for entry in found["dir_list"]:
        entry["timestamp_unix_us"] = bool(entry["timestamp_unix_us"])
    return found


class Scenario(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.script = self.folder.name + "/script"
        with open(self.script, "w") as f:
            subprocess.run([SCENARIO], stdout=f, timeout=20, check=True)
        with open(self.script) as f:
            self.assertEqual(len(f.readlines()), 300)

    def test_three_ways_to_the_same_state(self):
        with Serve() as by_source, Serve() as by_calls, \
                Serve("--config", self.script) as by_daemon:
            code, _, err = ldmsc("source", self.script, port=by_source.port)
            self.assertEqual((code, err), (0, ""))
            subprocess.run([SCENARIO, str(by_calls.port)], timeout=60, check=True)
            wanted = state(by_source.port)
            self.assertEqual(len(wanted["prdcr_status"]), 60)
            self.assertEqual(len(wanted["updtr_status"]), 20)
            self.assertEqual(len(wanted["dir_list"]), 20)
            for other in (by_calls, by_daemon):
                got = state(other.port)
                for method, answer in wanted.items():
                    if method != "getCfgCntr" or other is by_calls:
                        self.assertEqual(got[method], answer, method)
            print("300 commands; %d status methods agree" % len(wanted))

    def test_dump_to_the_caller(self):
        """What is told of a daemon makes one like it, whose dump is the same."""
        with Serve() as first, Serve() as second:
            self.assertEqual(ldmsc("source", self.script, port=first.port)[0], 0)
            code, script, err = ldmsc("dump", port=first.port)
            self.assertEqual((code, err), (0, ""))
            code, out, err = ldmsc("source", "-", port=second.port, stdin=script)
            self.assertEqual((code, err), (0, ""))
            self.assertNotIn("OK", out)
            again = ldmsc("dump", port=second.port)[1]
            self.assertEqual(again.splitlines()[1:], script.splitlines()[1:])
            for method in ("prdcr_status", "updtr_status", "updtr_match_list"):
                self.assertEqual(data(method, port=first.port),
                                 data(method, port=second.port), method)
            self.assertEqual(data("dump", port=first.port), script)

    def test_dump_names_stores_as_they_were_loaded(self):
        """Status tells the plugin of a store, not its name."""
        policy = "strgp_add name=s container=c schema=meminfo plugin="
        for loaded, wanted in (((), "none"),
                               (("name=rows plugin=store_csv",), "rows"),
                               (("name=rows plugin=store_csv", "name=store_csv"),
                                "store_csv"),
                               (("name=mem plugin=meminfo", "name=a plugin=store_csv",
                                 "name=b plugin=store_csv"), "a")):
            with self.subTest(loaded=loaded), Serve() as first, Serve() as second:
                lines = ["load " + words for words in loaded]
                if loaded:
                    lines.append(policy + wanted)
                code, _, err = ldmsc("source", "-", port=first.port,
                                     stdin="".join(line + "\n" for line in lines))
                self.assertEqual((code, err), (0, ""))
                script = ldmsc("dump", port=first.port)[1]
                self.assertEqual(" plugin=%s " % wanted in script.partition(
                    "strgp_add")[2].partition("\n")[0] + " ", bool(loaded), script)
                code, _, err = ldmsc("source", "-", port=second.port, stdin=script)
                self.assertEqual((code, err), (0, ""))
                self.assertEqual(data("strgp_status", port=second.port),
                                 data("strgp_status", port=first.port))

    def test_dump_of_what_is_rare(self):
        """Each is told in another way than it is commanded."""
        script = ("prdcr_add name=waits type=passive xprt=sock host=h reconnect=1s\n"
                  "advertiser_add name=tells xprt=sock host=h port=411 reconnect=2s\n"
                  "advertiser_start name=tells\n"
                  "prdcr_listen_add name=hears type=active advertiser_xprt=sock "
                  "advertiser_port=411 rail=2 reconnect=3s\n"
                  "qgroup_config quota=1M ask_mark=1K ask_amount=1K\n"
                  "qgroup_member_add host=h xprt=sock port=411\n"
                  "updtr_add name=pushed interval=1s push=true\n"
                  "updtr_add name=changed interval=1s push=onchange\n"
                  "updtr_match_add name=pushed regex=first match=inst\n"
                  "updtr_match_add name=pushed regex=second match=schema\n")
        with Serve() as first, Serve() as second:
            self.assertEqual(ldmsc("source", "-", port=first.port, stdin=script),
                             (0, "", ""))
            dumped = ldmsc("dump", port=first.port)[1]
            code, _, err = ldmsc("source", "-", port=second.port, stdin=dumped)
            self.assertEqual((code, err), (0, ""))
            for method in ("prdcr_status", "prdcr_listen_status", "qgroup_info",
                           "updtr_status",
                           "updtr_match_list"):
                self.assertEqual(data(method, port=first.port),
                                 data(method, port=second.port), method)
            modes = {u["name"]: u["mode"] for u in data("updtr_status", port=second.port)}
            self.assertEqual(modes, {"pushed": "Push on Request",
                                     "changed": "Push on Change"})

    def test_dump_and_source(self):
        """What the daemon dumps makes a daemon like it."""
        with Serve("--name", "dumped") as first, Serve() as second:
            self.assertEqual(ldmsc("source", self.script, port=first.port)[0], 0)
            self.assertEqual(ldmsc("dump_cfg", "path=" + self.folder.name,
                                   port=first.port)[0], 0)
            code, _, err = ldmsc("source", self.folder.name + "/dumped.conf",
                                 port=second.port)
            self.assertEqual((code, err), (0, ""))
            for method in ("prdcr_status", "updtr_status", "updtr_match_list",
                           "strgp_status", "plugn_sets"):
                self.assertEqual(data(method, port=first.port),
                                 data(method, port=second.port), method)


if __name__ == "__main__":
    unittest.main(verbosity=2)
