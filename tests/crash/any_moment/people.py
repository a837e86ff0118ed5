"""An Alertmanager that takes what it is told, and keeps all of it."""
import json

import http_stub


class People:
    """`reached("told", handler)` is called when something was taken that is not answered yet."""

    def __init__(self, reached):
        self.told, self.reached = [], reached
        self.server = http_stub.serve(
            http_stub.TcpServer(("127.0.0.1", 0), http_stub.Handler), self.answer)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, method, path, body):
        if (method, path) != ("POST", "/api/v2/alerts"):
            return 404, {}
        self.told.extend(json.loads(body))
        self.reached("told", handler)
        return 200, b""
