#!/usr/bin/env python3
"""Every rule is tested: each is silenced in turn, and some unit test has to notice. See coverage_test.sh.

    coverage.py RULE_FILES… -- TEST_FILES…

All is done line by line, for the standard library reads no YAML. What it needs is that rules begin with "  - alert: NAME"
or "  - record: NAME", and tests with "- name:", as they do everywhere here. $PROMTOOL is what runs the tests.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

RULE = re.compile(r"  - (alert|record): (\S+)$")
SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}


class Rule:
    """One rule of a rule file, which knows how the file looks without it."""

    def __init__(self, file, lines, number, kind, name):
        self.file, self.lines, self.number, self.kind, self.name = file, lines, number, kind, name
        self.mention = re.compile(rf"(?<![\w:]){re.escape(name)}(?![\w:])")

    def __str__(self):
        return f"{self.file}: rule {self.number}, {self.name}"

    def silenced(self):
        """The file's text with an expression that is always empty in place of this rule's."""
        number, inside, out = 0, False, []
        for line in self.lines:
            number += bool(RULE.match(line))
            if inside and line.startswith("     "):
                continue
            inside = number == self.number and line.startswith("    expr:")
            out.append("    expr: vector(0) > 1" if inside else line)
        return "\n".join(out) + "\n"


class UnitTest:
    """One test of a test file, with the file's head, so that it can be run by itself."""

    def __init__(self, file, head, body):
        self.file, self.text = file, head + body
        self.reads = re.findall(r"/rules/([\w./-]+\.rules\.yml)", head)
        evaluation = re.search(r"^evaluation_interval: (\S+)", head, re.M)
        interval = seconds(evaluation.group(1)) if evaluation else 60
        evaluations = max(map(seconds, re.findall(r"eval_time: (\w+)", body)), default=0) / interval
        self.cost = evaluations * len(self.reads) * (10 + body.count("series: "))  # roughly; to begin with the quick

    def expects(self, rule):
        """Whether it says what the rule is to say: an alert with its labels, or samples of a record."""
        if rule.kind == "alert":
            return re.search(rf"alertname: {rule.name}\n(?:.*\n){{1,3}}? +- exp_labels: \{{", self.text)
        lines = [line for line in self.text.splitlines() if "exp_samples: [" in line]
        return any(rule.mention.search(line) for line in lines)

    def expects_none(self, rule):
        return re.search(rf"- \{{alertname: {rule.name}, eval_time: \w+\}}", self.text)

    def notices(self, rule):
        """Whether it fails for what is missing when the rule says nothing."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            (copy / "rules").mkdir()
            (copy / "tests" / "rules").mkdir(parents=True)
            for name in self.reads:
                original = pathlib.Path("rules") / name
                text = rule.silenced() if original == pathlib.Path(rule.file) else original.read_text("utf-8")
                (copy / original).parent.mkdir(exist_ok=True)
                (copy / original).write_text(text, "utf-8")
            test = copy / "tests" / "rules" / "one.test.yml"
            test.write_text(self.text, "utf-8")
            # It lives for seconds: that it seldom collects its garbage saves a third of them.
            run = subprocess.run([os.environ.get("PROMTOOL", "promtool"), "test", "rules", test],
                                 capture_output=True, text=True, check=False, env={"GOGC": "1000", **os.environ})
            return run.returncode != 0 and "exp:" in run.stdout + run.stderr


def seconds(duration):
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)(ms|[dhms])", duration))


def rules_of(file):
    lines = pathlib.Path(file).read_text("utf-8").splitlines()
    found = [match.groups() for line in lines if (match := RULE.match(line))]
    if len(found) != sum(bool(re.match(r" *- *(alert|record):", line)) for line in lines):
        sys.exit(f"{file}: some rules are not indented by two spaces, or their name is quoted")
    return [Rule(file, lines, number, *kind_and_name) for number, kind_and_name in enumerate(found, 1)]


def tests_of(file):
    head, _, rest = pathlib.Path(file).read_text("utf-8").partition("\ntests:\n")
    bodies = re.split(r"^(?=- )", rest, flags=re.M)[1:]
    return [UnitTest(file, f"{head}\ntests:\n", body) for body in bodies]


def faults_of(rule, tests):
    own = [test for test in tests if rule.file.removeprefix("rules/") in test.reads and rule.mention.search(test.text)]
    expecting = sorted((test for test in own if test.expects(rule)), key=lambda test: test.cost)
    if not expecting:
        return [f"{rule}: no test expects anything of it"]
    faults = []
    if rule.kind == "alert" and rule.name != "Watchdog" and not any(test.expects_none(rule) for test in own):
        faults.append(f"{rule}: no test expects that it does not fire")
    others = sorted((test for test in own if test not in expecting), key=lambda test: test.cost)
    if not any(test.notices(rule) for test in expecting + others):
        faults.append(f"{rule}: no test notices when it says nothing")
    return faults


def main():
    split = sys.argv.index("--")
    rules = [rule for file in sys.argv[1:split] for rule in rules_of(file)]
    tests = [test for file in sys.argv[split + 1:] for test in tests_of(file)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [fault for some in pool.map(lambda rule: faults_of(rule, tests), rules) for fault in some]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(rules)} rules silenced one by one, {len(faults)} faults")
    return 1 if faults or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
