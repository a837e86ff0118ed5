#!/usr/bin/env python3
"""The dashboards keep the rules of lint.py, but for what grafana-dashboards/.lint excludes with a reason; and each rule
finds what it is there for."""
import copy
import unittest

import lint
import lint_file
from dashboards import annotations, load, panels, variables

OUR_OWN = {"raw-series-are-filtered", "dashboard-model", "dashboard-links", "annotations", "legends", "query-formats"}


def excluded(finding: lint.Finding, exclusion: lint_file.Exclusion) -> bool:
    return finding.rule == exclusion.rule and (not exclusion.entries or any(
        entry.covers(finding.dashboard, finding.place) for entry in exclusion.entries))


class Rules(unittest.TestCase):
    def test_all_dashboards(self):
        exclusions = lint_file.read()
        findings = [each for dashboard in load().values() for each in lint.check(dashboard)]
        wrong = [str(each) for each in findings if not any(excluded(each, one) for one in exclusions)]
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_exclusions_have_reasons_and_are_needed(self):
        findings = [each for dashboard in load().values() for each in lint.check(dashboard)]
        for exclusion in lint_file.read():
            self.assertTrue(exclusion.reason, exclusion.rule)
            self.assertIn(exclusion.rule, lint.RULES)
            self.assertNotIn(exclusion.rule, OUR_OWN)
            for entry in exclusion.entries or [lint_file.Entry(None, None)]:
                self.assertTrue(any(each.rule == exclusion.rule and entry.covers(each.dashboard, each.place)
                                    for each in findings), f"{exclusion.rule}: nothing needs {entry}")


def sample() -> dict:
    """A dashboard without a fault: one of ours, left with its first panel of series."""
    dashboard = copy.deepcopy(load()["probes"])
    dashboard["panels"] = [each for each in panels(dashboard) if each["type"] == "timeseries"][:1]
    target = dashboard["panels"][0]["targets"][0]
    target["expr"] = 'sum by (a) (rate(x_total{job=~"$job", instance=~"$instance"}[$__rate_interval]))'
    target["legendFormat"] = "{{a}}"
    for annotation in annotations(dashboard):
        annotation["expr"] = annotation["target"]["expr"] = 'max(x{job=~"$job", instance=~"$instance"})'
    return dashboard


def target(dashboard: dict) -> dict:
    return dashboard["panels"][0]["targets"][0]


def named(dashboard: dict, name: str) -> dict:
    return next(each for each in variables(dashboard) if each["name"] == name)


def ask(expr: str):
    return lambda dashboard: target(dashboard).update(expr=expr)


# What breaks each rule, and nothing else.
BREAKS = {
    "template-datasource-rule": lambda it: named(it, "datasource").update(label="Prometheus"),
    "template-job-rule": lambda it: named(it, "job").update(multi=False),
    "template-instance-rule": lambda it: named(it, "instance").update(allValue=""),
    "template-label-promql-rule": lambda it: named(it, "host")["query"].update(query="up"),
    "template-on-time-change-reload-rule": lambda it: named(it, "group").update(refresh=1),
    "panel-datasource-rule": lambda it: target(it).update(datasource={"type": "prometheus", "uid": "abc"}),
    "panel-title-description-rule": lambda it: it["panels"][0].pop("description"),
    "panel-units-rule": lambda it: it["panels"][0]["fieldConfig"]["defaults"].update(unit="recoveries"),
    "panel-no-targets-rule": lambda it: it["panels"][0].update(targets=[]),
    "target-rate-interval-rule": ask('rate(x_total{job=~"$job", instance=~"$instance"}[5m])'),
    "target-job-rule": ask('a:b{instance=~"$instance"}'),
    "target-instance-rule": ask('a:b{job=~"$job"}'),
    "target-counter-agg-rule": ask('sum(x_total{job=~"$job", instance=~"$instance"})'),
    "uneditable-dashboard": lambda it: it.update(editable=True),
    "raw-series-are-filtered": lambda it: annotations(it)[0].update(expr="up") or
                                          annotations(it)[0]["target"].update(expr="up"),
    "dashboard-model": lambda it: it.update(schemaVersion=38),
    "dashboard-links": lambda it: it["links"][0].update(includeVars=False),
    "annotations": lambda it: annotations(it)[0]["target"].update(expr="vector(1)"),
    "legends": lambda it: target(it).update(legendFormat="__auto"),
    "query-formats": lambda it: target(it).update(format="table"),
}


class EachRule(unittest.TestCase):
    def test_finds_nothing_in_a_good_dashboard(self):
        self.assertEqual([], [str(each) for each in lint.check(sample())])

    def test_finds_what_breaks_it(self):
        self.assertEqual(set(lint.RULES), set(BREAKS))
        for name, do in BREAKS.items():
            broken = sample()
            do(broken)
            self.assertEqual({name}, {each.rule for each in lint.check(broken)}, name)


if __name__ == "__main__":
    unittest.main()
