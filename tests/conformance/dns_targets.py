"""A DNS server whose answer is chosen by the name that is asked for."""

import socket
import struct
import threading

from sockets import StreamServer, both_families

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "ANY": 255}


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def record(owner, kind, data, ttl=300):
    return name(owner) + struct.pack(">HHIH", TYPES[kind], 1, ttl, len(data)) + data


def a(owner, last):
    return record(owner, "A", bytes([192, 0, 2, last]))


SOA = record("example.org", "SOA", name("ns.example.org") + name("admin.example.org")
             + struct.pack(">IIIII", 4_000_000_001, 7200, 3600, 1209600, 300))
NS = record("example.org", "NS", name("ns.example.org"))
MX = record("example.org", "MX", struct.pack(">H", 10) + name("mail.example.org"))
TXT = record("example.org", "TXT", b"\x0bhello world\x05\"q\\\xff;")
AAAA = record("example.org", "AAAA", socket.inet_pton(socket.AF_INET6, "2001:db8::1"))

# What is asked for, to (rcode, answer, authority, additional).
ZONE = {
    "one.example.org": (0, [a("one.example.org", 1)], [], []),
    "two.example.org": (0, [a("two.example.org", 1), a("two.example.org", 2)], [NS],
                        [a("ns.example.org", 53)]),
    "soa.example.org": (0, [SOA], [NS], []),
    "none.example.org": (0, [], [SOA], []),
    "all.example.org": (0, [MX, TXT, AAAA, NS, SOA], [], []),
    "missing.example.org": (3, [], [SOA], []),
    "broken.example.org": (2, [], [], []),
    "refused.example.org": (5, [], [], []),
    "big.example.org": (0, [a("big.example.org", i) for i in range(200)], [], []),
}


def question_of(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels), query[12:at + 5]


def answer(query, truncate):
    """The bytes of the answer; nothing when there is to be none."""
    asked, question = question_of(query)
    if asked == "silent.example.org":
        return None
    if asked == "garbage.example.org":
        return query[:2] + b"\xff\xff\xff\xff garbage"
    rcode, *sections = ZONE.get(asked, (3, [], [], []))
    flags = 0x8400 | (int.from_bytes(query[2:4], "big") & 0x0100) | rcode
    identity = bytes([query[0] ^ 0xff, query[1]]) if asked == "other.example.org" else query[:2]
    if truncate and asked == "big.example.org":
        flags, sections = flags | 0x0200, [[], [], []]
    counts = struct.pack(">HHHH", 1, *(len(section) for section in sections))
    return (identity + struct.pack(">H", flags) + counts + question
            + b"".join(one for section in sections for one in section))


def serve_stream(connection):
    while size := connection.recv(2):
        query = connection.recv(int.from_bytes(size, "big"))
        said = answer(query, truncate=False)
        if said is not None:
            connection.sendall(len(said).to_bytes(2, "big") + said)


class DatagramServer:
    def __init__(self):
        self.listeners = both_families(socket.SOCK_DGRAM)
        self.port = self.listeners[0].getsockname()[1]
        for listener in self.listeners:
            threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    @staticmethod
    def _serve(listener):
        while True:
            query, peer = listener.recvfrom(4096)
            said = answer(query, truncate=True)
            if said is not None:
                listener.sendto(said, peer)


def servers(tls):
    """Ports of the server over UDP, TCP and TLS."""
    return {"udp": DatagramServer().port, "tcp": StreamServer(serve_stream).port,
            "tls": StreamServer(serve_stream, tls).port}
