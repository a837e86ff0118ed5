#!/usr/bin/env python3
"""Who gets which alert: the remediator its work, people the rest, and the Watchdog both ends of the chain."""
import unittest

from alertmanager import alert, over
from case import AlertmanagerCase, about, titled
from outcomes import outcome


def trigger(container, host="h"):
    return alert({"alertname": "SelfhealProbeFailing", "remediation": "restart", "severity": "none", "host": host,
                  "group": "g", "container": container}, {"description": f"{container} fails"})


def people_alert(alertname, container, severity="warning", host="h", **labels):
    return alert({"alertname": alertname, "severity": severity, "host": host, "group": "g", "container": container,
                  **labels}, {"description": f"{container}: {alertname}"})


class Delivery(AlertmanagerCase):
    def test_work_goes_to_the_remediator_alone(self):
        self.post(trigger("sep-a"), trigger("sep-b"), people_alert("SelfhealNotHealed", "sep-a", "critical"),
                  people_alert("SelfhealLabelErrors", "sep-b"))
        for container in ("sep-a", "sep-b"):
            work = self.remediator.wait_for_alert(about(container))
            self.assertEqual(work["labels"]["remediation"], "restart")
        self.pagerduty.wait_for(lambda e: e["payload"].get("component") == "sep-a")
        self.slack.wait_for_message(titled("sep-a", "not healed"))
        self.slack.wait_for_message(titled("sep-b", "label errors"))
        self.assertEqual({a["labels"].get("remediation", a["labels"]["alertname"]) for a in self.remediator.alerts()}
                         - {"Watchdog"}, {"restart"})
        for content in self.remediator.got(lambda c: True):
            self.assertEqual(len(content["alerts"]), 1, "one alert in a request")
        self.assertEqual(self.slack.messages(titled("probe failing")), [])
        self.assertEqual(self.pagerduty.got(lambda e: "probe failing" in e["payload"].get("class")), [])

    def test_the_end_of_work_is_delivered(self):
        fires = trigger("ends")
        self.post(fires)
        self.remediator.wait_for_alert(about("ends"))
        self.post(over(fires))
        self.remediator.wait_for_alert(lambda a: about("ends")(a) and a["status"] == "resolved")

    def test_a_second_failure_is_delivered_within_seconds(self):
        """With a longer group_interval on the machine's route it would wait for that."""
        first = trigger("again")
        self.post(first)
        self.remediator.wait_for_alert(about("again"))
        self.post(over(first))
        self.remediator.wait_for_alert(lambda a: about("again")(a) and a["status"] == "resolved")
        second = trigger("again")
        self.post(second)
        self.remediator.wait_for_alert(
            lambda a: about("again")(a) and a["status"] == "firing" and a["startsAt"] != first["startsAt"], timeout=4)

    def test_the_watchdog_goes_both_ways_and_to_no_person(self):
        self.post(alert({"alertname": "Watchdog", "severity": "none"}, {"summary": "always"}))
        for receiver in (self.remediator, self.dead_mans_switch):
            receiver.wait_for_alert(lambda a: a["labels"]["alertname"] == "Watchdog")
        self.post(people_alert("SelfhealLabelErrors", "later"))
        self.slack.wait_for_message(titled("later"))
        self.assertEqual(self.slack.messages(titled("watchdog")), [])
        self.assertEqual({a["labels"]["alertname"] for a in self.dead_mans_switch.alerts()}, {"Watchdog"})

    def test_inhibitions_spare_people_a_second_message_and_nothing_else(self):
        host = "inhibited"
        on_it = {"host": host, "group": "g"}
        self.post(
            people_alert("SelfhealBreakerOpen", "c", "critical", host),
            people_alert("SelfhealCrashLoop", "c", "critical", host),
            people_alert("SelfhealNotHealed", "c", "critical", host),
            people_alert("SelfhealRemediationFailing", "c", "warning", host),
            people_alert("SelfhealFlapping", "c", "warning", host),
            alert({"alertname": "SelfhealAvailabilityBurnFast", "severity": "critical", **on_it}),
            alert({"alertname": "SelfhealAvailabilityBurnSlow", "severity": "warning", **on_it}),
            alert({"alertname": "SelfhealStorm", "severity": "critical", "host": host}),
            people_alert("SelfhealHealedTooOften", "other", "warning", host),
            trigger("c", host), outcome("failed", 1, host, "other", "g"))
        # Of containers that nothing else is known of, posted later: what is not told by then is not told at all.
        self.remediator.wait_for_alert(lambda a: a["labels"]["host"] == host)
        self.slack.wait_for_message(titled("c on " + host, "breaker open", "crash loop", "not healed"))
        self.slack.wait_for_message(titled("other on " + host, "failed"))
        self.slack.wait_for_message(titled(host, "storm"))
        self.post(people_alert("SelfhealFlapping", "control", "warning", "elsewhere"),
                  alert({"alertname": "SelfhealAvailabilityBurnFast", "severity": "critical", "host": "elsewhere",
                         "group": "g"}))
        self.slack.wait_for_message(titled("control", "flapping"))
        self.slack.wait_for_message(titled("elsewhere", "availability burn fast"))
        for told_already in ("remediation failing", "flapping", "availability burn", "healed too often"):
            self.assertEqual(self.slack.messages(titled(host, told_already)), [])

    def test_what_the_remediators_death_explains_is_not_told_too(self):
        self.post(alert({"alertname": "SelfhealRemediatorDown", "severity": "critical", "job": "selfheal-remediator",
                         "instance": "r:10116"}, {"description": "down"}),
                  alert({"alertname": "SelfhealNotificationsFailing", "severity": "critical", "job": "alertmanager",
                         "instance": "m:9093", "integration": "webhook"}, {"description": "webhooks fail"}),
                  alert({"alertname": "SelfhealNotificationsFailing", "severity": "critical", "job": "alertmanager",
                         "instance": "m:9093", "integration": "email"}, {"description": "emails fail"}))
        self.pagerduty.wait_for(lambda e: "remediator down" in e["payload"]["class"])
        self.pagerduty.wait_for(lambda e: "emails fail" in e["payload"]["custom_details"]["firing"])
        self.assertEqual(self.pagerduty.got(lambda e: "webhooks fail" in e["payload"]["custom_details"]["firing"]), [])


class Silences(AlertmanagerCase):
    settings = {"speed": 100}  # one that expires is told of after group_interval, 3 s here

    def silence(self, *matchers):
        return self.alertmanager.amtool("silence", "add", "--author=test", "--comment=test", "--duration=1h", *matchers)

    def await_control(self, control):
        """Posted after what must not come, by the same routes: when it is there, that would be."""
        self.post(trigger(control), people_alert("SelfhealFlapping", control))
        self.remediator.wait_for_alert(about(control))
        self.slack.wait_for_message(titled(control))

    def test_of_a_container_pauses_its_healing_until_it_expires(self):
        silence = self.silence("container=quiet")
        self.post(trigger("quiet"), people_alert("SelfhealFlapping", "quiet"))
        self.await_control("control-a")
        self.assertEqual(self.remediator.got(lambda c: about("quiet")(c["alerts"][0])), [])
        self.assertEqual(self.slack.messages(titled("quiet on")), [])
        self.alertmanager.amtool("silence", "expire", silence)
        self.remediator.wait_for_alert(about("quiet"), timeout=5)
        self.slack.wait_for_message(titled("quiet on"), timeout=20)

    def test_for_people_alone(self):
        self.silence("container=mended", "remediation=")
        self.post(trigger("mended"), people_alert("SelfhealFlapping", "mended"))
        self.remediator.wait_for_alert(about("mended"))
        self.await_control("control-b")
        self.assertEqual(self.slack.messages(titled("mended on")), [])

    def test_for_the_machine_alone(self):
        self.silence("container=told", "remediation!=")
        self.post(trigger("told"), people_alert("SelfhealFlapping", "told"))
        self.slack.wait_for_message(titled("told on"))
        self.await_control("control-c")
        self.assertEqual(self.remediator.got(lambda c: about("told")(c["alerts"][0])), [])


class WithoutPeople(AlertmanagerCase):
    settings = {"people": False}

    def test_machine_only_heals_and_complains_of_nothing(self):
        self.post(trigger("web"), people_alert("SelfhealNotHealed", "web", "critical"),
                  people_alert("SelfhealFlapping", "web"), people_alert("SelfhealRemediationPaused", ""))
        self.remediator.wait_for_alert(about("web"))
        for alertname in ("SelfhealNotHealed", "SelfhealFlapping", "SelfhealRemediationPaused"):
            self.alertmanager.await_flush(alertname)


class FreshCheckout(AlertmanagerCase):
    """Nobody has written slack.url and pagerduty.key yet."""
    settings = {"secrets": False}

    def test_healing_needs_neither_slack_nor_pagerduty(self):
        self.post(people_alert("SelfhealNotHealed", "web", "critical"), people_alert("SelfhealFlapping", "web"))
        self.alertmanager.await_log("slack.url: no such file")
        self.alertmanager.await_log("pagerduty.key: no such file")
        self.post(trigger("web"))
        self.remediator.wait_for_alert(about("web"), timeout=3)

    def tearDown(self):
        """Alertmanager does complain, of those two files."""
        self.assertEqual([fault for fault in self.alertmanager.faults() if "no such file" not in fault], [])


if __name__ == "__main__":
    unittest.main()
