"""One Alertmanager for the tests of a class. After each test nobody may have had anything to complain about."""
import unittest

from alertmanager import Alertmanager


def about(container):
    """Whether an alert in a webhook is about this container."""
    return lambda alert: alert["labels"].get("container") == container


def titled(*words):
    """Whether all the words stand in a Slack message's title."""
    return lambda message: all(word in message["title"] for word in words)


class AlertmanagerCase(unittest.TestCase):
    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.alertmanager = cls.enterClassContext(Alertmanager(**cls.settings))
        cls.slack = cls.alertmanager.slack
        cls.pagerduty = cls.alertmanager.pagerduty
        cls.remediator = cls.alertmanager.remediator
        cls.dead_mans_switch = cls.alertmanager.dead_mans_switch

    def tearDown(self):
        self.assertEqual(self.alertmanager.faults(), [])

    def post(self, *alerts):
        self.alertmanager.post(*alerts)
