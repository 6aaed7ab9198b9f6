"""ldmsc against its stand-in: methods, scripts, fleets, exit codes and JSON."""
import json
import os
import re
import select
import subprocess
import tempfile
import time
import unittest

from labwire import SOURCE, held_port, tool
from ldms_wire import Serve
from ldmsc_tool import add, data, ldmsc

DONE, FAILED, MISUSED, LOST = 0, 1, 2, 3


class Methods(unittest.TestCase):
    def setUp(self):
        self.server = Serve()
        self.addCleanup(self.server.stop)
        self.port = self.server.port

    def ask(self, *args, **more):
        return ldmsc(*args, port=self.port, **more)

    def test_text(self):
        self.assertEqual(self.ask("daemon_status"), (DONE, '{"state":"ready"}\n', ""))
        self.assertEqual(self.ask("greeting", "name=bob"), (DONE, "Hello 'bob'\n", ""))
        self.assertEqual(self.ask(*add("a")), (DONE, "", ""))

    def test_refused(self):
        self.ask(*add("a"))
        code, out, err = self.ask(*add("a"))
        self.assertEqual((code, out), (FAILED, ""))
        self.assertRegex(err, r"^ldmsc: 127\.0\.0\.1:\d+ refused prdcr_add: The prdcr a "
                              r"already exists\. \(status 17\)\n$")

    def test_json(self):
        keys = ["host", "port", "method", "status", "message", "data"]
        code, out, err = self.ask("--json", "daemon_status")
        got = json.loads(out)
        self.assertEqual((code, err, list(got), out.count("\n")), (DONE, "", keys, 1))
        self.assertEqual(got, {"host": "127.0.0.1", "port": self.port, "status": 0,
                               "method": "daemon_status", "message": None,
                               "data": {"state": "ready"}})
        code, out, _ = self.ask("--json", "prdcr_del", "name=none")
        got = json.loads(out)
        self.assertEqual((code, list(got)), (FAILED, keys))
        self.assertEqual((got["status"], got["message"], got["data"]),
                         (2, "The producer specified does not exist.", None))
        code, out, _ = ldmsc("--json", "daemon_status", port=held_port(self))
        got = json.loads(out)
        self.assertEqual((code, got["status"], got["data"]), (LOST, None, None))
        self.assertIn("refused", got["message"])

    def test_json_of_each_kind(self):
        self.ask("setgroup_add", "name=g", "setlist=a,b")
        sets = data("dir_list", port=self.port)
        self.assertEqual([(s["name"], s["schema"]) for s in sets],
                         [("g", "ldmsd_grp_schema")])
        self.assertEqual(data("greeting", "test=true", port=self.port), "Hi")
        self.assertEqual(data("version", port=self.port)["LDMSD Version"], "4.5.3")
        self.assertEqual(data("getCfgCntr", port=self.port), "2")
        self.assertIsNone(data("logrotate", port=self.port))

    def test_local_methods(self):
        self.assertEqual(self.ask("connect"), (DONE, "", ""))
        self.assertEqual(self.ask("getState"), (DONE, "2\n", ""))
        self.assertEqual(self.ask("getMaxRecvLen"), (DONE, "1048516\n", ""))
        self.assertEqual(self.ask("getHost"), (DONE, "127.0.0.1\n", ""))
        self.assertEqual(self.ask("getPort"), (DONE, "%d\n" % self.port, ""))
        self.assertEqual(self.ask("send_command")[0], MISUSED)

    def test_words_of_configuration_files(self):
        self.assertEqual(self.ask("load", "name=meminfo")[0], DONE)
        self.assertEqual(self.ask("config", "name=meminfo", "instance=n/m", "a=b")[0], DONE)
        self.assertEqual(data("plugn_sets", port=self.port),
                         [{"plugin": "meminfo", "sets": ["n/m"]}])

    def test_blanks_in_words_of_configuration_files(self):
        """A word of the command line stays one word of the line."""
        self.assertEqual(self.ask("load", "name=store_csv")[0], DONE)
        code, _, err = self.ask("load", "name=a b", "plugin=store_csv")
        self.assertEqual((code, err), (DONE, ""))
        self.assertIn("a b", [p["name"] for p in data("plugn_status", port=self.port)])

    def test_a_long_time(self):
        for seconds in ("3000000", "300000000"):
            self.assertEqual(self.ask("-t", seconds, "daemon_status")[0], DONE)

    def test_misuse(self):
        for args in (["nosuch"], ["prdcr_add"], ["prdcr_add", "name"], ["prdcr_add", "=x"],
                     ["prdcr_status", "color=red"], ["-p", "0", "daemon_status"],
                     ["-t", "-1", "daemon_status"], ["--format", "xml", "daemon_status"],
                     ["--release", "9", "daemon_status"], ["-a", "nosuch", "version"],
                     ["setgroup_add", "name=g", "expire=1"], ["source"], ["-Z", "version"],
                     ["source", "a", "b"], ["--hosts", "n[3-1]", "version"],
                     ["--hosts", ",", "version"], ["serve"], ["-x", "rdma", "version"],
                     ["shell", "x"], ["methods", "nosuch"], ["--port"],
                     ["-A", "uid=0", "daemon_status"],
                     ["--hosts", "a", "source", "f"]):
            with self.subTest(args):
                code, out, err = self.ask(*args)
                self.assertIn(code, (MISUSED,) if "rdma" not in args else (MISUSED, LOST))
                self.assertEqual(out, "")
                self.assertRegex(err, "^ldmsc: ")

    def test_cannot_connect(self):
        for args, words in ((["-p", str(held_port(self))], "refused"),
                            (["-h", "name.invalid"], "cannot resolve"),
                            (["-a", "naive"], "Auth mismatch")):
            code, out, err = self.ask(*args, "daemon_status")
            self.assertEqual((code, out), (LOST, ""), args)
            self.assertIn(words, err)

    def test_a_stand_in_of_the_other_release(self):
        for option in "--release", "--like":
            with Serve(option, "main") as server:
                self.assertEqual(ldmsc("--release", "main", "profiling_enable",
                                       port=server.port), (DONE, "OK\n", ""))
        self.assertEqual(self.ask("--release", "main", "profiling_enable")[0], FAILED)

    def test_environment_names_the_daemon(self):
        env = dict(os.environ, LDMSC_HOST="127.0.0.1", LDMSC_PORT=str(self.port))
        self.assertEqual(ldmsc("daemon_status", env=env)[:2], (DONE, '{"state":"ready"}\n'))

    def test_options_may_come_last(self):
        self.assertEqual(ldmsc("daemon_status", "-h", "127.0.0.1", "-p",
                               str(self.port))[0], DONE)
        self.assertEqual(self.ask("--", "daemon_status")[0], DONE)

    def test_naive_says_who_it_is(self):
        with Serve("-a", "naive") as server:
            stranger = os.getuid() + 1000
            who = ["-a", "naive", "-A", "uid=%d" % stranger, "-A", "gid=1000"]
            self.assertEqual(ldmsc(*who, "daemon_status", port=server.port)[0], DONE)
            code, _, err = ldmsc(*who, *add("a"), port=server.port)
            self.assertEqual(code, FAILED)
            self.assertIn("Operation not permitted. (status 1)", err)
            root = ["-a", "naive", "-A", "uid=0", "-A", "gid=0"]
            self.assertEqual(ldmsc(*root, *add("a"), port=server.port)[0], DONE)
        for odd in ("uid=root", "gid=-1", "uid=", "uid=4294967296"):
            for end in (["serve", "--listen", "0"], ["-p", "1", "daemon_status"]):
                got = subprocess.run([tool("ldmsc"), "-a", "naive", "-A", odd, *end], timeout=20,
                                     capture_output=True, text=True, check=False)
                self.assertNotEqual(got.returncode, DONE)
                self.assertIn("uid= and gid= take numbers", got.stderr)

    def test_ovis_knows_the_secret(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, word in (("good", "throwaway0secret"), ("bad", "wrong0secret0")):
                with open(folder + "/" + name, "w") as f:
                    f.write("secretword=%s\n" % word)
                os.chmod(folder + "/" + name, 0o600)
            with Serve("-a", "ovis", "-A", folder + "/good") as server:
                ovis = ["-a", "ovis", "-A", "conf=" + folder + "/good"]
                self.assertEqual(ldmsc(*ovis, *add("a"), port=server.port)[0], DONE)
                ovis[3] = "conf=" + folder + "/bad"
                code, _, err = ldmsc(*ovis, "daemon_status", port=server.port)
                self.assertEqual(code, LOST)
                self.assertIn("authentication ovis", err)
                # a second door, opened by a request
                port = held_port(self)
                ovis[3] = "conf=" + folder + "/good"
                self.assertEqual(ldmsc(*ovis, "auth_add", "name=open", "plugin=none",
                                       port=server.port)[0], DONE)
                self.assertEqual(ldmsc(*ovis, "listen", "xprt=sock", "port=%d" % port,
                                       "auth=open", port=server.port)[0], DONE)
                self.assertEqual(data("prdcr_status", port=port)[0]["name"], "a")


class Table(unittest.TestCase):
    def test_121_methods(self):
        code, out, _ = ldmsc("methods", "--json")
        listed = json.loads(out)
        self.assertEqual((code, len(listed)), (DONE, 121))
        self.assertEqual(len({m["name"] for m in listed}), 121)
        for method in listed:
            self.assertTrue(method["help"] and method["group"] and method["function"])
        lines = ldmsc("methods", "--format=jsonl")[1].splitlines()
        self.assertEqual([json.loads(line) for line in lines], listed)
        self.assertEqual(ldmsc("methods", "--names")[1].split(),
                         [m["name"] for m in listed])
        self.assertEqual(json.loads(ldmsc("methods", "prdcr_add", "--json")[1]),
                         next(m for m in listed if m["name"] == "prdcr_add"))

    def test_each_has_its_help(self):
        for method in json.loads(ldmsc("methods", "--json")[1]):
            code, out, err = ldmsc(method["name"], "--help")
            self.assertEqual((code, err), (DONE, ""))
            self.assertIn(method["help"], out)
            for argument in method["arguments"]:
                self.assertIn(argument["name"] + "=", out)
                self.assertTrue(argument["help"], (method["name"], argument))

    def test_completion(self):
        """bash completes commands, methods and their arguments."""
        script = r"""
            PATH=%s:$PATH; source %s
            COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="%s"
            COMP_POINT=${#COMP_LINE}; _ldmsc; echo "${COMPREPLY[@]}" """
        place = os.path.dirname(tool("ldmsc"))
        file = os.path.join(SOURCE, "tools/completions/ldmsc")
        for words, wanted in (("ldmsc sou", {"source"}),
                              ("ldmsc prdcr_ad", {"prdcr_add"}),
                              ("ldmsc prdcr_add na", {"name="}),
                              ("ldmsc -h x prdcr_del na", {"name="}),
                              ("ldmsc load pl", {"plugin="}),
                              ("ldmsc --ho", {"--host", "--hosts"}),
                              ("ldmsc -a ov", {"ovis"}),
                              ("ldmsc --fault refl", {"reflect"}),
                              ("ldmsc --fault = refl", {"reflect"}),
                              ("ldmsc --auth =", {"none", "naive", "ovis", "munge"}),
                              ("ldmsc --format = json load pl", {"plugin="}),
                              ("ldmsc -A conf = x load pl", {"plugin="}),
                              ("ldmsc --port = 5 prdcr_del na", {"name="}),
                              ("ldmsc prdcr_add name = x ho", {"host="}),
                              ("ldmsc prdcr_add name =", set()),
                              ("ldmsc prdcr_add name = na", set())):
            got = subprocess.run(["bash", "-c", script % (place, file, words, words)],
                                 capture_output=True, text=True, timeout=20, check=True)
            self.assertEqual((set(got.stdout.split()), got.stderr), (wanted, ""), words)


class Scripts(unittest.TestCase):
    def setUp(self):
        self.server = Serve()
        self.addCleanup(self.server.stop)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_script(self, text, *args, env=None):
        path = self.folder.name + "/script"
        with open(path, "w") as f:
            f.write(text)
        code, out, err = ldmsc(*args, "source", path, port=self.server.port, env=env)
        return code, out, err.replace(path, "FILE")

    def names(self):
        return [p["name"] for p in data("prdcr_status", port=self.server.port)]

    ADD = "prdcr_add name=%s type=active xprt=sock host=h port=1 reconnect=1s\n"

    def test_all_goes_well(self):
        code, out, err = self.run_script(
            "# two producers\n" + self.ADD % "a" +
            "prdcr_add name=b type=active xprt=sock \\\n  host=h port=1 reconnect=1s # b\n"
            "\nprdcr_start name=a\ngreeting name=x\n")
        self.assertEqual((code, out, err), (DONE, "Hello 'x'\n", ""))
        self.assertEqual(self.names(), ["a", "b"])

    def test_stops_at_the_first_failure(self):
        code, _, err = self.run_script(
            self.ADD % "a" + "\n\nprdcr_del name=zz\n" + self.ADD % "b")
        self.assertEqual(code, FAILED)
        self.assertRegex(err, r"^ldmsc: FILE:4: .*The producer specified does not exist\. "
                              r"\(status 2\)\n$")
        self.assertEqual(self.names(), ["a"])

    def test_keeps_going(self):
        code, _, err = self.run_script(
            "prdcr_del name=z1\n" + self.ADD % "a" + "nosuch x=1\nprdcr_del name=z2\n" +
            self.ADD % "b", "--keep-going")
        self.assertEqual(code, FAILED)
        self.assertEqual(re.findall(r"FILE:(\d+):", err), ["1", "3", "4"])
        self.assertIn("3 commands failed, 2 done", err)
        self.assertEqual(self.names(), ["a", "b"])

    def test_each_command_is_an_object(self):
        """In JSON, the failed ones too."""
        code, out, err = self.run_script(
            "greeting name=x\nprdcr_del name=z1\nnosuch\n" + self.ADD % "a",
            "--keep-going", "--format=jsonl")
        self.assertEqual(code, FAILED)
        self.assertEqual([(o["method"], o["status"], o["data"])
                          for o in map(json.loads, out.splitlines())],
                         [("greeting", 0, "Hello 'x'"), ("prdcr_del", 2, None),
                          ("nosuch", None, None), ("prdcr_add", 0, None)])
        self.assertIn("FILE:2: ", err)

    def test_unknown_words_and_bad_arguments_name_their_line(self):
        for text, line in (("nosuch\n", 1), (self.ADD % "a" + "prdcr_del\n", 2),
                           ("# c\n \\\n prdcr_start\n", 2)):
            code, _, err = self.run_script(text)
            self.assertEqual(code, FAILED)
            self.assertIn("FILE:%d: " % line, err)

    def test_failures_among_those_sent_together(self):
        code, _, err = self.run_script("".join(self.ADD % n for n in "abcbdef"))
        self.assertEqual(code, FAILED)
        self.assertRegex(err, r"FILE:4: .*The prdcr b already exists")

    def test_environment(self):
        env = dict(os.environ, LDMSC_TEST_NAME="from-env")
        code, _, _ = self.run_script(
            self.ADD % "${LDMSC_TEST_NAME}" + "env LDMSC_TEST_TWO=two\n" +
            self.ADD % "${LDMSC_TEST_TWO}", env=env)
        self.assertEqual((code, self.names()), (DONE, ["from-env", "two"]))

    def test_standard_input(self):
        code, _, err = ldmsc("source", "-", port=self.server.port, stdin=self.ADD % "a")
        self.assertEqual((code, err, self.names()), (DONE, "", ["a"]))

    def test_standard_input_line_by_line(self):
        """Each command is answered before the next line is there."""
        with subprocess.Popen([tool("ldmsc"), "-p", str(self.server.port), "source", "-"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as source:
            for n in "ab":
                source.stdin.write(self.ADD % n + "prdcr_status name=%s\n" % n)
                source.stdin.flush()
                self.assertTrue(select.select([source.stdout], [], [], 60)[0])
                self.assertIn('"name":"%s"' % n, source.stdout.readline())
            source.stdin.close()
            self.assertEqual(source.wait(60), DONE)

    def test_files_that_cannot_be_read(self):
        self.assertEqual(ldmsc("source", "/nonexistent/x", port=self.server.port)[0], FAILED)
        self.assertEqual(ldmsc("source", "/", port=self.server.port)[0], FAILED)
        code, _, err = self.run_script(self.ADD % "a" + "prdcr_add name=\0\n")
        self.assertEqual(code, FAILED)
        self.assertIn("FILE:2: the line has a NUL byte", err)

    def test_the_daemon_goes_away(self):
        code, _, err = self.run_script("daemon_exit\nlogrotate\nlogrotate\n", "-k")
        self.assertEqual(code, LOST)
        self.assertIn("FILE:2: ", err)
        self.assertNotIn("FILE:3: ", err)

    def test_a_daemon_takes_a_script_at_its_start(self):
        path = self.folder.name + "/start"
        with open(path, "w") as f:
            f.write(self.ADD % "a" + "prdcr_start name=a\n")
        with Serve("--config", path) as server:
            self.assertEqual(data("prdcr_status", port=server.port)[0]["state"],
                             "CONNECTED")


    RICH = """load name=mem1 plugin=meminfo
        config name=mem1 producer=n1 instance=n1/meminfo component_id=1
        start name=mem1 interval=1000000 offset=0
        load name=csv1 plugin=store_csv
        auth_add name=a1 plugin=naive uid=0 gid=0
        prdcr_add name=p1 type=active xprt=sock host=h port=9 reconnect=20s
        prdcr_add name=p2 type=passive xprt=sock host=h reconnect=20s
        prdcr_add name=p3 type=active xprt=sock host=h port=9 reconnect=20s auth=a1 rail=2
        advertiser_add name=ad xprt=sock host=h port=9 reconnect=10s
        prdcr_start name=p1
        prdcr_listen_add name=l1 regex=n.* ip=10.0.0.0/8 quota=10
        prdcr_listen_add name=l2 type=active advertiser_xprt=sock advertiser_port=411 \
            reconnect=10s
        prdcr_listen_start name=l1
        updtr_add name=u1 interval=1000000 offset=100000
        updtr_prdcr_add name=u1 regex=p1
        updtr_match_add name=u1 regex=meminfo match=schema
        updtr_match_add name=u1 regex=n.* match=inst
        updtr_add name=u2 interval=1000000 push=onchange
        updtr_start name=u1
        strgp_add name=s1 plugin=csv1 container=c1 schema=meminfo flush=5s
        strgp_prdcr_add name=s1 regex=p.*
        strgp_metric_add name=s1 metric=MemFree
        strgp_start name=s1
        setgroup_add name=g1 interval=1000000 offset=0
        setgroup_ins name=g1 instance=n1/meminfo,n2
        stream_enable
        msg_enable
        qgroup_config quota=1M ask_mark=1K ask_amount=1K ask_interval=1s reset_interval=1s
        qgroup_member_add host=h xprt=sock port=9
        qgroup_start
        metric_sets_default_authz perm=0640
        """

    def test_a_dump_makes_another_like_it(self):
        """The daemon's own, from which another begins; told alike by the other dump."""
        self.assertEqual(self.run_script(self.RICH)[0], DONE)

        def told(port):
            return ldmsc("dump", port=port)[1].splitlines()[1:]  # without its address
        code, _, err = ldmsc("dump_cfg", "path=" + self.folder.name, port=self.server.port)
        self.assertEqual((code, err), (DONE, ""))
        with Serve("--config", "%s/localhost-%d.conf" % (
                self.folder.name, self.server.port)) as other:
            self.assertEqual(told(other.port), told(self.server.port))

    def test_a_script_at_its_start_that_is_wrong(self):
        path = self.folder.name + "/start"
        for text, words in ((b"# c\nprdcr_add name=x\n", ":2: "),
                            (b"nosuch x=1\n", ":1: no word 'nosuch'"),
                            (self.ADD.encode() % b"a" + b"prdcr_del name=b\n",
                             ":2: The producer specified does not exist."),
                            (b"\na\0b\n", ":2: the line has a NUL byte in it"),
                            (None, "ldmsc: cannot open " + path + ": No such file")):
            if text is not None:
                with open(path, "wb") as f:
                    f.write(text)
            else:
                os.remove(path)
            code, out, err = ldmsc("serve", "--listen", "0", "--config", path)
            self.assertEqual((code, out), (FAILED, ""))
            self.assertIn(words, err)


class Fleet(unittest.TestCase):
    def test_all_answer(self):
        with Serve("--count", "40") as server:
            hosts = ",".join("127.0.0.1:%d" % p for p in server.ports)
            code, out, err = ldmsc("--hosts", hosts, "-j", "7", "daemon_status")
            self.assertEqual((code, err), (DONE, ""))
            self.assertEqual(sorted(out.splitlines()),
                             sorted('127.0.0.1:%d\tok\t{"state":"ready"}' % p
                                    for p in server.ports))

    def test_some_fail(self):
        dead = held_port(self)
        with Serve("--count", "3") as server, Serve("--fault", "silent") as silent:
            ports = [*server.ports, dead, silent.port]
            hosts = ",".join("127.0.0.1:%d" % p for p in ports)
            code, out, err = ldmsc("--hosts", hosts, "-t", "6", "--format=jsonl",
                                   "daemon_status")
            rows = {r["port"]: r for r in map(json.loads, out.splitlines())}
            self.assertEqual((code, len(rows)), (FAILED, 5))
            self.assertEqual([p for p in ports if rows[p]["data"]], server.ports)
            self.assertIn("refused", rows[dead]["message"])
            self.assertIn("did not answer", rows[silent.port]["message"])
            self.assertIn("2 of 5 daemons failed", err)
            code, out, _ = ldmsc("--hosts", hosts, "-t", "1", "--json", "daemon_status")
            self.assertEqual((code, len(json.loads(out))), (FAILED, 5))
            code, out, _ = ldmsc("--hosts", hosts, "-t", "1", "daemon_status")
            self.assertEqual(len(out.splitlines()), 5)
            self.assertRegex(out, r"127\.0\.0\.1:%d\tfailed\t" % dead)

    def test_names_in_a_file_reach_no_terminal_as_they_are(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("\x1b\x9bnode.invalid:411\n")
            file.flush()
            code, out, _ = ldmsc("--hosts", file.name, "-t", "5", "daemon_status")
            self.assertEqual(code, FAILED)
            self.assertTrue(out[:-1].replace("\t", "").isprintable(), out)
            self.assertIn("node.invalid:411\tfailed\t", out)

    def test_each_is_a_daemon_of_its_own(self):
        with Serve("--count", "4") as server, tempfile.NamedTemporaryFile("w") as file:
            file.write("# fleet\n" + "".join("localhost:%d\n" % p for p in server.ports))
            file.flush()
            self.assertEqual(ldmsc("--hosts", file.name, *add("a"))[0], DONE)
            self.assertEqual(ldmsc(*add("b"), port=server.ports[0])[0], DONE)
            code, out, _ = ldmsc("--hosts", file.name, "--json", "prdcr_status")
            self.assertEqual(sorted(len(r["data"]) for r in json.loads(out)), [1, 1, 1, 2])
            code, out, _ = ldmsc("--hosts", file.name, "prdcr_del", "name=b")
            self.assertEqual((code, out.count("\tok\t"), out.count("\tfailed\t")),
                             (FAILED, 1, 3))

    def test_few_open_files(self):
        """No more daemons at a time than the system lets it have connections."""
        for files in (40, 24):
            with Serve("--count", "100") as server:
                hosts = ",".join("127.0.0.1:%d" % p for p in server.ports)
                got = subprocess.run(["bash", "-c", 'ulimit -n $0; exec "$@"', str(files),
                                      tool("ldmsc"), "--hosts", hosts, "daemon_status"],
                                     capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual((got.returncode, got.stdout.count("\tok\t"), got.stderr),
                                 (DONE, 100, ""), files)

    def test_each_line_is_there_when_it_is_known(self):
        """While others are still being asked."""
        with Serve() as server, Serve("--fault", "silent") as silent:
            hosts = "127.0.0.1:%d,127.0.0.1:%d" % (silent.port, server.port)
            with subprocess.Popen([tool("ldmsc"), "-t", "600", "--hosts", hosts,
                                   "daemon_status"], stdout=subprocess.PIPE,
                                  text=True) as child:
                there = select.select([child.stdout], [], [], 60)[0]
                line = child.stdout.readline() if there else ""
                child.kill()
            self.assertIn("%d\tok\t" % server.port, line)

    def test_the_deadline_is_that_of_the_whole(self):
        """Neither a slow connection nor a slow answer makes it longer."""
        with Serve("--fault", "delay", "--delay", "50") as server:
            for args in (["-h", "127.0.0.1", "-p", str(server.port)],
                         ["--hosts", "127.0.0.1:%d" % server.port]):
                begun = time.monotonic()
                code, out, err = ldmsc(*args, "-t", "0.5", "daemon_status")
                self.assertLess(time.monotonic() - begun, 20)
                self.assertNotEqual(code, DONE)
                self.assertIn("did not answer", out + err)

    def test_each_is_asked_once(self):
        with Serve() as server:
            hosts = "127.0.0.1:%d" % server.port
            self.assertEqual(ldmsc("--hosts", "%s,%s" % (hosts, hosts), *add("a")),
                             (DONE, hosts + "\tok\t\n", ""))

    def test_ranges(self):
        with Serve() as server:
            low, high = server.port // 10, server.port % 10
            code, out, _ = ldmsc("--hosts", "127.0.0.[1-1]:%d[%d-%d]" % (low, high, high),
                                 "daemon_status")
            self.assertEqual((code, len(out.splitlines())), (DONE, 1))

    def test_dir_list_and_words(self):
        with Serve() as server:
            hosts = "127.0.0.1:%d" % server.port
            self.assertEqual(ldmsc("--hosts", hosts, "load", "name=meminfo")[0], DONE)
            self.assertIn("0 sets", ldmsc("--hosts", hosts, "dir_list")[1])
            self.assertEqual(ldmsc("--hosts", hosts, "getState")[0], MISUSED)
            self.assertEqual(ldmsc("--hosts", hosts, "prdcr_add", "x=1")[0], MISUSED)

    def test_hosts_from_standard_input(self):
        with Serve() as server:
            code, out, _ = ldmsc("--hosts", "-", "version",
                                 stdin="127.0.0.1:%d\n" % server.port)
            self.assertEqual((code, out.count("\n")), (DONE, 1))

    def test_a_thousand(self):
        with Serve("--count", "1000") as server, tempfile.NamedTemporaryFile("w") as file:
            file.write("".join("127.0.0.1:%d\n" % p for p in server.ports))
            file.flush()
            code, out, err = ldmsc("--hosts", file.name, "daemon_status", timeout=60)
            self.assertEqual((code, err, out.count("\tok\t")), (DONE, "", 1000))


if __name__ == "__main__":
    unittest.main(verbosity=2)
