#!/usr/bin/env python3
"""Labels and annotations that nobody should write: what is sent stays valid, short, and does nothing.

That the stubs find no fault is most of it; every test here also looks that the message came.
"""
import unittest

import mrkdwn
from alertmanager import alert
from case import AlertmanagerCase

HOSTILE = {
    "quotes": "it's \"quoted\" \\ back\\slashed \\n",
    "script": "<script>alert(1)</script> & <b>bold</b> &amp; &lt;",
    "mention": "<!channel> <!here|now> <@U012AB3CD> <#C123> <https://evil.example.org|click me>",
    "lines": "first\nsecond\r\n*third*\n\n\n> quoted\u2028fourth",
    "code": "``` code that `never ends",
    "long": "3000 characters " + "x" * 2984,
    "long_amp": "&" * 3000,
    "emoji": "🔥 on fire 👩‍🚒 ✅ \u202ereversed",
    "template": "{{ .ExternalURL }} {{ template \"selfheal.plain\" . }} {{ 1 | no_such_function }}",
    "yaml": "key: value\nother: [1, 2]\n--- !!int 3",
    "blank": "   \t\n ",
    "formats": "%s %d %!(EXTRA) *bold* _italic_ ~struck~",
}


def of(name, severity):
    """Everything a rule could take from a container is hostile; the container's own name too."""
    text = HOSTILE[name]
    labels = {"alertname": "SelfhealNotHealed", "severity": severity, "host": f"host-{name}-{severity}",
              "group": text, "container": text}
    return alert(labels, {"summary": text, "description": text, "runbook_url": text, "incident_url": text,
                          "reason": text}, generator="http://prometheus.example.org/graph?g0.expr=a|b>c")


class Hostile(AlertmanagerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alertmanager.post(*(of(name, severity) for name in HOSTILE for severity in ("critical", "warning")))

    def test_slack(self):
        for name, text in HOSTILE.items():
            for severity, color in (("critical", "danger"), ("warning", "warning")):
                with self.subTest(name, severity=severity):
                    message = self.slack.wait_for_message(lambda m, h=f"host-{name}-{severity}": h in m["title"])
                    self.assertEqual(message["color"], color)
                    self.assertIn("not healed", message["title"])
                    self.assertNotIn("\n", message["title"] + message["fallback"])
                    self.assertLess(len(message["title"]), 1024)
                    # The value's line and the one of the links; nothing of the value begins a line of its own.
                    self.assertLessEqual(message["text"].rstrip("\n").count("\n"), 1)
                    self.assertEqual(mrkdwn.links(message["text"]), {})
                    begins = " ".join(text.split())[:10].replace("*", "∗").replace("~", "∼").replace("`", "'")
                    self.assertIn(begins, mrkdwn.visible(message["text"]))

    def test_pagerduty(self):
        for name, text in HOSTILE.items():
            with self.subTest(name):
                event = self.pagerduty.wait_for(lambda e, h=f"host-{name}-critical": e["payload"]["source"] == h)
                self.assertEqual(event.get("links", []), [])
                details = event["payload"]["custom_details"]["firing"]
                self.assertIsInstance(details, str, "a newer Alertmanager has read it as YAML")
                self.assertIn(" ".join(text.split())[:10], details)
                self.assertNotIn("\n", event["payload"]["summary"])

    def test_titles_are_not_cut_in_the_middle(self):
        message = self.slack.wait_for_message(lambda m: "host-long_amp-critical" in m["title"])
        self.assertTrue(message["title"].endswith(": not healed"), message["title"])


class Crowd(AlertmanagerCase):
    settings = {"inhibit": False}

    def test_many_alerts_in_one_message(self):
        """Told apart by a label that makes no group."""
        self.post(*(alert({"alertname": "Other", "severity": "critical", "number": f"{number:03}"},
                          {"description": f"number {number} " + "x" * 400}) for number in range(300)))
        message = self.slack.wait_for_message(lambda m: "300" in m["text"])
        self.assertIn("These are 5 of 300.", message["text"])
        self.assertLess(len(message["text"]), 4000)
        self.assertLess(len(message["title"]), 300)
        event = self.pagerduty.wait_for(lambda e: "number 299" in e["payload"]["custom_details"]["firing"])
        self.assertLess(len(event["payload"]["summary"]), 1024)


if __name__ == "__main__":
    unittest.main()
