#!/usr/bin/env python3
"""grafana_queries.py tells a Grafana that has all dashboards and answers all queries from one that does not."""
import base64
import http.server
import json
import threading
import unittest

import grafana_queries
from dashboards import load


class Stub(http.server.BaseHTTPRequestHandler):
    missing = ""   # the uid of a dashboard that it does not have
    refused = ""   # a piece of the query that it finds fault with
    login = ""     # whom it lets in, USER:PASSWORD; else everybody

    def reply(self, code: int, body: dict) -> None:
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def lets_in(self) -> bool:
        return not self.login or self.headers["Authorization"] == "Basic " + base64.b64encode(self.login.encode()).decode()

    def do_GET(self) -> None:
        if not self.lets_in():
            return self.reply(401, {"message": "Unauthorized"})
        uid = self.path.rsplit("/", 1)[1]
        if uid == self.missing:
            return self.reply(404, {"message": "Dashboard not found"})
        found, = [each for each in load().values() if each["uid"] == uid]
        return self.reply(200, {"dashboard": found})

    def do_POST(self) -> None:
        if not self.lets_in():
            return self.reply(401, {"message": "Unauthorized"})
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        expr = asked["queries"][0]["expr"]
        assert "$" not in expr.replace("$1", ""), expr
        if self.refused and self.refused in expr:
            return self.reply(400, {"results": {"A": {"error": "bad_data", "status": 400}}})
        return self.reply(200, {"results": {"A": {"status": 200, "frames": []}}})

    def log_message(self, *_) -> None:
        pass


class GrafanaQueries(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
        self.addCleanup(self.server.server_close)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.shutdown)
        Stub.missing = Stub.refused = Stub.login = ""

    def faults(self, *login: str) -> tuple[int, list[str]]:
        url = f"http://127.0.0.1:{self.server.server_port}"
        return grafana_queries.faults(grafana_queries.Grafana(url, *login), 600)

    def test_all_is_there(self):
        asked, found = self.faults()
        self.assertEqual(found, [])
        self.assertGreater(asked, 60)

    def test_a_dashboard_is_missing(self):
        Stub.missing = load()["probes"]["uid"]
        _, found = self.faults()
        self.assertEqual(len(found), 1)
        self.assertIn("404", found[0])

    def test_a_query_is_refused(self):
        Stub.refused = "selfheal_probe_duration_seconds"
        _, found = self.faults()
        self.assertTrue(found)
        self.assertTrue(all("bad_data" in each for each in found), found)

    def test_who_it_is_has_to_be_said(self):
        Stub.login = "admin:secret"
        self.assertEqual(self.faults("admin", "secret")[1], [])
        for login in ((), ("admin", "wrong")):
            asked, found = self.faults(*login)
            self.assertEqual(len(found), asked + len(load()))
            self.assertTrue(all("401" in each for each in found), found)


if __name__ == "__main__":
    unittest.main()
