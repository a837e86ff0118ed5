#!/usr/bin/env python3
"""Whether what a running daemon publishes is what its METRICS.md says: names and labels.

    curl -s http://127.0.0.1:10115/metrics | tests/metrics/published.py exporter
"""

import re
import sys

from comparison import label_differences
from families import DAEMONS, told

_SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? \S+$")
_LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
_PART = re.compile(r"_(bucket|count|sum)$")


def series(text: str) -> list[tuple[str, frozenset[str]]]:
    """Name and labels of each; a histogram's by the family's name."""
    histograms = set(re.findall(r"^# TYPE (\w+) histogram$", text, re.MULTILINE))
    found = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, block = _SERIES.match(line).groups()
        labels = frozenset(_LABEL.findall(block or ""))
        family = _PART.sub("", name)
        found.append((family, labels - {"le"}) if family in histograms else (name, labels))
    return found


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in DAEMONS:
        print(__doc__, file=sys.stderr)
        return 2
    published = series(sys.stdin.read())
    faults = label_differences(told(sys.argv[1]), published)
    if not published:
        faults = ["nothing is published"]
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
