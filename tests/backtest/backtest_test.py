"""rules/backtest against a real Prometheus with a recorded history."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.normpath(os.path.join(HERE, "../.."))

import scenario
from history import START, STEP
from recorded_prometheus import RecordedPrometheus, free_port

BACKTEST = os.path.join(TOP, "rules/backtest")
MACHINE = os.path.join(TOP, "rules/selfheal-machine.rules.yml")
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")
BEGIN, END = START + 300, START + 2900


def run(*arguments, promtool=PROMTOOL):
    return subprocess.run([sys.executable, BACKTEST, *arguments], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PROMTOOL": promtool})


def seconds(text):
    return text and datetime.fromisoformat(text).timestamp() - START


class BacktestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prometheus = RecordedPrometheus(scenario.open_metrics(), PROMTOOL)

    @classmethod
    def tearDownClass(cls):
        cls.prometheus.stop()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def backtest(self, *arguments, begin=BEGIN, end=END):
        ran = run("--prometheus.url", self.prometheus.url, "--from", str(begin), "--to", str(end), "--json", *arguments)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return json.loads(ran.stdout)

    def assert_spans(self, got, kind, expected):
        """To a step: generations differ in whether five minutes of lookback include both ends."""
        self.assertEqual([(span["container"], span[kind]) for span in got], [span[:2] for span in expected], got)
        for span, (_, _, begin, end) in zip(got, expected):
            self.assertAlmostEqual(seconds(span["from"]), begin, delta=STEP, msg=span)
            self.assertAlmostEqual(seconds(span["to"]), end, delta=STEP, msg=span)

    def write_rules(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def edited_rules(self, old, new):
        with open(MACHINE, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count(old), 1, f"'{old}' stands in the machine's rules no longer, or more than once")
        return self.write_rules("edited.rules.yml", text.replace(old, new))

    def test_the_rules_as_shipped(self):
        told = self.backtest()
        self.assert_spans(told["acts"], "alert", scenario.ACTS)
        self.assert_spans(told["holds"], "reason", scenario.HOLDS)
        self.assertEqual({act["remediation"] for act in told["acts"]}, {"restart"})
        self.assertEqual(told["step_seconds"], 5)  # that Prometheus' own
        self.assertEqual([os.path.basename(path) for path in told["rules"]], ["selfheal-machine.rules.yml"])

    def test_the_acts_of_then_are_told_from_those_of_now(self):
        told = self.backtest()
        self.assertEqual({act["container"]: act["recorded"] for act in told["acts"]},
                         {"api": True, "db": False, "gone": False})
        self.assertEqual([old["container"] for old in told["dropped"]], ["quiet"])

    def test_another_threshold_has_another_result(self):
        told = self.backtest("--rules", self.edited_rules("[100ms])) >= 3", "[100ms])) >= 5"))
        storm = [act for act in told["acts"] if act["container"] in scenario.STORM]
        self.assert_spans(storm, "alert", [(container, "SelfhealProbeFailing", 1810, 1890)
                                           for container in scenario.STORM])
        self.assertEqual({hold["container"] for hold in told["holds"]}, {"web"})

    def test_a_hold_of_ones_own_that_asks_for_the_time_of_day(self):
        def hold(hour):
            return self.write_rules(f"at-{hour}.rules.yml", f"""
groups:
- name: office
  rules:
  - record: selfheal:hold
    labels: {{reason: office}}
    expr: selfheal:container_running{{container="api"}} and on () (hour() == {hour} and day_of_week() == 1)
""")
        held = self.backtest("--rules", MACHINE, hold(10), end=START + 700)
        self.assert_spans(held["holds"], "reason", [("api", "office", 610, 640)])
        self.assertEqual(held["acts"], [])
        self.assertEqual(self.backtest("--rules", MACHINE, hold(11), end=START + 700)["holds"], [])

    def test_one_host_alone(self):
        told = self.backtest("--host", "two")
        self.assertEqual(told["acts"], [])
        self.assertEqual({hold["container"] for hold in told["holds"]}, set(scenario.STORM))

    def test_a_person_gets_a_table(self):
        ran = run("--prometheus.url", self.prometheus.url, "--from", str(BEGIN), "--to", str(START + 1500))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        for row in (r"2026-01-05T10:10:10Z +30s +one +api +would restart \(SelfhealProbeFailing\) +yes",
                    r"one +web +held: dependency, dependency_unproven \(failing\)$",
                    r"^one +db +1x +0x$", r"^one +web +0x +0x +1m\d+s +dependency, dependency_unproven$"):
            self.assertIsNotNone(re.search(row, ran.stdout, re.M), f"{row} is not in\n{ran.stdout}")

    def test_nothing_recorded_is_told(self):
        ran = run("--prometheus.url", self.prometheus.url, "--from", str(START - 90000), "--to", str(START - 80000))
        self.assertEqual(ran.returncode, 1)
        self.assertIn("has recorded nothing", ran.stderr)

    def test_what_is_wrong_is_told(self):
        faulty = self.write_rules("faulty.rules.yml",
                                  "groups:\n- name: g\n  rules:\n  - {record: 'selfheal:hold', expr: '('}\n")
        here = ("--prometheus.url", self.prometheus.url)
        for words, status, ran in (
                ("no answer from Prometheus", 1, run("--prometheus.url", f"http://127.0.0.1:{free_port()}")),
                ("there is no no-promtool", 1, run(*here, promtool="no-promtool")),
                ("faulty.rules.yml: 4:", 1, run(*here, "--rules", faulty)),
                ("absent.rules.yml can't be read", 1, run(*here, "--rules", "absent.rules.yml")),
                ("--from must be before --to", 2, run(*here, "--from", "now", "--to", "-1h")),
                ("is no time", 2, run(*here, "--from", "yesterday"))):
            self.assertEqual(ran.returncode, status, ran.stderr)
            self.assertIn(words, ran.stderr)
            self.assertNotIn("Traceback", ran.stderr)


if __name__ == "__main__":
    unittest.main()
