"""Recorded series through promtool, the rules as shipped: without a Prometheus."""
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "../..")
sys.path.insert(0, os.path.join(TOP, "rules/backtest.d"))

import scenario
from errors import Failure
from evaluation import Evaluation
from history import START
from input_series import Grid, RecordedSeries
from rule_files import load_rules
from timeline import Timeline

PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")
MACHINE = os.path.join(TOP, "rules/selfheal-machine.rules.yml")
LOOKBACK = 300


class StubPrometheus:
    """Answers from a list of samples; looks back for five minutes, as Prometheus does. It reads no matchers."""

    def __init__(self, samples):
        self.values = {}
        for name, labels, moment, value in samples:
            key = tuple(sorted({**labels, "__name__": name}.items()))
            self.values.setdefault(key, {})[START + moment] = repr(value)

    def series(self, selector, _begin, _end):
        return [dict(key) for key in self.values if dict(key)["__name__"] == selector.split("{")[0]]

    def query_range(self, selector, begin, end, step):
        found = []
        for labels in self.series(selector, begin, end):
            values = self.values[tuple(sorted(labels.items()))]
            points = []
            for index in range(round((end - begin) / step) + 1):
                moment = begin + index * step
                back = next((moment - age for age in range(LOOKBACK) if moment - age in values), None)
                if back is not None:
                    points.append([moment, values[back]])
            if points:
                found.append({"metric": labels, "values": points})
        return found


class EvaluationTest(unittest.TestCase):
    def evaluate(self, samples, grids, rules=MACHINE):
        rules = load_rules([rules])
        prometheus = StubPrometheus(samples)
        names = {dict(key)["__name__"] for key in prometheus.values}
        timeline = Timeline(5)
        for grid in grids:
            with tempfile.TemporaryDirectory() as folder:
                recorded = RecordedSeries(prometheus, rules.selectors(names, None), grid)
                timeline.add(Evaluation(PROMTOOL, rules, recorded, grid, folder).changes(), grid)
        timeline.finish()
        return timeline

    def grid(self, start, begin, end):
        return Grid(START + start, START + begin, START + end, 5)

    def spans(self, spans):
        return [(span.container, span.what, span.begin - START, span.end and span.end - START) for span in spans]

    def test_acts_and_holds_are_told(self):
        timeline = self.evaluate(scenario.samples(), [self.grid(0, 300, 2900)])
        self.assertEqual(self.spans(timeline.acts), scenario.ACTS)
        self.assertEqual(self.spans(timeline.holds), scenario.HOLDS)

    def test_a_cut_through_a_storm_changes_nothing(self):
        timeline = self.evaluate(scenario.samples(), [self.grid(300, 1200, 1850), self.grid(950, 1850, 2300)])
        self.assertEqual(self.spans(timeline.acts), scenario.ACTS[1:2])
        self.assertEqual(self.spans(timeline.holds), scenario.HOLDS)

    def test_what_has_begun_before_and_goes_on_after(self):
        timeline = self.evaluate(scenario.samples(), [self.grid(300, 1250, 1300)])
        self.assertEqual(self.spans(timeline.acts), [("db", "SelfhealProbeHanging", 1250, None)])
        self.assertEqual([hold.faults for hold in timeline.holds], [["failing"], ["failing"]])

    def test_a_rule_that_fails_on_the_data_is_named(self):
        with tempfile.NamedTemporaryFile("w", suffix=".rules.yml") as rules:
            rules.write("groups: [{name: mine, rules: [{record: 'selfheal:hold', expr: "
                        "'selfheal_probe_healthy * on (host) selfheal_probe_failure_threshold'}]}]")
            rules.flush()
            with self.assertRaisesRegex(Failure, "selfheal:hold"):
                self.evaluate(scenario.samples(), [self.grid(0, 100, 120)], rules.name)


if __name__ == "__main__":
    unittest.main()
