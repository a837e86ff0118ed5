"""Stands between Alertmanagers and the remediator, and keeps all that they send.

    recorder.py PORT URL FILE

What is posted to 127.0.0.1:PORT is posted to URL, and the answer given back. FILE gets a line of JSON
each: {"sent_at", "payload", "status", "reply"}, in the order of the answers. Where URL does not answer
the sender gets 502, as from a proxy.
"""
import http.server
import json
import sys
import threading
import time
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 15


def passed_on(url, path, headers, body):
    """The status and the body of the answer."""
    request = urllib.request.Request(url + path, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 502, json.dumps({"error": str(error)}).encode()


def main(port, url, file):
    log = open(file, "a", encoding="utf-8")
    lock = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            sent_at = time.time()
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            status, reply = passed_on(url, self.path, headers, body)
            with lock:
                log.write(json.dumps({"sent_at": sent_at, "payload": json.loads(body), "status": status,
                                      "reply": json.loads(reply)}) + "\n")
                log.flush()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.serve_forever(0.05)


main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
