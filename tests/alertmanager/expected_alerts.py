"""The alerts that the rules make, with their labels and annotations as promtool has verified them.

They are read from `exp_labels` and `exp_annotations` in tests/rules/*.test.yml. That is YAML, which
Python's standard library can't read; but those files have one style, and an alert without an
expectation that can be read here is an error, not a test left out.
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCALAR = r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^,{}]+"""
PAIR = re.compile(rf"\s*(\w+):\s*({SCALAR})\s*(?:,|$)")
ANNOTATION = re.compile(r"\s+(\w+): (.*)")


def _value(text):
    text = text.strip()
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _expectations(path):
    alertname, labels = None, None
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if found := re.search(r"\balertname: (\w+)", line):
            alertname = found[1]
        if found := re.fullmatch(r"\s*- exp_labels: \{(.*)\}", line):
            pairs = PAIR.findall(found[1])
            labels = {"alertname": alertname, **{name: _value(value) for name, value in pairs}}
        if line.strip() == "exp_annotations:":
            annotations = {}
            for following in lines[number + 1:]:
                found = ANNOTATION.fullmatch(following)
                if not found or found[2][:1] in "|>":
                    break
                annotations[found[1]] = _value(found[2])
            yield labels, annotations


def names_in_rules():
    return sorted({name for path in (ROOT / "rules").rglob("*.rules.yml")
                   for name in re.findall(r"(?m)^ *- alert: *(\w+)", path.read_text(encoding="utf-8"))})


def expected_alerts():
    """(labels, annotations) of each alert in each of its severities, the first that is expected."""
    found = {}
    for path in sorted((ROOT / "tests" / "rules").glob("*.test.yml")):
        for labels, annotations in _expectations(path):
            found.setdefault((labels["alertname"], labels.get("severity")), (labels, annotations))
    missing = set(names_in_rules()) - {name for name, _ in found}
    if missing:
        raise AssertionError(f"no exp_labels with exp_annotations can be read in tests/rules for: {sorted(missing)}")
    for labels, annotations in found.values():
        if not {"summary", "description", "runbook_url"} <= annotations.keys() or "severity" not in labels:
            raise AssertionError(f"what tests/rules expects of {labels} can't be read: {annotations}")
    return list(found.values())
