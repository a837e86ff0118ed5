"""An HTTP server of our own on a unix socket or a port, a thread for each connection."""
import http.server
import json
import select
import socket
import socketserver
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    """`answer(handler, method, path, body)` of the server gives (status, object or bytes)."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False  # a unix socket has none

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, socket.timeout):
            pass  # whoever asked was killed

    def serve_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.server.answer(self, self.command, self.path, body)
        text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(text)

    do_GET = do_POST = do_DELETE = serve_one

    def hung_up(self):
        """Whether whoever asked is gone."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except ConnectionError:
            return True

    def await_hang_up(self):
        """The other side was killed; its kernel needs a moment to say so."""
        deadline = time.monotonic() + 5
        while not self.hung_up() and time.monotonic() < deadline:
            time.sleep(0.001)

    def log_message(self, *_):
        pass


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


class TcpServer(http.server.ThreadingHTTPServer):
    daemon_threads = True


def serve(server, answer):
    server.answer = answer
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server
