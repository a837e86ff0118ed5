#!/usr/bin/env python3
"""A container that breaks again after each restart: at most three messages in Slack before its page.

Outcomes at 0, 40 and 90 s, then the breaker opens; time goes 75 times faster. The first outcome is told
after group_wait; what follows within group_interval, warnings among it, is one message more.
"""
import time
import unittest

from alertmanager import alert
from case import AlertmanagerCase, titled
from outcomes import LIFE_SECONDS, outcome

SPEED = 75
GROUP_INTERVAL = 300


def of_container(alertname, severity):
    return alert({"alertname": alertname, "severity": severity, "host": "h", "group": "shop/web", "container": "web"},
                 {"description": f"web on h: {alertname}"})


class Flapping(AlertmanagerCase):
    settings = {"speed": SPEED}

    def test_a_flapping_container(self):
        begun = time.monotonic()

        def sleep_until(seconds):
            time.sleep(max(0.0, begun + seconds / SPEED - time.monotonic()))

        def post_outcome(kind, attempt):
            self.post(outcome(kind, attempt, speed=SPEED))

        post_outcome("recovered", 1)
        first = self.slack.wait_for_message(titled("web on h: recovered"), timeout=3)
        self.assertEqual(first["color"], "good")
        sleep_until(40)
        post_outcome("failed", 2)
        self.post(of_container("SelfhealRemediationFailing", "warning"), of_container("SelfhealFlapping", "warning"))
        sleep_until(90)
        post_outcome("breaker_open", 3)
        self.post(of_container("SelfhealBreakerOpen", "critical"))
        self.pagerduty.wait_for(lambda e: e["payload"].get("class") == "breaker open", timeout=3)
        page = self.slack.wait_for_message(titled("web on h: breaker open"), timeout=3)
        self.assertEqual(page["color"], "danger")
        before_the_page = self.slack.messages(lambda m: True).index(page)
        self.assertLessEqual(before_the_page, 3)

        # What came meanwhile is in one message: the outcomes are still there when their group is flushed.
        later = self.slack.wait_for_message(titled("web on h:", "failed", "breaker open"), timeout=10)
        self.assertGreater(time.monotonic() - begun, 0.9 * GROUP_INTERVAL / SPEED)
        self.assertEqual(later["color"], "danger")
        for text in ("recovered", "failed", "breaker open", "attempt 2 of 3", "attempt 3 of 3"):
            self.assertIn(text, later["text"])
        self.assertNotIn("flapping", later["text"], "the page has said more")

        # Outcomes end by themselves, which is no news; nor is it that warnings are over.
        sleep_until(90 + LIFE_SECONDS + GROUP_INTERVAL)
        self.assertEqual(len(self.slack.messages(lambda m: True)), 3)
        self.assertEqual(len(self.pagerduty.received), 1)


if __name__ == "__main__":
    unittest.main()
