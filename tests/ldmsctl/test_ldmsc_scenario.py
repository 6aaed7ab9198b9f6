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


# As a dump has it: such a script is its own dump.
DUMPED = """\
metric_sets_default_authz uid=0 gid=0 perm=0640
stream_enable
msg_enable
load name=mem1 plugin=meminfo
load name=csv1 plugin=store_csv
setgroup_add name=g1 interval=2000000 offset=100000
setgroup_ins name=g1 instance=n1/a
setgroup_ins name=g1 instance=n1/b
setgroup_add name=g2
prdcr_add name=a type=active xprt=sock host=h port=411 reconnect=1000000 rail=2 quota=10 rx_rate=20
prdcr_start name=a
advertiser_add name=ad xprt=sock host=h port=411 reconnect=1000000
advertiser_start name=ad
prdcr_add name=br type=bridge xprt=sock host=h port=411 reconnect=1000000
prdcr_add name=pa type=passive xprt=sock host=h reconnect=1000000
prdcr_add name=x[1] type=active xprt=sock host=h port=411 reconnect=1000000
prdcr_listen_add name=l1 type=passive regex=node.* quota=5000
prdcr_listen_start name=l1
prdcr_listen_add name=l2 type=passive ip=10.0.0.0/8
prdcr_listen_add name=l3 type=active advertiser_xprt=sock advertiser_port=411 rail=2 reconnect=3s
updtr_add name=u1 interval=1000000 offset=100000
updtr_prdcr_add name=u1 regex=^a$
updtr_prdcr_add name=u1 regex=^x\\[1\\]$
updtr_add name=u2 interval=1000000 auto_interval=true
updtr_add name=u3 interval=1000000 push=true
updtr_add name=u4 interval=1000000 push=onchange
updtr_match_add name=u1 regex=meminfo match=schema
updtr_match_add name=u1 regex=a/.* match=inst
updtr_start name=u1
strgp_add name=s1 plugin=csv1 container=c schema=vmstat flush=2.000000s
strgp_prdcr_add name=s1 regex=b.*
strgp_prdcr_add name=s1 regex=a
strgp_metric_add name=s1 metric=nr_dirty
strgp_metric_add name=s1 metric=nr_free_pages
strgp_start name=s1
strgp_add name=s2 plugin=csv1 container=c regex=vm.* decomposition=/etc/d.json
qgroup_config quota=3145728 ask_mark=1024 ask_amount=1024 ask_interval=1000000 reset_interval=2000000
qgroup_member_add host=h xprt=sock port=411
qgroup_start
log_level level=ERROR
log_level level=INFO name=producer
"""


FAILOVER = """\
failover_config host=h port=411 xprt=sock peer_name=n auto_switch=1 interval=500000 \
timeout_factor=3.000000
"""


def state(port):
    found = {" ".join(method): data(*method, port=port) for method in STATUS}
    stream = data("stream_status", port=port)["s1"]["recv"]
    found["stream_status"] = stream["count"], stream["total_bytes"]
    for entry in found["dir_list"]:
        entry["timestamp_unix_us"] = bool(entry["timestamp_unix_us"])
    return found


def commands(script):
    """Without remarks, which tell what no command can."""
    return [line for line in script.splitlines() if not line.startswith("#")]


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
            self.assertEqual(commands(again), commands(script))
            for method in ("prdcr_status", "updtr_status", "updtr_match_list",
                           "strgp_status"):
                self.assertEqual(data(method, port=first.port),
                                 data(method, port=second.port), method)
            self.assertEqual(data("dump", port=first.port), script)

    def test_dump_of_every_kind(self):
        for release, more in (("main", ""), ("4.5.3", FAILOVER)):
            with self.subTest(release=release), Serve("--like", release) as server:
                script = DUMPED + more
                code, _, err = ldmsc("source", "-", port=server.port, stdin=script)
                self.assertEqual((code, err), (0, ""))
                self.assertEqual(commands(ldmsc("dump", port=server.port)[1]),
                                 script.splitlines())

    def test_dump_of_a_running_pair(self):
        """Such a daemon is busy for most questions; the remarks say for which."""
        script = FAILOVER + "failover_start\n"
        with Serve() as server:
            self.assertEqual(ldmsc("source", "-", port=server.port, stdin=script)[0], 0)
            dump = ldmsc("dump", port=server.port)[1]
        self.assertEqual(commands(dump), script.splitlines())
        self.assertIn("# updtr_match_list: status 16\n", dump)

    def test_dump_leaves_out_what_a_peer_sent(self):
        """In a pair of daemons, each has the other's objects, too, with a mark."""
        mine = ("updtr_add name=mine interval=1000000\n"
                "prdcr_add name=mine type=active xprt=sock host=h port=1 reconnect=9\n"
                "updtr_prdcr_add name=mine regex=.*\n")
        with Serve() as server:
            for text in mine, mine.replace("=mine", "=#theirs"):
                self.assertEqual(ldmsc("source", "-", port=server.port, stdin=text)[0], 0)
            script = ldmsc("dump", port=server.port)[1]
            self.assertEqual(script.count("mine"), 4)
            self.assertNotIn("theirs", script)

    def test_dump_remarks_what_it_cannot_tell(self):
        script = ("auth_add name=dom plugin=naive\n"
                  "load name=csv1 plugin=store_csv\nload name=csv2 plugin=store_csv\n"
                  "load name=mem plugin=meminfo\nconfig name=mem producer=n instance=n/m\n"
                  "start name=mem interval=2s offset=100ms\n"
                  "strgp_add name=s plugin=csv2 container=c schema=x\n"
                  "prdcr_add name=p type=active xprt=sock host=h port=1 reconnect=1s"
                  " auth=dom\n")
        with Serve() as server:
            code, _, err = ldmsc("source", "-", port=server.port, stdin=script)
            self.assertEqual((code, err), (0, ""))
            dump = ldmsc("dump", port=server.port)[1]
        for remark in ("# config name=mem instance=n/m and more\n",
                       "# start name=mem interval=2000000 offset=100000\n",
                       "# needs an auth_add name=dom before",
                       "# plugin= may be another name of store_csv: csv1, csv2\n"):
            self.assertIn(remark, dump)

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
