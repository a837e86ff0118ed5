#!/usr/bin/env python3
"""grafana_queries.py tells a Grafana that has all dashboards and answers all queries from one that does not."""
import http.server
import json
import threading
import unittest

import grafana_queries
from dashboards import load


class Stub(http.server.BaseHTTPRequestHandler):
    missing = ""   # the uid of a dashboard that it does not have
    refused = ""   # a piece of the query that it finds fault with

    def reply(self, code: int, body: dict) -> None:
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        uid = self.path.rsplit("/", 1)[1]
        if uid == self.missing:
            return self.reply(404, {"message": "Dashboard not found"})
        found, = [each for each in load().values() if each["uid"] == uid]
        return self.reply(200, {"dashboard": found})

    def do_POST(self) -> None:
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
        Stub.missing = Stub.refused = ""

    def faults(self) -> tuple[int, list[str]]:
        return grafana_queries.faults(grafana_queries.Grafana(f"http://127.0.0.1:{self.server.server_port}"), 600)

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


if __name__ == "__main__":
    unittest.main()
