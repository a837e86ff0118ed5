"""Servers on loopback that do to each connection what a function says."""

import contextlib
import socket
import struct
import threading


def reset(connection):
    """Closes with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _listening(family, kind=socket.SOCK_STREAM, port=0):
    address = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    one = socket.socket(family, kind)
    if family == socket.AF_INET6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    one.bind((address, port))
    if kind == socket.SOCK_STREAM:
        one.listen(256)
    return one


def both_families(kind=socket.SOCK_STREAM):
    """The same port on 127.0.0.1 and ::1: what `localhost` may be resolved to."""
    for _ in range(100):  # the kernel's choice for one may be taken in the other
        first = _listening(socket.AF_INET, kind)
        try:
            return first, _listening(socket.AF_INET6, kind, first.getsockname()[1])
        except OSError as why:
            first.close()
            fault = why
    raise SystemExit(f"no port on both 127.0.0.1 and ::1: {fault}")


class StreamServer:
    """serve(connection) runs on a thread for each connection, after the handshake if there is a
    TLS context; when it returns the connection is closed."""

    def __init__(self, serve, tls=None):
        self._serve = serve
        self._tls = tls
        self.listeners = both_families()
        self.port = self.listeners[0].getsockname()[1]
        for listener in self.listeners:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        # Exporters hang up as they like: that is what is being tested.
        with contextlib.suppress(OSError):
            connection.settimeout(20)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            try:
                self._serve(connection)
            finally:
                connection.close()


def refused_port():
    """A port that nobody listens on, and that nobody else gets."""
    kept = socket.socket()
    kept.bind(("127.0.0.1", 0))
    _kept.append(kept)
    return kept.getsockname()[1]


_kept = []
