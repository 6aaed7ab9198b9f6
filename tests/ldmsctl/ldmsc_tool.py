"""Running ldmsc in tests."""
import json
import subprocess

from labwire import tool


def ldmsc(*args, port=None, timeout=30, stdin=None, env=None):
    """(exit code, stdout, stderr)"""
    where = [] if port is None else ["-h", "127.0.0.1", "-p", str(port)]
    got = subprocess.run([tool("ldmsc"), *where, *args], capture_output=True, text=True,
                         timeout=timeout, input=stdin, check=False, env=env,
                         errors="surrogateescape")
    return got.returncode, got.stdout, got.stderr


def data(*args, port):
    """The data of a request that succeeds."""
    code, out, err = ldmsc("--json", *args, port=port)
    assert code == 0, (args, out, err)
    return json.loads(out)["data"]


def add(name, **more):
    """prdcr_add and its arguments."""
    args = dict(name=name, ptype="active", xprt="sock", host="127.0.0.1", port="1",
                reconnect="1s", **more)
    return ["prdcr_add", *("%s=%s" % pair for pair in args.items())]
