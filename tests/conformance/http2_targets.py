"""As much of HTTP/2 as a server needs that says little: a page, and gRPC's health service."""

import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
ACK = END_STREAM = 1
END_HEADERS = 4


def frame(kind, flags, stream, payload=b""):
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
            + payload)


def header_block(fields):
    """Every field as a literal that is not indexed and not compressed."""
    return b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                    for name, value in fields)


def headers(stream, fields, flags=0):
    return frame(HEADERS, END_HEADERS | flags, stream, header_block(fields))


def exactly(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError("the peer has gone")
        data += piece
    return data


def serve(answer):
    """A function for StreamServer; answer(stream, body) gives the frames of a response, at once
    or in pieces."""
    def serve_one(connection):
        if exactly(connection, len(PREFACE)) != PREFACE:
            return
        connection.sendall(frame(SETTINGS, 0, 0))
        bodies = {}
        while True:
            head = exactly(connection, 9)
            payload = exactly(connection, int.from_bytes(head[:3], "big"))
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            if kind in (SETTINGS, PING) and not flags & ACK:
                connection.sendall(frame(kind, ACK, 0, payload if kind == PING else b""))
            if kind == DATA:
                bodies[stream] = bodies.get(stream, b"") + payload
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                said = answer(stream, bodies.get(stream, b""))
                for piece in [said] if isinstance(said, bytes) else said:
                    connection.sendall(piece)
    return serve_one


def page(stream, _body):
    body = b"It works over HTTP/2.\n"
    return (headers(stream, [(":status", "200"), ("content-length", str(len(body))),
                             ("last-modified", "Mon, 02 Jan 2023 03:04:05 GMT")])
            + frame(DATA, END_STREAM, stream, body))


def page_without_length(stream, _body):
    return headers(stream, [(":status", "200")]) + frame(DATA, END_STREAM, stream, b"some")


def broken_stream(stream, _body):
    yield headers(stream, [(":status", "200")])
    time.sleep(0.2)  # the exporter has seen the head
    yield frame(RST_STREAM, 0, stream, b"\0\0\0\2")


SERVING_STATUS = {b"": 1, b"up": 1, b"down": 2, b"starting": 0, b"odd": 3}


def health(stream, body):
    """grpc.health.v1.Health/Check for the services above; others are not found."""
    service = body[7:] if len(body) > 7 else b""
    start = [(":status", "200"), ("content-type", "application/grpc")]
    if service not in SERVING_STATUS:
        return headers(stream, [*start, ("grpc-status", "5"), ("grpc-message", "unknown service")],
                       END_STREAM)
    status = SERVING_STATUS[service]
    message = bytes([8, status]) if status else b""
    return (headers(stream, start)
            + frame(DATA, 0, stream, b"\0" + len(message).to_bytes(4, "big") + message)
            + headers(stream, [("grpc-status", "0")], END_STREAM))


def unimplemented(stream, _body):
    return headers(stream, [(":status", "200"), ("content-type", "application/grpc"),
                            ("grpc-status", "12"), ("grpc-message", "no health service")],
                   END_STREAM)


def no_grpc(stream, _body):
    return (headers(stream, [(":status", "404"), ("content-type", "text/plain")])
            + frame(DATA, END_STREAM, stream, b"not here"))
