"""An HTTP server of which each path does something else, right or wrong, byte by byte."""

import gzip
import time
import zlib

from sockets import reset

DATE = "Mon, 02 Jan 2023 03:04:05 GMT"
BODY = b"It works.\nSecond line with version=1.2.3\n"


class Request:
    def __init__(self, connection):
        self.connection = connection
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                raise ConnectionError("the peer has gone")
            data += piece
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.version = lines[0].split(" ", 2)
        self.headers = [tuple(line.split(": ", 1)) for line in lines[1:]]
        length = int(self.header("content-length") or 0)
        while len(self.body) < length:
            self.body += connection.recv(65536)

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    def send(self, *pieces, pause=0.0):
        for piece in pieces:
            self.connection.sendall(piece)
            if pause:
                time.sleep(pause)


def response(status=200, headers=(), body=BODY, reason="OK", version="HTTP/1.1"):
    lines = [f"{version} {status} {reason}", *headers]
    if body is not None and not any("content-length" in header.lower() for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def chunked(*chunks, trailer=b""):
    text = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text + b"0\r\n" + trailer + b"\r\n"


def echo(request, *_path):
    """Whatever was sent, but for what differs between any two clients."""
    ordinary = ("host", "user-agent", "accept", "accept-encoding", "connection", "referer")
    own = sorted(f"{k.lower()}: {v}" for k, v in request.headers if k.lower() not in ordinary)
    text = f"{request.method} {request.target}\n" + "\n".join(own) + "\n"
    request.send(response(body=text.encode("latin-1") + request.body))


def host(request):
    """The Host header without its port, which may have any number of digits."""
    request.send(response(body=request.header("host").rsplit(":", 1)[0].encode()))


def status(request, code):
    no_body = code in ("204", "304") or request.method == "HEAD"
    request.send(response(int(code), body=None if no_body else BODY, reason="As asked"))


def redirect(request, left):
    if left == "0":
        request.send(response())
    else:
        request.send(response(302, [f"Location: /redirect/{int(left) - 1}"]))


def location(request, where, code="302"):
    request.send(response(int(code), [f"Location: {where}"]))


def encoded(request, how):
    bodies = {"gzip": gzip.compress(BODY), "zlib": zlib.compress(BODY),
              "deflate": zlib.compress(BODY)[2:-4], "plain": BODY,
              "cut": gzip.compress(BODY)[:-12], "twice": gzip.compress(BODY) * 2}
    name = {"zlib": "deflate", "plain": "gzip", "cut": "gzip", "twice": "gzip"}.get(how, how)
    request.send(response(headers=[f"Content-Encoding: {name}"], body=bodies[how]))


def drip(request, pieces, milliseconds="50"):
    request.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % int(pieces))
    request.send(*[b"x"] * int(pieces), pause=int(milliseconds) / 1000)


def slow(request, milliseconds):
    time.sleep(int(milliseconds) / 1000)
    request.send(response())


def huge(request, megabytes):
    request.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (int(megabytes) << 20))
    request.send(*[b"x" * (1 << 20)] * int(megabytes))


def cookie(request):
    request.send(response(302, ["Location: /echo", "Set-Cookie: a=b; Path=/"]))


def basic(request):
    good = request.header("authorization") == "Basic dXNlcjpwYXNz"
    request.send(response(200 if good else 401, ['WWW-Authenticate: Basic realm="x"']))


def bearer(request):
    good = request.header("authorization") == "Bearer token"
    request.send(response(200 if good else 401, ["WWW-Authenticate: Bearer"]))


def header(request, how):
    request.send(response(headers=HEADERS[how]))


HEADERS = {
    "last_modified": [f"Last-Modified: {DATE}"],
    "rfc850": ["Last-Modified: Monday, 02-Jan-23 03:04:05 GMT"],
    "asctime": ["Last-Modified: Mon Jan  2 03:04:05 2023"],
    "no_date": ["Last-Modified: yesterday"],
    "offset": ["Last-Modified: Mon, 02 Jan 2023 03:04:05 +0200"],
    "before_1970": ["Last-Modified: Thu, 01 Jan 1953 00:00:00 GMT"],
    "odd_case": ["x-odd: one", "X-ODD: two"],
    "empty": ["X-Odd:"],
    "blanks": ["X-Odd:   one   "],
    "folded": ["X-Odd: one", "  two"],
    "long": ["X-Odd: " + "x" * 60_000],
    "many": [f"X-Odd-{i}: {i}" for i in range(90)],
    "latin": ["X-Odd: \xe4\xf6\xfc"],
    "no_colon": ["X-Odd one"],
    "blank_before_colon": ["X-Odd : one"],
    "encoding_unasked": ["Content-Encoding: br"],
}

RAW = {
    "empty_body": response(body=b""),
    "no_length": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    "latin": response(body="caf\xe9 au lait\n".encode("latin-1")),
    "http10": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "http10_length": response(version="HTTP/1.0"),
    "http11_close": response(headers=["Connection: close"]),
    "too_short": response(headers=["Content-Length: 1000"]),
    "too_long": response(headers=["Content-Length: 5"]),
    "two_lengths": response(headers=["Content-Length: 5", "Content-Length: 9"]),
    "same_lengths": response(headers=[f"Content-Length: {len(BODY)}"] * 2),
    "bad_length": response(headers=["Content-Length: many"]),
    "negative_length": response(headers=["Content-Length: -5"]),
    "chunked": chunked(BODY, BODY),
    "chunked_empty": chunked(),
    "chunked_trailer": chunked(BODY, trailer=b"X-After: all\r\n"),
    "chunked_cut": chunked(BODY)[:-9],
    "chunked_garbage": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
    "chunked_and_length": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
                          b"\r\n5\r\nabcde\r\n0\r\n\r\n",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n" + response(),
    "early_hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + response(),
    "no_reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    "line_feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "garbage": b"\x00\x01\x02 this is no HTTP\r\n\r\n",
    "icy": b"ICY 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "http09": b"<html>hello</html>\n",
    "short_status": b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok",
    "http12": b"HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "http3": b"HTTP/3.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "cut_in_head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "nothing": b"",
    "redirect_nowhere": response(302),
    "redirect_empty": response(302, ["Location: "]),
    "redirect_300": response(300, ["Location: /echo"]),
    "redirect_304": response(304, ["Location: /echo"], body=None),
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
}


def raw(request, how):
    request.send(RAW[how])


def reset_before(request):
    reset(request.connection)


def reset_within(request):
    request.send(response(headers=["Content-Length: 1000"]))
    time.sleep(0.1)
    reset(request.connection)


def silent(request):
    while request.connection.recv(65536):
        pass


PATHS = {f.__name__: f for f in (echo, host, status, redirect, encoded, drip, slow, huge, cookie,
                                 basic, bearer, header, raw, reset_before, reset_within, silent)}


def serve(routes):
    """A function for StreamServer; `routes` maps further names to (location, status code)."""
    def serve_one(connection):
        request = Request(connection)
        name, *arguments = request.target.lstrip("/").split("?")[0].split("/")
        if name in routes:
            location(request, *routes[name])
        elif name in PATHS:
            PATHS[name](request, *arguments)
        else:
            request.send(response(body=b"" if request.method == "HEAD" else BODY))
    return serve_one
