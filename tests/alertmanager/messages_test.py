#!/usr/bin/env python3
"""How each alert that there is reads in Slack and in PagerDuty."""
import re
import unittest

import mrkdwn
from alertmanager import EXTERNAL_URL, alert
from case import AlertmanagerCase
from expected_alerts import expected_alerts
from outcomes import TEXTS, outcome

# Slack shows no more of it before it is opened.
MOST_SHOWN, MOST_LINE_BREAKS = 700, 4


def for_people():
    return [(labels, annotations) for labels, annotations in expected_alerts()
            if "remediation" not in labels and labels["alertname"] != "Watchdog"]


def words(alertname):
    """SelfhealNotHealed: not healed."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", alertname.removeprefix("Selfheal")).lower()


class Messages(AlertmanagerCase):
    # Each alert is a message of its own, and none is left out because of another one.
    settings = {"group_by": "['...']", "inhibit": False}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alertmanager.post(*(alert(*fixture) for fixture in for_people()),
                              *(outcome(kind, 2) for kind in TEXTS))

    def message(self, text):
        """The one message with this text in what a reader sees."""
        self.slack.wait_for_message(lambda m: text in mrkdwn.visible(m["text"]))
        found = self.slack.messages(lambda m: text in mrkdwn.visible(m["text"]))
        self.assertEqual(len(found), 1, found)
        return found[0]

    def assert_readable(self, message):
        shown = mrkdwn.visible(message["text"]).rstrip("\n")
        self.assertLessEqual(len(shown), MOST_SHOWN, shown)
        self.assertLessEqual(shown.count("\n"), MOST_LINE_BREAKS, shown)
        for key in ("title", "text", "fallback"):
            self.assertNotIn("<no value>", mrkdwn.visible(message[key]))
            self.assertNotIn("  ", message[key])

    def test_alerts_in_slack(self):
        for labels, annotations in for_people():
            with self.subTest(labels["alertname"], severity=labels["severity"]):
                message = self.message(annotations["description"])
                self.assert_readable(message)
                self.assertEqual(message["color"], "danger" if labels["severity"] == "critical" else "warning")
                self.assertTrue(message["title"].endswith(": " + words(labels["alertname"])), message["title"])
                for name in ("container", "target", "group", "host", "instance"):
                    if name in labels:
                        self.assertTrue(message["title"].startswith(labels[name]), message["title"])
                        break
                if "host" in labels:
                    self.assertIn(labels["host"], message["title"])
                self.assertEqual(mrkdwn.unescape(message["fallback"]),
                                 mrkdwn.unescape(message["title"]) + ". " + annotations["summary"])
                self.assertRegex(message["text"], r"since \d+ \w{3} \d\d:\d\d UTC")
                links = mrkdwn.links(message["text"])
                self.assertEqual(links["Runbook"], annotations["runbook_url"])
                self.assertEqual(links["Query"], "http://prometheus.example.org/graph?g0.expr=up&g0.tab=1")
                self.assertEqual(message["title_link"], annotations["runbook_url"])

    def test_critical_ones_in_pagerduty(self):
        for labels, annotations in for_people():
            if labels["severity"] != "critical":
                continue
            with self.subTest(labels["alertname"]):
                event = self.pagerduty.wait_for(
                    lambda e, a=annotations: a["description"] in str(e["payload"]["custom_details"]["firing"]))
                payload = event["payload"]
                self.assertEqual(event["event_action"], "trigger")
                self.assertEqual(payload["severity"], "critical")
                self.assertEqual(payload["class"], words(labels["alertname"]))
                self.assertIn(": " + payload["class"] + ". " + annotations["summary"], payload["summary"])
                self.assertEqual(payload["source"], labels.get("host") or labels.get("instance") or "selfheal")
                self.assertEqual(payload.get("component", ""), labels.get("container") or labels.get("target") or "")
                self.assertEqual(payload.get("group", ""), labels.get("group", ""))
                self.assertEqual(event["client"], "Alertmanager")
                self.assertTrue(event["client_url"].startswith(EXTERNAL_URL), event["client_url"])
                self.assertEqual(event["links"], [{"href": annotations["runbook_url"], "text": "Runbook"}])
                self.assertIsInstance(payload["custom_details"]["firing"], str)
                self.assertIn(annotations["runbook_url"], payload["custom_details"]["firing"])

    def test_warnings_page_nobody(self):
        self.test_critical_ones_in_pagerduty()
        critical = sum(labels["severity"] == "critical" for labels, _ in for_people())
        self.assertEqual(len(self.pagerduty.opened), critical)

    def test_outcomes_in_slack(self):
        colors = {"recovered": "good", "failed": "danger", "stopped": "warning", "expired": "warning", "breaker_open": "danger"}
        for kind, color in colors.items():
            with self.subTest(kind):
                posted = outcome(kind, 2)
                message = self.message(posted["annotations"]["description"])
                self.assert_readable(message)
                self.assertEqual(message["color"], color)
                self.assertEqual(message["title"], "web on h: " + kind.replace("_", " "))
                self.assertRegex(message["text"], r"\d+ \w{3} \d\d:\d\d:\d\d UTC · attempt 2 of 3 · ")
                self.assertIn(posted["annotations"]["reason"], message["text"])
                self.assertEqual(mrkdwn.links(message["text"]), {"Incident": posted["annotations"]["incident_url"]})
                self.assertEqual(message["title_link"], posted["annotations"]["incident_url"])


if __name__ == "__main__":
    unittest.main()
