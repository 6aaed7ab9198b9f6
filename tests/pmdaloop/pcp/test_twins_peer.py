"""The same agent, built with PCP's library and with ours, is sent the same PDUs, one by one,
in each version of the interface: the answers are the same byte for byte. What PCP's library
gets wrong (the quirks that pmdaloop_pcp(7) lists) is not asked."""
import struct
import subprocess
import sys
import unittest

AGENTS = sys.argv[1:3]  # ours, PCP's
DOMAIN = 253
WITH_REPLY = {0x7001, 0x7003, 0x7004, 0x7006, 0x7008, 0x700d, 0x700e, 0x700f, 0x7010, 0x7012}


def pdu(kind, body=b"", sender=3):
    return struct.pack(">iii", 12 + len(body), kind, sender) + body


def pmid(cluster, item):
    return DOMAIN << 22 | cluster << 10 | item


def indom(serial):
    return DOMAIN << 22 | serial


def words(*numbers):
    return b"".join(struct.pack(">I", n & 0xffffffff) for n in numbers)


def padded(name):
    return words(len(name)) + name + b"~" * (-len(name) % 4)


def fetch(*pmids):
    return pdu(0x7003, words(0, 0, 0, len(pmids), *pmids))


def profile(state, *entries):
    body = words(0, state, len(entries), 0)
    for one, its_state, insts in entries:
        body += words(one, its_state, len(insts), 0)
    for _, _, insts in entries:
        body += words(*insts)
    return pdu(0x7002, body)


def instance(one, number=-1, name=b""):
    return pdu(0x7006, words(one, 0, 0, number) + padded(name))


def names(*all_of_them):
    body = words(sum(len(n) + 1 for n in all_of_them), 0, len(all_of_them))
    return pdu(0x700e, body + b"".join(padded(n) for n in all_of_them))


def result(*sets, blocks=b""):
    return pdu(0x7001, words(0, 0, len(sets)) + b"".join(sets) + blocks)


METRICS = [pmid(0, i) for i in range(10)] + [pmid(5, 1000), pmid(77, 1), 9 << 22, 0xffffffff]
PROFILES = [
    profile(1), profile(0, (indom(0), 1, [7, 1])), profile(1, (indom(0), 0, [1])),
    profile(0, (indom(0), 1, [0]), (indom(0), 1, [7])), profile(0, (indom(2), 1, [2, 0, 1, 77])),
    profile(0, (indom(0), 1, [])), profile(0, (indom(3), 1, [7, 7, 9])),
    profile(7, (indom(0), 9, [1])), profile(0, (0xffffffff, 1, [1])), profile(0)]


def questions():
    yield from (fetch(m) for m in METRICS)
    yield from (fetch(), fetch(*METRICS), fetch(METRICS[1], METRICS[1]))
    for one in PROFILES:
        yield one
        yield fetch(METRICS[1], METRICS[2], METRICS[4], METRICS[9])
    yield from (pdu(0x7004, words(m)) for m in METRICS)
    for serial in (0, 1, 2, 3, 9):
        yield from (instance(indom(serial), number) for number in (-1, 0, 1, 2, 7, 9, -2))
        for name in (b"red", b"green", b"green x", b"green y", b"blue", b"blue ", b"one",
                     b"one more", b"hidden", b"three", b"twice", b" ", b"r"):
            yield instance(indom(serial), -1, name)
        yield instance(indom(serial), 0, b"red")
    yield from (pdu(0x7008, words(METRICS[0], kind)) for kind in range(8))
    yield from (names(b"d.x"), names(b"d.two"), names(b"none"), names(b"d.x", b"d.two"), names())
    yield from (pdu(0x700d, words(0, 1, pmid(0, item))) for item in range(3))
    yield from (pdu(0x700d, words(-12357, 1, pmid(0, 0))), pdu(0x700d, words(5, 1, pmid(0, 0))),
                pdu(0x700d, words(0, 0)), pdu(0x700d, words(0, 2, pmid(0, 0), pmid(0, 1))))
    for name in (b"d", b"d.none", b"zz"):
        yield from (pdu(0x700f, words(kind) + padded(name)) for kind in (0, 1, 2))
        yield pdu(0x7010, words(0) + padded(name))
    for ident, kind in ((DOMAIN, 2), (indom(0), 4), (pmid(0, 0), 8), (pmid(0, 0), 16),
                        (indom(0), 32), (indom(2), 32)):
        yield pdu(0x7012, words(ident, kind))
    yield from (pdu(0x7011, words(11) + value) for value in (b"0\0", b"0", b""))
    yield from (pdu(0x7000, words(code), 5) for code in (-12391, -12389))
    yield from (pdu(kind) for kind in (0x700c, 0x7099, 0x700a, 1))
    yield result(words(pmid(0, 0), 1, 0, 4, 99))
    yield result(words(pmid(0, 0), 1, 0, -1, 99))
    yield result(words(pmid(0, 0), 1, 0, -1, 99), words(pmid(0, 1), 0))
    yield result(words(pmid(0, 2), 1, 1, 0, 11), blocks=words(6 << 24 | 10) + b"hello\0~~")
    yield fetch(*METRICS)


class Agent:
    def __init__(self, program, version):
        self.process = subprocess.Popen([program, str(version)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.read()
        self.send(pdu(0x700c, words(1, 1 << 24 | 2 << 16), 1))

    def send(self, question):
        self.process.stdin.write(question)
        self.process.stdin.flush()

    def read(self):
        head = self.process.stdout.read(4)
        return head + self.process.stdout.read(struct.unpack(">i", head)[0] - 4)

    def ask(self, question):
        self.send(question)
        if struct.unpack(">i", question[4:8])[0] not in WITH_REPLY:
            return None
        answer = self.read()
        if answer[4:8] == words(0x7009):  # PCP turns the ident of a text round
            answer = answer[:12] + answer[16:]
        return answer.hex(" ", 4)

    def close(self):
        """What is left to read, which should be nothing, and the exit status."""
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.process.stdout.close()
        return rest, self.process.wait()


class Twins(unittest.TestCase):
    def check_version(self, version):
        ours, peers = (Agent(program, version) for program in AGENTS)
        asked = 0
        for question in questions():
            with self.subTest(question=question.hex(" ", 4)):
                self.assertEqual(ours.ask(question), peers.ask(question))
            asked += 1
        self.assertEqual(ours.close(), (b"", 0))
        self.assertEqual(peers.close(), (b"", 0))
        self.assertGreater(asked, 200)


for each in range(2, 8):
    setattr(Twins, "test_interface_%d" % each,
            lambda self, version=each: self.check_version(version))

if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
