#!/usr/bin/env python3
"""Every metric that a dashboard asks for is published by a daemon, recorded by a rule, or Prometheus' or Alertmanager's
own. That the latter exist is shown by live_test.sh, which asks for them."""
import re
import unittest

from dashboards import ROOT, load, queries
from promql import selectors

PUBLISHED = re.compile(r'"((?:selfheal|app|process)_[a-z0-9_]+)"')
RECORDED = re.compile(r"^\s*- record: (\S+)$", re.MULTILINE)
# common/exposition/web_metrics.cpp puts the daemon's name before it.
WEB_CONFIG = {f"selfheal_{daemon}_web_{name}" for daemon in ("exporter", "remediator")
              for name in ("config_last_reload_successful", "logins_limited_total")}
OF_PROMETHEUS = {"up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS", "ALERTS_FOR_STATE"}
OF_OTHERS = ("prometheus_", "alertmanager_")
HISTOGRAM_PARTS = re.compile(r"_(bucket|sum|count)$")


def known_names() -> set[str]:
    names = set(WEB_CONFIG | OF_PROMETHEUS)
    for folder in ("common", "exporter", "remediator"):
        for source in (ROOT / folder).rglob("*.cpp"):
            names |= set(PUBLISHED.findall(source.read_text()))
    for rules in (ROOT / "rules").rglob("*.rules.yml"):
        names |= set(RECORDED.findall(rules.read_text()))
    return names


def unknown(expr: str, known: set[str]) -> list[str]:
    return [each.name for each in selectors(expr)
            if each.name and not each.name.startswith(OF_OTHERS)
            and each.name not in known and HISTOGRAM_PARTS.sub("", each.name) not in known]


class Names(unittest.TestCase):
    def test_all_are_known(self):
        known = known_names()
        wrong = [f"{query}: {name}" for dashboard in load().values() for query in queries(dashboard)
                 for name in unknown(query.expr, known)]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_one_by_name_matches_names_that_are_known(self):
        known = known_names()
        for dashboard in load().values():
            for query in queries(dashboard):
                for each in selectors(query.expr):
                    for label, operator, value in each.matchers:
                        if label == "__name__":
                            self.assertTrue(any(re.fullmatch(value, name) for name in known), f"{query}: {value}")

    def test_finds_an_unknown_one(self):
        known = known_names()
        self.assertEqual(["selfheal_probe_succes"], unknown("selfheal_probe_succes / selfheal_probe_success", known))
        self.assertEqual([], unknown("rate(selfheal_probe_duration_seconds_bucket[5m])", known))


if __name__ == "__main__":
    unittest.main()
