"""The recordings in data/ as each kind of input that xrdmon reads, and their goldens."""
import base64
import glob
import json
import lzma
import os
import socket
import struct

DATA = os.path.join(os.environ["LABWIRE_SOURCE"], "tests", "xrdmon", "data")


def names():
    """The captures that have goldens."""
    found = glob.glob(os.path.join(DATA, "*.decode.jsonl"))
    return sorted(os.path.basename(f)[:-len(".decode.jsonl")] for f in found)


def path(name, suffix):
    return os.path.join(DATA, name + suffix)


def lines(name, suffix):
    """The objects of a file of JSON lines, unpacked where it is packed."""
    file = path(name, suffix)
    text = lzma.open(file, "rt") if file.endswith(".xz") else open(file)
    with text:
        return [json.loads(line) for line in text]


def datagrams(name):
    """(time, source, bytes) of every datagram of a capture."""
    return [(o["time"], o["src"], bytes.fromhex(o["hex"])) for o in lines(name, ".jsonl")]


def host_port(source):
    host, port = source.rsplit(":", 1)
    return host.strip("[]"), int(port)


def as_shoveler(packets):
    """The JSON lines that a shoveler puts on a message bus."""
    return "".join(json.dumps({"remote": source, "version": "1.1.2",
                               "data": base64.b64encode(data).decode()}) + "\n"
                   for _, source, data in packets).encode()


def udp(source, data, port=9930):
    """The IP packet, of the source's family, that carried a datagram."""
    host, from_port = host_port(source)
    head = struct.pack(">HHHH", from_port, port, 8 + len(data), 0) + data
    if ":" in host:
        to = socket.inet_pton(socket.AF_INET6, "2001:db8::99")
        return (struct.pack(">IHBB", 6 << 28, len(head), 17, 64)
                + socket.inet_pton(socket.AF_INET6, host) + to + head)
    return ipv4(host, head)


def ipv4(host, payload, ident=1, place=0, protocol=17):
    return (struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident, place, 64,
                        protocol, 0)
            + socket.inet_aton(host) + socket.inet_aton("192.0.2.99") + payload)


def ipv4_fragments(packet, mtu):
    """An IPv4 packet in pieces."""
    payload, size = packet[20:], (mtu - 20) // 8 * 8
    host, ident = socket.inet_ntoa(packet[12:16]), hash(packet) & 0xffff
    return [ipv4(host, payload[at:at + size], ident,
                 at // 8 | (0x2000 if at + size < len(payload) else 0))
            for at in range(0, len(payload), size)]


def ether_type(packet):
    return 0x0800 if packet[0] >> 4 == 4 else 0x86dd


# Link type: its number, and what it puts before an IP packet.
LINKS = {
    "ethernet": (1, lambda p: bytes(12) + struct.pack(">H", ether_type(p)) + p),
    "vlan": (1, lambda p: bytes(12) + struct.pack(">HHH", 0x8100, 7, ether_type(p)) + p),
    "null": (0, lambda p: struct.pack("<I", 2) + p),
    "raw": (101, lambda p: p),
    "sll": (113, lambda p: bytes(14) + struct.pack(">H", ether_type(p)) + p),
    "sll2": (276, lambda p: struct.pack(">H", ether_type(p)) + bytes(18) + p),
}


def pcap(frames, link, order="<", magic=0xa1b2c3d4):
    """A capture of (time in microseconds, bytes)."""
    per_us = 1000 if magic == 0xa1b23c4d else 1
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)]
    for time_us, frame in frames:
        out.append(struct.pack(order + "IIII", time_us // 1000000,
                               time_us % 1000000 * per_us, len(frame), len(frame)))
        out.append(frame)
    return b"".join(out)


def pcapng(frames, link):
    """The same in the newer form."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack("<I", 12 + len(body))
        return struct.pack("<I", kind) + size + body + size

    out = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)),
           block(1, struct.pack("<HHI", link, 0, 0))]
    for time_us, frame in frames:
        out.append(block(6, struct.pack("<IIIII", 0, time_us >> 32,
                                        time_us & 0xffffffff, len(frame), len(frame))
                         + frame))
    return b"".join(out)


def frames(packets, link, mtu=None):
    """The frames of a capture on a link, cut into fragments where `mtu` says so."""
    wrap, out = LINKS[link][1], []
    for time, source, data in packets:
        packet = udp(source, data)
        parts = ipv4_fragments(packet, mtu) if mtu and packet[0] >> 4 == 4 else [packet]
        out += [(round(time * 1000000), wrap(part)) for part in parts]
    return out


def is_binary(data):
    """Has a length of its own, and so can stand in a file of packets."""
    return chr(data[0]) in "=dfgiprtTuUx"


def read(name, suffix):
    with open(path(name, suffix), "rb") as f:
        return f.read()


def as_inputs(name):
    """Every kind of input: its name, its bytes, the numbers of the datagrams that it
    holds, and which of time and src it knows."""
    packets = datagrams(name)
    kinds = {"recording": (read(name, ".jsonl"), {"time", "src"}),
             "shoveler": (as_shoveler(packets), {"src"}),
             "packets": (read(name, ".xrdmon"), set())}
    for link, (number, _) in LINKS.items():
        kinds["pcap-" + link] = (pcap(frames(packets, link), number), {"time", "src"})
    on_wire, wire = frames(packets, "ethernet"), LINKS["ethernet"][0]
    kinds["pcap-big-endian"] = (pcap(on_wire, wire, ">"), {"time", "src"})
    kinds["pcap-nanoseconds"] = (pcap(on_wire, wire, "<", 0xa1b23c4d), {"time", "src"})
    kinds["pcap-fragments"] = (pcap(frames(packets, "ethernet", 576), wire),
                               {"time", "src"})
    kinds["pcapng"] = (pcapng(on_wire, wire), {"time", "src"})
    for kind, (data, knows) in kinds.items():
        held = [i for i, p in enumerate(packets)
                if kind != "packets" or is_binary(p[2])]
        yield kind, data, held, knows
