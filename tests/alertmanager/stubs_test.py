#!/usr/bin/env python3
"""The stubs refuse what Slack and PagerDuty would refuse: else the other tests couldn't fail."""
import copy
import http.client
import json
import unittest

import mrkdwn
import schema
import stubs

MESSAGE = {"username": "selfheal", "attachments": [
    {"title": "web: broken", "title_link": "https://example.org/a", "color": "danger", "mrkdwn_in": ["text"],
     "text": "*broken* since <https://example.org/a?b=1&amp;c|noon> &amp; later", "fallback": "web: broken",
     "callback_id": "", "footer": ""}]}
EVENT = {"routing_key": "0" * 32, "event_action": "trigger", "dedup_key": "k",
         "payload": {"summary": "s", "source": "h", "severity": "critical", "custom_details": {"a": 1}},
         "client": "c", "client_url": "https://example.org", "links": [{"href": "https://example.org", "text": "t"}]}


def post(stub, body, path=None, **headers):
    connection = http.client.HTTPConnection(stub.address, timeout=5)
    connection.request("POST", path or stub.path, body if isinstance(body, str) else json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def changed(content, *path_and_value):
    """A copy with one value changed, or taken away where it is None."""
    *path, last, value = path_and_value
    result = copy.deepcopy(content)
    at = result
    for step in path:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return result


class Stubs(unittest.TestCase):
    def check(self, make, good, good_answer, bad):
        stub = make()
        self.addCleanup(stub.close)
        self.assertEqual(post(stub, good)[0], good_answer)
        self.assertEqual((stub.received, stub.faults), ([good], []))
        for content in bad:
            with self.subTest(content=str(content)[:300]):
                stub.faults.clear()
                self.assertEqual(post(stub, content)[0], 400)
                self.assertTrue(stub.faults)
        self.assertEqual(len(stub.received), 1)

    def test_slack(self):
        def attachment(key, value):
            return changed(MESSAGE, "attachments", 0, key, value)

        self.check(stubs.Slack, MESSAGE, 200, [
            "no JSON", [], changed(MESSAGE, "attachments", []), changed(MESSAGE, "unknown", 1),
            changed(MESSAGE, "username", 5), attachment("color", "red"), attachment("color", "#12345"),
            attachment("fallback", None), attachment("text", None), attachment("title", "x" * 1025),
            attachment("title", ["x"]), attachment("footer", "x" * 301), attachment("mrkdwn_in", ["fallback"]),
            attachment("title_link", "javascript:x"), attachment("text", "a < b"), attachment("text", "<!channel> x"),
            attachment("text", "a & b"), attachment("text", "<https://x|a\nb>"), attachment("title", "> x"),
            attachment("text", "an `open code")])

    def test_pagerduty(self):
        self.check(stubs.PagerDuty, EVENT, 202, [
            "no JSON", changed(EVENT, "routing_key", "short"), changed(EVENT, "routing_key", None),
            changed(EVENT, "event_action", "fire"), changed(EVENT, "dedup_key", "x" * 256),
            changed(EVENT, "payload", None), changed(EVENT, "payload", "summary", "x" * 1025),
            changed(EVENT, "payload", "summary", ""), changed(EVENT, "payload", "source", None),
            changed(EVENT, "payload", "severity", "none"), changed(EVENT, "payload", "custom_details", "x"),
            changed(EVENT, "payload", "unknown", 1), changed(EVENT, "unknown", 1), changed(EVENT, "links", 0, "href", None),
            changed(changed(EVENT, "event_action", "resolve"), "dedup_key", None),
            changed(EVENT, "payload", "custom_details", {"a": "x" * 512_000})])

    def test_pagerduty_counts_incidents(self):
        stub = stubs.PagerDuty()
        self.addCleanup(stub.close)
        for action in ("trigger", "trigger", "resolve", "trigger"):
            post(stub, changed(EVENT, "event_action", action))
        self.assertEqual((stub.opened, list(stub.open)), (["k", "k"], ["k"]))

    def test_webhook(self):
        stub = stubs.Webhook("/hook", "token")
        self.addCleanup(stub.close)
        content = {"version": "4", "truncatedAlerts": 0, "alerts": []}
        self.assertEqual(post(stub, content, Authorization="Bearer token")[0], 200)
        self.assertEqual(post(stub, content)[0], 400)
        self.assertEqual(post(stub, content, "/elsewhere", Authorization="Bearer token")[0], 400)
        self.assertEqual(post(stub, {**content, "truncatedAlerts": 1}, Authorization="Bearer token")[0], 400)

    def test_a_keyword_that_is_not_implemented_is_no_schema(self):
        with self.assertRaises(ValueError):
            schema.faults({"maxlength": 3}, "x")

    def test_mrkdwn_as_a_reader_sees_it(self):
        self.assertEqual(mrkdwn.visible("a <https://x/?a&amp;b|link> &lt;b&gt; &amp;lt;"), "a link <b> &lt;")
        self.assertEqual(mrkdwn.links("<https://x/?a&amp;b|link>"), {"link": "https://x/?a&b"})


if __name__ == "__main__":
    unittest.main()
