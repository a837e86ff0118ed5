"""Reads Prometheus' text format."""

import re

_SERIES = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


def series(text):
    """name{label="value",…} with the labels sorted, to its value."""
    found = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, labels, value = _SERIES.match(line).groups()
        pairs = sorted(_LABEL.findall(labels or ""))
        key = name + ("{" + ",".join(f'{k}="{v}"' for k, v in pairs) + "}" if pairs else "")
        if key in found:
            raise ValueError(f"{key} is there twice")
        found[key] = float(value)
    return found


def metadata(text):
    """(HELP or TYPE, name) to what it says."""
    return {tuple(line.split(" ", 3)[1:3]): line.split(" ", 3)[3]
            for line in text.splitlines() if line.startswith("# ")}
