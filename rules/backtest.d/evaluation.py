"""The rules on recorded series, evaluated by promtool: its unit tests run the real engine.

A rule group of our own comes last and records what a container's state is and what of it has changed;
tests that expect nothing then make promtool print each change.
"""
import ast
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from errors import Failure
from rule_files import write_copies

CHANGES_GROUP = "selfheal-backtest"
CHANGES_RULES = """\
groups:
- name: %(group)s
  rules:
  - record: backtest:now
    labels: {is: triggered}
    expr: |
      count by (host, group, container, alertname, remediation) (ALERTS{alertstate="firing", remediation!=""})
  - record: backtest:now
    labels: {is: broken}
    expr: count by (host, group, container, fault) (selfheal:fault)
  - record: backtest:now
    labels: {is: held}
    expr: count by (host, group, container, reason) (selfheal:hold and on (host, container) selfheal:fault)
  - record: backtest:change
    labels: {change: begins}
    expr: backtest:now unless backtest:now offset %(step)s
  - record: backtest:change
    labels: {change: ends}
    expr: backtest:now offset %(step)s unless backtest:now
"""
EXPRESSION = re.compile(r'^    expr: "(.*)", time: (\w+),$')
GOT = re.compile(r"^        got: (.*)$")
EXPECTED = re.compile(r"^        exp: nil$")
CHATTER = re.compile(r"^(Unit Testing: .*|  FAILED:|  SUCCESS|)$")
LABEL = r'[A-Za-z_]\w*="(?:[^"\\]|\\.)*"'
SAMPLE = re.compile(rf"\{{({LABEL}(?:, {LABEL})*)\}} \S+")
PAIR = re.compile(r'([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*")')
SPAN_PART = re.compile(r"(\d+)(ms|[smhdwy])")
MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
                "y": 31_536_000_000}


@dataclass(frozen=True)
class Change:
    moment: float
    begins: bool
    labels: dict


def find_promtool(name):
    path = shutil.which(name)
    if path is None:
        raise Failure(f"there is no {name} on this machine",
                      "it comes with Prometheus (Debian's package prometheus); --promtool says where it is")
    return path


def check_rules(promtool, paths):
    checked = subprocess.run([promtool, "check", "rules", *paths], capture_output=True, text=True)
    if checked.returncode != 0:
        raise Failure("promtool finds a fault in the rule files:\n" + (checked.stderr or checked.stdout).rstrip())


class Evaluation:
    def __init__(self, promtool, rules, recorded, grid, folder):
        self.promtool = promtool
        self.rules = rules
        self.recorded = recorded
        self.grid = grid
        self.folder = folder

    def changes(self):
        """In the order of time; the state at the beginning counts as begun then."""
        output = self._run(self._write())
        changes = []
        for moment, labels in parse_output(output):
            begins = labels.pop("change", "begins") == "begins"
            changes.append(Change(self.grid.moment(self.grid.index(self.grid.start + moment)), begins, labels))
        return sorted(changes, key=lambda change: (change.moment, change.begins))

    def _write(self):
        step_ms = round(self.grid.step * 1000)
        changes_file = os.path.join(self.folder, "changes.rules.yml")
        with open(changes_file, "w", encoding="utf-8") as file:
            file.write(CHANGES_RULES % {"group": CHANGES_GROUP, "step": f"{step_ms}ms"})
        first = self.grid.index(self.grid.begin)
        tests = [{"expr": "backtest:now" if index == first else "backtest:change", "eval_time": f"{index * step_ms}ms"}
                 for index in range(first, len(self.grid))]
        test = {
            "rule_files": write_copies(self.rules, self.folder, self.grid.start) + [changes_file],
            "evaluation_interval": f"{step_ms}ms",
            # In the order of the files; what comes before the holds is as fresh as they are.
            "group_eval_order": [*self.rules.groups(), CHANGES_GROUP],
            "tests": [{"interval": f"{step_ms}ms", "input_series": self.recorded.as_input(),
                       "promql_expr_test": tests}],
        }
        path = os.path.join(self.folder, "test.yml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(test, file, ensure_ascii=False)  # JSON is YAML
        return path

    def _run(self, path):
        ran = subprocess.run([self.promtool, "test", "rules", path], capture_output=True, text=True,
                             env={**os.environ, "TMPDIR": self.folder})
        if ran.returncode not in (0, 1):
            raise Failure(f"promtool ended with {ran.returncode}:\n{last_lines(ran.stderr)}")
        return ran.stdout + ran.stderr


def last_lines(text):
    return "\n".join(text.rstrip().splitlines()[-15:])


def parse_output(output):
    """Yields (seconds, labels) for each sample that promtool did not expect."""
    moment = None
    for line in output.splitlines():
        if expression := EXPRESSION.match(line):
            moment = parse_duration(expression.group(2))
        elif got := GOT.match(line):
            for sample in SAMPLE.finditer(got.group(1)):
                yield moment, {name: ast.literal_eval(value) for name, value in PAIR.findall(sample.group(1))
                               if name != "__name__"}
        elif not EXPECTED.match(line) and not CHATTER.match(line):
            raise Failure(f"the rules can't be evaluated on what was recorded: {line.strip()}", advice_for(line))


def advice_for(line):
    if "too many samples" in line:
        return "promtool takes 10,000 samples at a time; --host takes one Docker host at a time"
    return ""


def parse_duration(text):
    return sum(int(count) * MILLISECONDS[unit] for count, unit in SPAN_PART.findall(text)) / 1000
