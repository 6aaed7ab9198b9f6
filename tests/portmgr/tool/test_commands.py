"""portmgr get, run, list, find, wait, watch: what each prints, holds and exits with."""
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import labwire
from serving import PORTMGR, Server, environment, run, started

USER = ["-u", "fox"]


class WithServer(unittest.TestCase):
    def setUp(self):
        self.server = Server("--ports", "43001-43010")
        self.addCleanup(self.server.stop)
        self.to = ["-p", str(self.server.port)]

    def listed(self):
        return json.loads(run(*self.to, "list", "--json").stdout)

    def hold(self, *services):
        """Held by a connection of our own, as raw words."""
        s = self.server.connect()
        self.addCleanup(s.close)
        for service in services:
            s.sendall(b"GIMME " + service + b"\n")
            self.assertEqual(s.recv(100)[:3], b"OK ")
        return s

    def until_listed(self, count):
        labwire.wait_for(lambda: len(self.listed()) == count, "%d rows" % count)


class Get(WithServer):
    def test_prints_holds_and_gives_back(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with started("get", "a", "b c", *self.to, *USER) as get:
                given = [int(get.stdout.readline()), int(get.stdout.readline())]
                self.assertEqual(sorted(given), [43009, 43010])
                self.assertEqual(self.listed(), [
                    {"port": given[0], "service": "a", "user": "fox"},
                    {"port": given[1], "service": "b c", "user": "fox"}])
                get.send_signal(number)
                self.assertEqual(get.wait(10), 0)
            self.until_listed(0)

    def test_once(self):
        got = run("get", "--once", "a", *self.to)
        self.assertEqual((got.returncode, got.stdout, got.stderr), (0, "43010\n", ""))
        self.until_listed(0)

    def test_json(self):
        got = run("get", "--once", "--json", 'a"b', "c", *self.to)
        self.assertEqual(json.loads(got.stdout), [{"port": 43010, "service": 'a"b'},
                                                  {"port": 43009, "service": "c"}])

    def test_all_or_nothing(self):
        self.hold(*[b"svc fox"] * 8)
        got = run("get", "a", "b", "c", *self.to)
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn("no free ports", got.stderr)
        self.assertEqual(len(self.listed()), 8)

    def test_lost(self):
        with started("get", "a", *self.to) as get:
            get.stdout.readline()
            self.server.stop()
            self.assertEqual(get.wait(10), 3)
            self.assertIn("port 43010 of 'a' is lost", get.stderr.read())

    def test_unique(self):
        self.hold(b"a fox", b"b cerizza")
        got = run("get", "--unique", "--once", "a", *self.to, *USER)
        self.assertEqual((got.returncode, got.stdout), (1, ""))
        self.assertIn("'a' of fox is there already, on port 43010", got.stderr)
        got = run("get", "--unique", "--once", "b", *self.to, *USER)
        self.assertEqual((got.returncode, got.stdout), (0, "43008\n"))

    def test_unique_never_lets_two_go_on(self):
        all_of_them = [subprocess.Popen([PORTMGR, "get", "--unique", "a", *self.to],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                       for _ in range(8)]
        labwire.wait_for(lambda: sum(p.poll() is None for p in all_of_them) <= 1, "one")
        for process in all_of_them:
            process.terminate()
            process.communicate(timeout=20)
        self.assertLessEqual(sum(p.returncode == 0 for p in all_of_them), 1)

    def test_or_find(self):
        self.hold(b"a cerizza")
        got = run("get", "--or-find", "a", *self.to, timeout=10)
        self.assertEqual((got.returncode, got.stdout), (0, "43010\n"))
        got = run("get", "--or-find", "--once", "a", *self.to, *USER)
        self.assertEqual((got.returncode, got.stdout), (0, "43009\n"))

    def test_misuse(self):
        for arguments in (["get"], ["get", ""], ["get", "a\nb"], ["get", "x" * 256],
                          ["get", "-H", "a", "-H", "b", "c"], ["get", "--no", "c"],
                          ["get", "-H", "", "a"], ["get", "-u", "", "a"],
                          ["get", "-u", "a\nb", "a"], ["get", "-H", "x" * 2000, "a"]):
            got = run(*arguments)
            self.assertEqual((got.returncode, got.stdout), (2, ""), arguments)
            self.assertIn("try 'portmgr --help'", got.stderr)


class Run(WithServer):
    def test_passes_the_status_on(self):
        for script, status in (("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137),
                               ("kill $$", 143)):
            got = run(*self.to, "run", "-q", "a", "--", "sh", "-c", script)
            self.assertEqual((got.returncode, got.stdout, got.stderr), (status, "", ""))
        self.assertEqual(run(*self.to, "run", "a", "--", "/no/such").returncode, 127)
        self.assertEqual(run(*self.to, "run", "a", "--", "/dev/null").returncode, 126)
        self.until_listed(0)

    def test_environment(self):
        got = run(*self.to, "run", "-q", "ring-master", "b", "--", "sh", "-c",
                  "echo $PORTMGR_PORT $PORTMGR_PORT_RING_MASTER $PORTMGR_PORT_B")
        self.assertEqual(got.stdout, "43010 43010 43009\n")

    def test_names_the_ports(self):
        self.assertEqual(run(*self.to, "run", "a", "b", "--", "true").stdout,
                         "43010\n43009\n")

    def test_what_is_behind_the_dashes_is_the_programs(self):
        got = run(*self.to, "run", "-q", "a", "--", "echo", "--help", "-p", "x", "--", "y")
        self.assertEqual((got.returncode, got.stdout), (0, "--help -p x -- y\n"))

    def test_signals_reach_the_program(self):
        script = "trap 'echo got $0; exit 5' %s; echo ready; while :; do sleep 0.05; done"
        for name in ("TERM", "INT", "HUP", "USR1", "USR2", "QUIT"):
            with started(*self.to, "run", "-q", "a", "--", "sh", "-c", script % name,
                         name) as job:
                self.assertEqual(job.stdout.readline(), "ready\n")
                job.send_signal(getattr(signal, "SIG" + name))
                self.assertEqual(job.stdout.readline(), "got %s\n" % name)
                self.assertEqual(job.wait(10), 5)

    def test_interrupt_from_a_terminal_comes_once(self):
        script = ("n=0; trap 'n=$((n+1))' INT; echo ready; "
                  "while [ $n = 0 ]; do sleep 0.1; done; sleep 0.3; echo n=$n")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(PORTMGR, [PORTMGR, *self.to, "run", "-q", "a", "--", "sh", "-c",
                               script])
        seen = b""
        end = time.monotonic() + 20
        sent = False
        while b"n=1" not in seen and b"n=2" not in seen and time.monotonic() < end:
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    seen += os.read(terminal, 1000)
                except OSError:
                    break
            if b"ready" in seen and not sent:
                os.write(terminal, b"\x03")
                sent = True
        os.close(terminal)
        os.waitpid(pid, 0)
        self.assertIn(b"n=1", seen)

    def lose(self, job, number):
        """The ports, while the program runs: what is said of it."""
        self.assertEqual(job.stdout.readline(), "ready\n")
        self.server.stop(number)
        said = [job.stderr.readline() for _ in range(2)]
        self.assertIn("port 43010 of 'a' is lost", said[0])
        self.assertIn("lost the connection", said[1])

    def test_on_loss_kill(self):
        script = "trap 'echo ending; exit 4' TERM; echo ready; while :; do sleep 0.05; done"
        with started(*self.to, "run", "-q", "a", "--", "sh", "-c", script) as job:
            self.lose(job, signal.SIGTERM)
            self.assertEqual(job.stderr.readline(), "portmgr: ending 'sh'\n")
            self.assertEqual(job.wait(20), 3)
            self.assertEqual(job.stdout.read(), "ending\n")

    def test_on_loss_kill_one_who_will_not_end(self):
        script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
        with started(*self.to, "run", "-q", "a", "--", "sh", "-c", script,
                     preexec_fn=lambda: signal.signal(signal.SIGALRM, signal.SIG_IGN)) as job:
            self.lose(job, signal.SIGTERM)
            self.assertEqual(job.wait(30), 3)

    def test_on_loss_ignore(self):
        script = "echo ready; read line; echo $line"
        with started(*self.to, "run", "-q", "--on-loss=ignore", "a", "--", "sh", "-c",
                     script, stdin=subprocess.PIPE) as job:
            self.lose(job, signal.SIGKILL)
            out, words = job.communicate("on\n", timeout=20)
            self.assertEqual((job.returncode, out, words), (0, "on\n", ""))

    @unittest.skipUnless(sys.platform == "linux", "needs the parent's death signal")
    def test_killed_takes_the_program_along(self):
        with started(*self.to, "run", "-q", "a", "--", "sh", "-c",
                     "echo $$; exec sleep 60") as job:
            child = int(job.stdout.readline())
            job.kill()

            def gone():
                try:
                    with open("/proc/%d/stat" % child) as f:
                        return f.read().split()[2] == "Z"
                except OSError:
                    return True
            labwire.wait_for(gone, "end of the program")
        self.until_listed(0)

    def test_refused_before_the_program_starts(self):
        self.hold(*[b"svc fox"] * 10)
        got = run(*self.to, "run", "a", "--", "echo", "started")
        self.assertEqual((got.returncode, got.stdout), (1, ""))

    def test_misuse(self):
        for arguments in (["run"], ["run", "a"], ["run", "a", "--"], ["run", "--", "true"],
                          ["run", "--on-loss=x", "a", "--", "true"]):
            self.assertEqual(run(*arguments).returncode, 2, arguments)

    def test_beside_a_server_that_is_being_started(self):
        port = str(labwire.free_port())
        script = """
            $0 serve --listen $1 & server=$!
            $0 -p $1 run demo -- sh -c "$0 -p $1 find --service demo --first"; echo $?
            $0 -p $1 list; kill $server; wait $server; echo $?
        """
        got = subprocess.run(["sh", "-c", script, PORTMGR, port], capture_output=True,
                             text=True, timeout=30, check=False)
        self.assertEqual((got.stdout, got.stderr), ("31000\n31000\n0\n0\n", ""))


class ListAndFind(WithServer):
    def setUp(self):
        super().setUp()
        self.hold(b"svc fox", b"svc fox", b"svcx fox", b"svc cerizza", b"{a b} fox")

    def find(self, *arguments):
        got = run(*self.to, "find", *arguments)
        return got.returncode, got.stdout

    def test_text(self):
        self.assertEqual(run(*self.to, "list").stdout,
                         "43007\tsvc\tcerizza\n43009\tsvc\tfox\n43010\tsvc_1\tfox\n"
                         "43008\tsvcx\tfox\n43006\ta b\tfox\n")

    def test_table_on_a_terminal(self):
        for extra, bold in (({}, True), ({"NO_COLOR": "1"}, False)):
            code, seen = labwire.on_terminal([PORTMGR, *self.to, "list"],
                                             env=environment(TERM="xterm", **extra))
            self.assertEqual(code, 0)
            seen = seen.replace("\r\n", "\n")
            self.assertEqual("\033[1m" in seen, bold)
            lines = seen.replace("\033[1m", "").replace("\033[0m", "").split("\n")
            self.assertEqual(lines[:3], [" PORT  SERVICE  USER", "43007  svc      cerizza",
                                         "43009  svc      fox"])

    def test_jsonl(self):
        got = run(*self.to, "list", "--format=jsonl").stdout.split("\n")
        self.assertEqual(json.loads(got[4]),
                         {"port": 43006, "service": "a b", "user": "fox"})

    def test_criteria_add_up(self):
        self.assertEqual(self.find("--service", "svc"),
                         (0, "43007\tsvc\tcerizza\n43009\tsvc\tfox\n"))
        self.assertEqual(self.find("--service", "svc", "-u", "fox"),
                         (0, "43009\tsvc\tfox\n"))
        self.assertEqual(self.find("--begins-with", "svc", "-u", "fox")[1].count("\n"), 3)
        self.assertEqual(self.find("--instances-of", "svc", "-u", "fox")[1].count("\n"), 2)
        self.assertEqual(self.find("--begins-with", "")[1].count("\n"), 5)
        self.assertEqual(self.find()[1].count("\n"), 5)

    def test_no_match_is_no_failure(self):
        self.assertEqual(self.find("--service", ""), (0, ""))
        self.assertEqual(self.find("--service", "SVC", "--json"), (0, "[]\n"))

    def test_first(self):
        self.assertEqual(self.find("--service", "svc", "--first"), (0, "43007\n"))
        self.assertEqual(self.find("--service", "none", "--first"), (1, ""))
        code, out = self.find("--service", "svc", "--first", "--json")
        self.assertEqual((code, len(json.loads(out))), (0, 1))

    def test_one(self):
        self.assertEqual(self.find("--service", "svcx", "--one"), (0, "43008\tsvcx\tfox\n"))
        self.assertEqual(self.find("--service", "svcx", "--one", "--first"), (0, "43008\n"))
        self.assertEqual(self.find("--service", "svc", "--one"), (1, ""))
        self.assertEqual(self.find("--service", "none", "--one"), (1, ""))

    def test_several_hosts(self):
        got = run(*self.to, "find", "--service", "svcx", "-H", "127.0.0.1", "-H", "localhost",
                  "-H", "127.0.0.77", "-t", "2")
        self.assertEqual(got.stdout, "127.0.0.1\t43008\tsvcx\tfox\n"
                                     "localhost\t43008\tsvcx\tfox\n")
        self.assertEqual(got.returncode, 3)
        self.assertIn("127.0.0.77", got.stderr)
        got = run(*self.to, "find", "--service", "svcx", "-H", "127.0.0.1", "-H", "localhost",
                  "--json")
        self.assertEqual([row["host"] for row in json.loads(got.stdout)],
                         ["127.0.0.1", "localhost"])

    def test_a_host_that_is_down_costs_no_more_than_its_time(self):
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            begin = time.monotonic()
            got = run("list", "-p", str(deaf.getsockname()[1]), "-t", "2",
                      *["-H", "127.0.0.1"] * 8)
            self.assertEqual(got.returncode, 3)
            self.assertLess(time.monotonic() - begin, 8 * 2)

    def test_names_of_strangers(self):
        with Server() as server, server.connect() as s:
            s.sendall(b"GIMME \\x1b\\[2J\\n43099\\tRing\\troot fox\\xff\\\\\n")
            s.recv(100)
            out = run("-p", str(server.port), "list").stdout
            self.assertEqual(out, "31000\t\\x1b[2J\\n43099\\tRing\\troot\tfox\xff\\\\\n")
            s.sendall(b"GIMME a\\x00b \xed\xa0\x80\n")
            s.recv(100)
            rows = json.loads(run("-p", str(server.port), "list", "--json").stdout)
            self.assertEqual(rows[1], {"port": 30999, "service": "a\0b",
                                       "user": "\udced\udca0\udc80"})

    def test_a_full_disk_is_told(self):
        with open("/dev/full", "w") as full:
            got = subprocess.run([PORTMGR, *self.to, "list"], stdout=full,
                                 stderr=subprocess.PIPE, text=True, check=False, timeout=20)
        self.assertEqual(got.returncode, 1)
        self.assertIn("No space left", got.stderr)


class Wait(WithServer):
    def test_the_manager_is_there(self):
        self.assertEqual(run(*self.to, "wait").returncode, 0)

    def test_it_comes(self):
        port = labwire.free_port()
        with started("-p", str(port), "-t", "60", "wait") as wait:
            time.sleep(0.3)
            with Server(port=port):
                self.assertEqual(wait.wait(20), 0)

    def test_a_service_comes(self):
        with started(*self.to, "-t", "60", "wait", "--service", "late") as wait:
            time.sleep(0.2)
            self.assertIsNone(wait.poll())
            self.hold(b"late fox")
            self.assertEqual(wait.wait(20), 0)
            self.assertEqual(wait.stdout.read(), "43010\n")

    def test_json(self):
        self.hold(b"a fox", b"a fox")
        got = run(*self.to, "--json", "wait", "-u", "fox")
        self.assertEqual(json.loads(got.stdout),
                         [{"port": 43009, "service": "a", "user": "fox"}])

    def test_the_time_is_up(self):
        begin = time.monotonic()
        got = run(*self.to, "-t", "1.5", "wait", "--service", "never")
        self.assertEqual((got.returncode, got.stdout), (3, ""))
        self.assertIn("no such service after 1.5 s", got.stderr)
        self.assertLess(time.monotonic() - begin, 15)
        got = run("-p", str(labwire.free_port()), "-t", "0.5", "wait")
        self.assertEqual(got.returncode, 3)
        self.assertIn("connection refused", got.stderr.lower())

    def test_a_last_look_without_time_is_not_all(self):
        with socket.create_server(("127.0.0.1", 0)) as listener, \
                started("-p", str(listener.getsockname()[1]), "-t", "2", "wait", "--service",
                        "never") as wait:
            with listener.accept()[0] as s:  # who comes again is not answered any more
                s.sendall(b"OK 0\r\n" if s.recv(100) == b"LIST\n" else b"")
                self.assertEqual(wait.wait(20), 3)
            words = wait.stderr.read()
            self.assertIn("no such service after 2 s\n", words)
            self.assertIn("no whole answer within ", words)

    def test_something_else_is_not_waited_for(self):
        with Server("--fault", "http") as server:
            begin = time.monotonic()
            got = run("-p", str(server.port), "-t", "18", "wait")
            self.assertEqual(got.returncode, 3)
            self.assertLess(time.monotonic() - begin, 17)


class Watch(WithServer):
    def test_comes_goes_and_outlives_a_restart(self):
        port = labwire.free_port()
        server = Server("--ports", "43001-43010", port=port)
        with started("-p", str(port), "watch", "-i", "0.05") as watch:
            with server.connect() as s:
                s.sendall(b"GIMME {a b} fox\n")
                self.assertEqual(watch.stdout.readline(), "+ 43010\ta b\tfox\n")
            self.assertEqual(watch.stdout.readline(), "- 43010\ta b\tfox\n")
            s = server.connect()
            s.sendall(b"GIMME c fox\n")
            self.assertEqual(watch.stdout.readline(), "+ 43010\tc\tfox\n")
            server.stop()
            s.close()
            self.assertIn("localhost:%d" % port, watch.stderr.readline())
            with Server("--ports", "43001-43005", port=port) as again:
                self.assertEqual(watch.stdout.readline(), "- 43010\tc\tfox\n")
                with again.connect() as s:
                    s.sendall(b"GIMME d fox\n")
                    self.assertEqual(watch.stdout.readline(), "+ 43005\td\tfox\n")
                    watch.terminate()
                    self.assertEqual(watch.wait(10), 0)
            self.assertEqual(watch.stderr.read(), "portmgr: the port manager is back\n")

    def test_json(self):
        with started(*self.to, "watch", "-i", "0.05", "--json") as watch:
            self.hold(b"a fox")
            self.assertEqual(json.loads(watch.stdout.readline()),
                             {"change": "added", "port": 43010, "service": "a",
                              "user": "fox"})

    def test_nobody_there(self):
        self.assertEqual(run("-p", str(labwire.free_port()), "watch").returncode, 3)


class All(unittest.TestCase):
    def test_help(self):
        for command in "get run list find wait watch serve".split():
            got = run(command, "--help")
            self.assertEqual((got.returncode, got.stderr), (0, ""))
            self.assertTrue(got.stdout.startswith("usage: portmgr " + command))
            self.assertEqual(run("-p", "1", command, "-h").stdout, got.stdout)

    def test_help_is_no_value(self):
        with Server() as server:
            got = run("-p", str(server.port), "find", "--service", "--help", "--json")
            self.assertEqual((got.returncode, got.stdout), (0, "[]\n"))

    def test_port_file(self):
        with Server() as server, tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "listen.port")
            with open(path, "w") as f:
                f.write("%d\n" % server.port)
            self.assertEqual(run("--port-file", path, "wait").returncode, 0)

    def test_options_stand_anywhere(self):
        with Server() as server:
            port = str(server.port)
            for arguments in (["-p", port, "list"], ["list", "-p", port],
                              ["--port=" + port, "list"], ["--port", port, "list"],
                              ["--hos", "localhost", "-p", port, "list"],
                              ["-p", port, "--", "list"],
                              ["-p", port, "--", "run", "a", "--", "true"]):
                self.assertEqual(run(*arguments).returncode, 0, arguments)


unittest.main(verbosity=2)
