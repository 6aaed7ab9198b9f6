"""A pmcd of our own, with its own directories, beside whatever runs on the machine; and
dbpmda. Needs no root. What it makes goes when the `with` ends."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

import labwire

BIN = "/usr/lib/pcp/bin"
PEERS = ("pmcd", "dbpmda", "pminfo", "pmval", "pmprobe", "pmstore")


class Pmcd:
    """with Pmcd() as pcp: pcp.agent(...); pcp.start(); pcp.run("pminfo", "-f", "name")"""

    def __init__(self):
        labwire.need(*PEERS)
        self.process = None
        self.port = None
        self.conf = []
        self.roots = []
        self.dir = tempfile.mkdtemp(prefix="labwire-pcp-")
        for sub in ("pmdas", "var/pmns", "var/config/pmda", "run", "tmp", "log/pmcd"):
            os.makedirs(self.path(sub))
        self.env = dict(os.environ)
        for name, sub in (("PMDAS", "pmdas"), ("VAR", "var"), ("RUN", "run"),
                          ("TMP", "tmp"), ("LOG", "log")):
            self.env["PCP_%s_DIR" % name] = self.path(sub)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True)
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True)
        self.env.update(PCP_USER=user.stdout.strip(), PCP_GROUP=group.stdout.strip(),
                        PMCD_ROOT_AGENT="0", PMCD_RESTART_AGENTS="0",
                        PCP_STDERR="", LC_ALL="C")
        self.socket = self.path("pmcd.socket")
        self._write_stdpmid()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)
        return self.path(name)

    def read(self, name):
        try:
            with open(self.path(name), errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def _write_stdpmid(self):
        lines = []
        with open("/usr/lib/pcp/pmns/stdpmid.pcp") as f:
            for line in f:
                words = line.split()
                if len(words) == 2 and not line.startswith("#"):
                    lines.append("#define %s %s\n" % tuple(words))
        self.write("var/pmns/stdpmid", "".join(lines))

    # ---- configuration ----

    def agent(self, line, names=None, dynamic=None, domain=None):
        """A line of pmcd.conf. names: a file of names (a PMNS `root`); or dynamic: the
        first part of all names, which the agent itself, of that domain, knows."""
        self.conf.append(line)
        if dynamic:
            names = self.write("var/pmns/root_%s" % dynamic,
                               "root {\n    %s %d:*:*\n}\n" % (dynamic, domain))
        if names:
            self.roots.append(names)

    def pmns(self):
        """All names in one file, for pmcd and dbpmda."""
        out = self.path("pmns")
        if os.path.exists(out):
            os.unlink(out)
        if len(self.roots) == 1:
            folder = os.path.dirname(self.roots[0])
            got = subprocess.run([BIN + "/pmcpp", os.path.basename(self.roots[0])],
                                 cwd=folder, env=self.env, capture_output=True, text=True,
                                 timeout=30, check=True)
            self.write("pmns", got.stdout)
        else:
            subprocess.run([BIN + "/pmnsmerge", "-f", *self.roots, out], env=self.env,
                           capture_output=True, timeout=30, check=True)
        return out

    def help(self, folder, domain, name):
        """Make FOLDER/help.dir and .pag of FOLDER/help, whose pmIDs begin with NAME."""
        with open(os.path.join(folder, "help")) as f:
            text = f.read().replace("@ %s." % name, "@ %d." % domain)
        subprocess.run([BIN + "/newhelp", "-n", "root", "-v", "2", "-o", "help"],
                       input=text, cwd=folder, env=self.env, text=True,
                       capture_output=True, timeout=30, check=True)

    # ---- pmcd ----

    def start(self, *options):
        self.write("pmcd.conf", "".join(line + "\n" for line in self.conf))
        self.pmns()
        for _ in range(5):
            self.port = labwire.free_port()
            with open(self.path("pmcd.out"), "w") as out:
                self.process = subprocess.Popen(
                    [BIN + "/pmcd", "-f", "-A", "-i", "127.0.0.1", "-p", str(self.port),
                     "-s", self.socket, "-c", self.path("pmcd.conf"),
                     "-n", self.path("pmns"), "-l", self.path("pmcd.log"),
                     "-H", "testhost", "-x", self.path("fatal"), *options],
                    env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            if self._is_up():
                return self
            self.stop()  # somebody else took the port in between
        raise RuntimeError("pmcd does not start:\n" + self.read("pmcd.log") +
                           self.read("pmcd.out"))

    def _is_up(self):
        for _ in range(1000):
            if "request port" in self.read("pmcd.log"):
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return False

    def reload(self):
        """Read pmcd.conf again, which restarts agents that have died."""
        self.write("pmcd.conf", "".join(line + "\n" for line in self.conf))
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.process = None

    # ---- clients ----

    def run(self, program, *args, unix=False, timeout=30):
        """A client of this pmcd: (status, what it printed on both streams)."""
        host = "unix://" + self.socket if unix else "127.0.0.1"
        env = dict(self.env, PMCD_PORT=str(self.port))
        got = subprocess.run([program, "-h", host, *args], env=env, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=timeout, check=False)
        return got.returncode, got.stdout

    def values(self, *metrics):
        """{metric: {instance's name or None: text}} as pminfo prints them; an error, or
        that there is no value, stands under ""."""
        status, text = self.run("pminfo", "-f", *metrics)
        result, metric, after_blank = {}, None, True
        for line in text.splitlines():
            words = line.strip()
            if line and not line.startswith(" "):
                if after_blank:
                    metric = line.split()[0].rstrip(":")
                    result[metric] = {}
                else:
                    result[metric][""] = line
            elif words.startswith("inst ["):
                name = words[words.index('"') + 1:words.index('"]')]
                result[metric][name] = words.split("] value ", 1)[1]
            elif words.startswith("value "):
                result[metric][None] = words[6:]
            after_blank = not line
        return result if status == 0 else {"": text}

    def dbpmda(self, commands, timeout=60):
        """What dbpmda prints to these commands."""
        path = self.pmns()
        text = "".join(line + "\n" for line in commands) + "quit\n"
        got = subprocess.run(["dbpmda", "-e", "-f", "-n", path], input=text, env=self.env,
                             text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=timeout, check=False)
        return got.stdout
