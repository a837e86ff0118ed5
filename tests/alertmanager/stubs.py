"""Slack, PagerDuty, the remediator and a dead man's switch, as far as Alertmanager can tell.

Each listens on a port of its own on 127.0.0.1, answers as the real one does, keeps what it got, and
keeps what was wrong with it: a test must end with no `faults`.
"""
import http.server
import json
import threading
import time

import mrkdwn
import schema

SLACK = schema.load("slack_message.schema.json")
PAGERDUTY = schema.load("pagerduty_event.schema.json")
PAGERDUTY_MOST_BYTES = 512_000


class Stub:
    """`received` grows; whoever waits for something in it is woken by every request."""

    path = "/"

    def __init__(self):
        self.received = []
        self.faults = []
        self._changed = threading.Condition()
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, content_type, answer = stub._take(self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self):
        return f"http://{self.address}{self.path}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, path, headers, body):
        with self._changed:
            try:
                found = [f"POST {path}, not {self.path}"] if path != self.path else []
                content = json.loads(body)
                found += self.judge(headers, body, content)
                answer = self.refuse(found) if found else self.accept(content)
                if not found:
                    self.received.append(content)
            except (ValueError, KeyError, TypeError) as error:
                found = [f"{error!r} in {body[:200]!r}"]
                answer = self.refuse(found)
            self.faults += [f"{type(self).__name__}: {fault}" for fault in found]
            self._changed.notify_all()
            return answer

    def judge(self, headers, body, content):
        raise NotImplementedError

    def accept(self, content):
        return 200, "text/plain", b"ok"

    def refuse(self, found):
        return 400, "text/plain", "; ".join(found).encode()

    def wait_for(self, wanted, timeout=10):
        """The first of what was received that is `wanted`. After a fault nothing is worth waiting for."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for content in self.received:
                    if wanted(content):
                        return content
                left = deadline - time.monotonic()
                if self.faults or left <= 0 or not self._changed.wait(left):
                    raise AssertionError(
                        f"{type(self).__name__} did not get it within {timeout} s, but:\n"
                        + "\n".join([json.dumps(self.received, indent=1)[-4000:], *self.faults]))

    def got(self, wanted):
        with self._changed:
            return [content for content in self.received if wanted(content)]


class Slack(Stub):
    path = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"

    def judge(self, headers, body, content):
        found = schema.faults(SLACK, content, "message")
        if not found:
            for attachment in content["attachments"]:
                for key in ("title", "text", "fallback"):
                    found += mrkdwn.faults(attachment.get(key, ""))
        return found

    def refuse(self, found):
        return 400, "text/plain", b"invalid_payload"

    def messages(self, wanted):
        """Attachments, of which Alertmanager sends one a message."""
        return [attachment for message in self.got(lambda m: True)
                for attachment in message["attachments"] if wanted(attachment)]

    def wait_for_message(self, wanted, timeout=10):
        message = self.wait_for(lambda m: any(map(wanted, m["attachments"])), timeout)
        return next(filter(wanted, message["attachments"]))


class PagerDuty(Stub):
    path = "/v2/enqueue"

    def __init__(self):
        self.open = {}  # dedup key to the summary that opened it
        self.opened = []  # the dedup key of each incident there ever was
        super().__init__()

    def judge(self, headers, body, content):
        found = schema.faults(PAGERDUTY, content, "event")
        if len(body) > PAGERDUTY_MOST_BYTES:
            found.append(f"event has {len(body)} bytes, more than {PAGERDUTY_MOST_BYTES}")
        return found

    def accept(self, content):
        key = content["dedup_key"]
        if content["event_action"] == "resolve":
            self.open.pop(key, None)
        elif key not in self.open:
            self.open[key] = content["payload"]["summary"]
            self.opened.append(key)
        answer = {"status": "success", "message": "Event processed", "dedup_key": key}
        return 202, "application/json", json.dumps(answer).encode()

    def refuse(self, found):
        answer = {"status": "invalid event", "message": "Event object is invalid", "errors": found}
        return 400, "application/json", json.dumps(answer).encode()


class Webhook(Stub):
    """The remediator's webhook, or the address of a dead man's switch: asks for a token."""

    def __init__(self, path, token):
        self.path = path
        self._token = token
        super().__init__()

    def judge(self, headers, body, content):
        found = []
        if headers.get("Authorization") != f"Bearer {self._token}":
            found.append(f"authorization is {headers.get('Authorization')!r}")
        if content["version"] != "4" or content["truncatedAlerts"] != 0:
            found.append(f"version {content['version']}, {content['truncatedAlerts']} alerts left out")
        return found

    def alerts(self, status="firing"):
        with self._changed:
            return [alert for content in self.received for alert in content["alerts"]
                    if alert["status"] == status]

    def wait_for_alert(self, wanted, timeout=10):
        content = self.wait_for(lambda c: any(map(wanted, c["alerts"])), timeout)
        return next(filter(wanted, content["alerts"]))
