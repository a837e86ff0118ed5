"""TCP servers of one dialogue each."""

import time

from sockets import reset


def lines_of(connection):
    data = b""
    while piece := connection.recv(4096):
        data += piece
        while b"\n" in data:
            line, _, data = data.partition(b"\n")
            yield line.rstrip(b"\r").decode("latin-1")


def until_gone(connection):
    while connection.recv(4096):
        pass


def banner(*pieces, pause=0.0, then=until_gone):
    def serve(connection):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        then(connection)
    return serve


def closed(_connection):
    """Returning closes it."""


def smtp(tls):
    """Greets, answers EHLO, and goes over to TLS when asked to."""
    def serve(connection):
        connection.sendall(b"220 mail.example ESMTP ready\r\n")
        for line in lines_of(connection):
            if line.startswith("EHLO"):
                connection.sendall(b"250-mail.example greets " + line[5:].encode()
                                   + b"\r\n250-SIZE 1000\r\n250 STARTTLS\r\n")
            elif line == "STARTTLS":
                connection.sendall(b"220 go ahead\r\n")
                break
            else:
                connection.sendall(b"500 what?\r\n")
        secure = tls.wrap_socket(connection, server_side=True)
        for line in lines_of(secure):
            secure.sendall(b"250 secure " + line.encode() + b"\r\n")
    return serve


def reset_soon(connection):
    """Not before the exporter has seen that the connection came about."""
    time.sleep(0.2)
    reset(connection)


def echo(connection):
    for line in lines_of(connection):
        connection.sendall(line.encode("latin-1") + b"\n")


DIALOGUES = {
    "echo": echo,
    "silent": until_gone,
    "banner": banner(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "two_lines": banner(b"hello\nready 42\n"),
    "slowly": banner(*(bytes([c]) for c in b"hello\nready 42\n"), pause=0.01),
    "eof": banner(b"hello\n", then=closed),
    "no_newline": banner(b"ready 42", then=closed),
    "no_newline_open": banner(b"ready 42"),
    "endless_line": banner(b"x" * 200_000),
    "bytes": banner(b"\x00\xff\xfeready\xff\n"),
    "closed": closed,
    "reset": reset_soon,
    "reset_later": banner(b"hello\n", pause=0.1, then=reset),
    "chatty": banner(b"line\n" * 20_000 + b"ready 42\n"),
}
