#!/usr/bin/env python3
"""Time intervals: maintenance mutes machine and people, quiet-hours the chat alone."""
import unittest

from alertmanager import alert
from case import AlertmanagerCase, about, titled
from outcomes import outcome

MUTED = r"Notifications not sent, route is within mute time"


def alerts(container):
    """One for each route."""
    labels = {"host": "h", "group": "g", "container": container}
    return (alert({"alertname": "SelfhealProbeFailing", "remediation": "restart", "severity": "none", **labels}),
            alert({"alertname": "SelfhealNotHealed", "severity": "critical", **labels}, {"description": "x"}),
            outcome("failed", 1, "h", container, "g"),
            alert({"alertname": "SelfhealRemediationPaused", "severity": "warning", "host": container}),
            alert({"alertname": "Watchdog", "severity": "none"}))


class Maintenance(AlertmanagerCase):
    settings = {"interval_on": "maintenance"}

    def test_nobody_is_told_and_nothing_is_healed(self):
        self.post(*alerts("web"))
        for receiver in (self.remediator, self.dead_mans_switch):
            receiver.wait_for_alert(lambda a: a["labels"]["alertname"] == "Watchdog")
        for alertname in ("SelfhealProbeFailing", "SelfhealNotHealed", "SelfhealOutcome", "SelfhealRemediationPaused"):
            self.alertmanager.await_flush(alertname)
        self.alertmanager.await_log(MUTED, times=4)
        self.assertEqual(self.slack.received + self.pagerduty.received, [])
        self.assertEqual({a["labels"]["alertname"] for a in self.remediator.alerts()}, {"Watchdog"})


class QuietHours(AlertmanagerCase):
    settings = {"interval_on": "quiet-hours"}

    def test_the_chat_is_quiet_the_pager_and_the_machine_are_not(self):
        self.post(*alerts("web"))
        self.remediator.wait_for_alert(about("web"))
        self.pagerduty.wait_for(lambda e: e["payload"].get("component") == "web")
        self.slack.wait_for_message(titled("web", "not healed"))
        for alertname in ("SelfhealOutcome", "SelfhealRemediationPaused"):
            self.alertmanager.await_flush(alertname)
        self.alertmanager.await_log(MUTED, times=2)
        self.assertEqual(len(self.slack.received), 1)


if __name__ == "__main__":
    unittest.main()
