"""A daemon to talk to, and the bytes to do it with: for tests that must not trust the
client they test. Every number is in network order but for xid and ctxt."""
import os
import signal
import socket
import struct
import subprocess

from labwire import tool

CONNECT, SENDRECV, ACCEPTED, REJECTED, ACK_ACCEPTED = 1, 2, 8, 9, 10
DIR, SEND_MSG, AUTH_MSG, DIR_REPLY = 0, 5, 6, 0x101
REQUEST, RESPONSE = 1, 2
SOM, EOM = 1, 2
STRING, JSON = 16, 26


class Serve:
    """`ldmsc serve`, on a port that the kernel picked."""

    def __init__(self, *args, env=None):
        command = [tool("ldmsc"), "serve", "--listen", "0", *args]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, **(env or {})))
        count = int(args[args.index("--count") + 1]) if "--count" in args else 1
        self.ports = []
        for _ in range(count):
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("ldmsc serve %s: exit %s" % (args, self.process.wait()))
            self.ports.append(int(line.rsplit(":", 1)[1].strip("}\n ")))
        self.port = self.ports[0]

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()

    def stop(self):
        """Its exit code; it is 0 after a signal, too."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code


def frame(kind, data, xid=1):
    head = b"\1\3\1\0SOCKET\0\0" if kind == CONNECT else b""
    return struct.pack(">HHI4xQ", kind, 0, 24 + len(head) + len(data), 0) + head + \
        struct.pack(">I", len(data)) + data


def hello(auth="none", rail=1, pid=1):
    return b"\4\2\0\0" + auth.encode().ljust(16, b"\0") + \
        struct.pack(">IqqIIIQI", 1, -1, -1, 1, 0, pid, rail, 0)


def ldms(command, body, xid=0):
    if command in (SEND_MSG, AUTH_MSG):
        body = struct.pack(">I", len(body)) + body
    return frame(SENDRECV, struct.pack(">QII", xid, command, 16 + len(body)) + body)


def attributes(attrs):
    """A list of (id, bytes) as it goes out."""
    return b"".join(struct.pack(">III", 1, key, len(value)) + value
                    for key, value in attrs) + b"\0\0\0\0"


def take_attributes(data):
    attrs, at = [], 0
    while struct.unpack_from(">I", data, at)[0] != 0:
        _, key, size = struct.unpack_from(">III", data, at)
        attrs.append((key, data[at + 12:at + 12 + size]))
        at += 12 + size
    return attrs


def record(code, body, msg_no, kind=REQUEST, flags=SOM | EOM):
    return struct.pack(">6I", 0xffffffff, kind, flags, msg_no, code, 24 + len(body)) + body


class Wire:
    """A connection, byte by byte."""

    rails = 100

    def __init__(self, port, auth="none", connect=True, timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.auth, self.msg_no, self.rest = auth, 0, b""
        if connect:
            self.connect()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def take_frame(self):
        """(type, data) or None where the peer closed."""
        while True:
            if len(self.rest) >= 8:
                kind, _, size = struct.unpack_from(">HHI", self.rest)
                if len(self.rest) >= size:
                    data, self.rest = self.rest[24:size], self.rest[size:]
                    return kind, data
            got = self.socket.recv(65536)
            if not got:
                return None
            self.rest += got

    def connect(self, uid=None):
        Wire.rails += 1
        self.send(frame(CONNECT, hello(self.auth, Wire.rails)))
        kind, data = self.take_frame()
        if kind != ACCEPTED:
            raise ConnectionError(data)
        self.send(frame(ACK_ACCEPTED, b""))

    def naive(self, uid, gid):
        self.take_frame()
        self.send(ldms(AUTH_MSG, struct.pack(">II", uid, gid)))

    def take_ldms(self):
        """(command, xid, body) or None."""
        got = self.take_frame()
        if got is None:
            return None
        xid, command, _ = struct.unpack_from(">QII", got[1])
        body = got[1][16:]
        return command, xid, body[4:] if command in (SEND_MSG, AUTH_MSG) else body

    def response(self):
        """(status, [(id, bytes)], msg_no), or None."""
        bodies = b""
        while True:
            got = self.take_ldms()
            if got is None:
                return None
            _, _, _, msg_no, code = struct.unpack_from(">5I", got[2])
            flags = struct.unpack_from(">I", got[2], 8)[0]
            bodies += got[2][24:]
            if flags & EOM:
                return code, take_attributes(bodies), msg_no

    def request(self, code, attrs=()):
        self.msg_no += 1
        self.send(ldms(SEND_MSG, record(code, attributes(attrs), self.msg_no)))
        got = self.response()
        return got and got[:2]

    def directory(self):
        text = b""
        self.send(ldms(DIR, b"\0\0\0\0", xid=0x1122334455667788))
        _, xid, body = self.take_ldms()
        assert xid == 0x1122334455667788
        text = body[16:]
        return text
