"""What needs neither Prometheus nor promtool: times, rule files as text, runs of values, spans."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../rules/backtest.d"))

from evaluation import Change, parse_output
from errors import Failure
from input_series import Grid, SeriesText, notation_of, pieces
from rule_files import load_rules, selectors_of, set_clock
from timeline import Span, Timeline, compare_with_recorded
from times import format_span, format_time, parse_span, parse_time


class Times(unittest.TestCase):
    def test_times_are_read(self):
        for text, moment in (("now", 7200), ("-1h30m", 1800), ("-500ms", 7199.5), ("12.5", 12.5),
                             ("1970-01-01T01:00:00Z", 3600), ("1970-01-01T01:00:00+01:00", 0)):
            self.assertEqual(parse_time(text, 7200), moment, text)

    def test_what_is_no_time_is_told(self):
        for text in ("", "yesterday", "-", "-5", "-5 m", "6h", "-0s"):
            with self.assertRaises(ValueError, msg=text):
                parse_time(text, 0)

    def test_spans_are_written_as_prometheus_writes_them(self):
        for seconds, text in ((0.5, "500ms"), (5, "5s"), (90, "1m30s"), (86400 + 3600, "1d1h")):
            self.assertEqual(format_span(seconds), text)
            self.assertEqual(parse_span(text), seconds)
        self.assertEqual(format_time(3600), "1970-01-01T01:00:00Z")


class RuleFiles(unittest.TestCase):
    def load(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, text in files.items():
                paths.append(os.path.join(folder, f"{name}.yml"))
                with open(paths[-1], "w", encoding="utf-8") as file:
                    file.write(text)
            return load_rules(paths)

    def names(self, rules):
        return [os.path.basename(file.path) for file in rules.files]

    TRIGGER = "groups: [{name: machine, rules: [{alert: A, expr: 'x > 1 unless y:z', labels: {remediation: restart}}]}]"

    def test_files_that_have_no_part_in_it_are_left_out(self):
        rules = self.load(machine=self.TRIGGER, people="groups: [{name: p, rules: [{alert: B, expr: 'q[3d] > 1'}]}]",
                          facts='groups: [{name: "f", rules: [{"record": "y:z", expr: "w > 2"}]}]')
        self.assertEqual(self.names(rules), ["machine.yml", "facts.yml"])
        self.assertEqual(rules.groups(), ["machine", "f"])
        self.assertEqual(rules.selectors({"x", "y:z", "w", "q", "ALERTS"}, None), ["w", "x"])
        self.assertEqual(rules.looks_back, 0)

    def test_rules_that_decide_nothing_are_refused(self):
        with self.assertRaises(Failure):
            self.load(people="groups: [{name: p, rules: [{alert: B, expr: up}]}]")

    def test_windows_add_up_once_each(self):
        rules = self.load(machine="""
groups:
- name: machine
  rules:
  # not a window: x[9d]
  - record: selfheal:hold
    expr: max_over_time(x[10m]) + min_over_time(y[1m:15s]) and z[10m] offset 2m
  - alert: A
    expr: x
    for: 5s
    labels: {remediation: restart}
""")
        self.assertEqual(rules.looks_back, 600 + 60 + 120 + 5)

    def test_selectors_are_as_narrow_as_the_rules_allow(self):
        text = 'x{a="1"} + x { b =~ "p,}q" , c!=\'\' } and xy{d="2"} and z:x{e="3"}'
        self.assertEqual(selectors_of("x", text), {'a="1"', 'b =~ "p,}q" , c!=\'\''})
        self.assertEqual(selectors_of("x", 'x{a="1"} + x[5m]'), {'a="1"', ""})
        self.assertEqual(selectors_of("x", "the x {{ $labels.a }}"), {""})
        rules = self.load(machine=self.TRIGGER.replace("x > 1", 'x{a="1"} > 1 and x{a="2"}'))
        self.assertEqual(rules.selectors({"x"}, None), ['x{a="1"}', 'x{a="2"}'])
        self.assertEqual(rules.selectors({"x"}, "h.1"), ['x{a="1", host=~"|h\\\\.1"}', 'x{a="2", host=~"|h\\\\.1"}'])

    def test_the_clock_is_set_in_every_function_that_reads_it(self):
        for expression, later in (
                ("time() - start_time_seconds", "(time() + 100.000) - start_time_seconds"),
                ("hour() == 3", "hour(vector((time() + 100.000))) == 3"),
                ("hour(x) == 3", "hour(x) == 3"),
                ("a - timestamp(max(x{b=\")\"})) > 5", "a - (100.000 + timestamp(max(x{b=\")\"}))) > 5"),
                ("timestamp(timestamp(x))", "(100.000 + timestamp((100.000 + timestamp(x))))"),
                ("my_time() + x:time()", "my_time() + x:time()")):
            self.assertEqual(set_clock(expression, 100), later)


class InputSeries(unittest.TestCase):
    def text(self, values, length):
        text = SeriesText()
        for index, value in values:
            text.add(index, value)
        return text.text(length)

    def test_runs_gaps_and_ends(self):
        self.assertEqual(self.text([(0, "1"), (1, "1"), (2, "0")], 3), "1x1 0")
        self.assertEqual(self.text([(2, "1")], 5), "_x2 1 stale _x1")
        self.assertEqual(self.text([(0, "1"), (3, "1"), (4, "1")], 6), "1 stale _x1 1x1 stale")
        self.assertEqual(self.text([], 3), "_x3")

    def test_labels_are_quoted(self):
        self.assertEqual(notation_of({"__name__": "x", "b": 'q"\\\n', "a": "1"}), 'x{a="1", b="q\\"\\\\\\n"}')

    def test_the_range_is_cut_into_what_promtool_can_hold(self):
        whole = list(pieces(1000, 4600, 5, 900, 10, 1))
        self.assertEqual(whole, [Grid(100, 1000, 4600, 5)])
        self.assertEqual(len(whole[0]), 901)
        for_memory = list(pieces(1000, 4600, 5, 900, 20_000, 1))
        self.assertEqual([(piece.start, piece.begin, piece.end) for piece in for_memory],
                         [(100, 1000, 2100), (1200, 2100, 3200), (2300, 3200, 4300), (3400, 4300, 4600)])
        for_cores = list(pieces(1000, 8200, 5, 900, 10, 2))
        self.assertEqual([(piece.start, piece.begin, piece.end) for piece in for_cores],
                         [(100, 1000, 4600), (3700, 4600, 8200)])


class Output(unittest.TestCase):
    def test_samples_are_read_and_anything_else_is_a_failure(self):
        output = ('Unit Testing:  t.yml\n  FAILED:\n    expr: "backtest:now", time: 1h0m5s500ms,\n        exp: nil\n'
                  '        got: {__name__="x", a="q\\"}, {", is="held"} 1E+00, {__name__="x", a="2"} 1E+00\n\n')
        self.assertEqual(list(parse_output(output)), [(3605.5, {"a": 'q"}, {', "is": "held"}), (3605.5, {"a": "2"})])
        with self.assertRaises(Failure):
            list(parse_output("    rule: x, time: 5s, err: many-to-many matching not allowed"))


class Spans(unittest.TestCase):
    def change(self, moment, begins, container="c", **labels):
        return Change(moment, begins, {"is": "triggered", "host": "h", "container": container, **labels})

    def test_a_span_goes_on_from_piece_to_piece(self):
        timeline = Timeline(5)
        timeline.add([self.change(10, True), self.change(20, True, "d")], Grid(0, 10, 30, 5))
        timeline.add([self.change(30, True), self.change(40, False)], Grid(20, 30, 60, 5))
        timeline.finish()
        self.assertEqual([(act.container, act.begin, act.end) for act in timeline.acts], [("c", 10, 40), ("d", 20, 30)])

    def test_what_lasts_at_the_end_has_no_end(self):
        timeline = Timeline(5)
        timeline.add([self.change(10, True)], Grid(0, 10, 30, 5))
        timeline.finish()
        self.assertIsNone(timeline.acts[0].end)

    def test_a_hold_names_the_faults_that_it_held(self):
        timeline = Timeline(5)
        timeline.add([self.change(10, True, **{"is": "broken", "fault": "failing"}),
                      self.change(10, True, **{"is": "held", "reason": "storm"}),
                      self.change(15, False, **{"is": "broken", "fault": "failing"}),
                      self.change(15, False, **{"is": "held", "reason": "storm"}),
                      self.change(25, True, **{"is": "broken", "fault": "down"})], Grid(0, 10, 30, 5))
        timeline.finish()
        self.assertEqual([(hold.what, hold.faults) for hold in timeline.holds], [("storm", ["failing"])])

    def test_acts_are_compared_with_those_of_then(self):
        acts = [Span("h", "g", "c", 10, 20, "A"), Span("h", "g", "c", 100, None, "A"), Span("h", "g", "d", 10, 20, "A")]
        old = [Span("h", "g", "c", 26, 40, "A"), Span("h", "g", "c", 500, 510, "A"), Span("h", "g", "d", 10, 20, "B"),
               Span("h", "g", "d", 40, 50, "A")]
        dropped = compare_with_recorded(acts, old, 5)
        self.assertEqual([act.recorded for act in acts], [True, True, False])
        self.assertEqual(dropped, [old[2], old[3]])


if __name__ == "__main__":
    unittest.main()
