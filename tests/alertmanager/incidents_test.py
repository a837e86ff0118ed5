#!/usr/bin/env python3
"""PagerDuty: one incident for one container, closed when all that fired for it is over."""
import unittest

from alertmanager import alert, over
from case import AlertmanagerCase, titled


def page(alertname, container):
    return alert({"alertname": alertname, "severity": "critical", "host": "h", "group": "g", "container": container},
                 {"description": f"{container}: {alertname}", "summary": alertname})


class Incidents(AlertmanagerCase):
    settings = {"speed": 200}  # group_wait 50 ms, group_interval 1.5 s

    def key_of(self, container):
        return self.pagerduty.wait_for(lambda e: e["payload"].get("component") == container)["dedup_key"]

    def events(self, container):
        return self.pagerduty.got(lambda e: e["payload"].get("component") == container)

    def test_one_incident_for_breaker_open_and_not_healed(self):
        breaker, not_healed = page("SelfhealBreakerOpen", "web"), page("SelfhealNotHealed", "web")
        self.post(breaker)
        key = self.key_of("web")
        self.post(not_healed, page("SelfhealNotHealed", "db"))
        self.assertNotEqual(self.key_of("db"), key, "another container is another incident")
        both = self.pagerduty.wait_for(lambda e: e["payload"].get("class") == "breaker open, not healed")
        self.assertEqual((both["dedup_key"], both["event_action"]), (key, "trigger"))
        self.assertIn("[breaker open]", both["payload"]["custom_details"]["firing"])
        self.assertIn("[not healed]", both["payload"]["custom_details"]["firing"])

        self.post(over(breaker))
        one_left = self.pagerduty.wait_for(lambda e: "[breaker open]" in str(e["payload"]["custom_details"]["resolved"]))
        self.assertEqual((one_left["dedup_key"], one_left["event_action"]), (key, "trigger"))
        self.assertIn(key, self.pagerduty.open)
        self.post(over(not_healed))
        self.pagerduty.wait_for(lambda e: e["event_action"] == "resolve" and e["dedup_key"] == key)
        self.assertNotIn(key, self.pagerduty.open)
        self.assertEqual(self.pagerduty.opened.count(key), 1)
        self.assertEqual({event["dedup_key"] for event in self.events("web")}, {key})

        message = self.slack.wait_for_message(titled("Over: web on h: not healed"))
        self.assertEqual(message["color"], "good")
        self.assertRegex(message["text"], r"Over since \d+ \w{3} \d\d:\d\d UTC: not healed")

    def test_what_is_about_something_else_is_an_incident_of_its_own(self):
        self.post(page("SelfhealCertificateExpiring", "shop"))
        first = self.key_of("shop")
        self.post(page("SelfhealNotHealed", "shop"))
        other = self.pagerduty.wait_for(lambda e: e["payload"].get("class") == "not healed"
                                        and e["payload"].get("component") == "shop")
        self.assertNotEqual(other["dedup_key"], first, "a certificate is open for days")

        def down(alertname, instance):
            return alert({"alertname": alertname, "severity": "critical", "instance": instance}, {"summary": alertname})
        self.post(down("SelfhealExporterDown", "a"))
        self.pagerduty.wait_for(lambda e: e["payload"].get("class") == "exporter down")
        self.post(down("SelfhealExporterDown", "b"), down("SelfhealRemediatorDown", "r"))
        self.pagerduty.wait_for(lambda e: e["payload"].get("class") == "remediator down")
        wanted = ("exporter down", "remediator down")
        self.pagerduty.wait_for(lambda e: e["payload"].get("source") == "b")
        keys = {e["dedup_key"] for e in self.pagerduty.got(lambda e: e["payload"].get("class") in wanted)}
        self.assertEqual(len(keys), 3)


if __name__ == "__main__":
    unittest.main()
