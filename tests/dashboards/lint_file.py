"""grafana-dashboards/.lint: which rule does not hold where, and why.

The file is dashboard-linter's; of YAML it needs only this much:

    exclusions:
      RULE:
        reason: TEXT
        entries:
        - dashboard: TITLE
          panel: TITLE

Without entries the rule is excluded altogether.
"""
import re
from typing import NamedTuple, Optional

from dashboards import FOLDER

LINE = re.compile(r"( *)(- )?([\w-]+):(?: (.*))?")


class Entry(NamedTuple):
    dashboard: Optional[str]
    panel: Optional[str]

    def covers(self, dashboard: str, panel: str) -> bool:
        return self.dashboard in (None, dashboard) and self.panel in (None, panel)


class Exclusion(NamedTuple):
    rule: str
    reason: str
    entries: list[Entry]


def lines():
    for number, line in enumerate((FOLDER / ".lint").read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f".lint:{number}: expected KEY: VALUE, found: {line}")
        yield len(match[1]), bool(match[2]), match[3], (match[4] or "").strip("'\"")


def read() -> list[Exclusion]:
    exclusions: list[Exclusion] = []
    for depth, begins, key, value in lines():
        if depth == 0:
            continue
        if depth == 2:
            exclusions.append(Exclusion(key, "", []))
        elif key == "reason":
            exclusions[-1] = exclusions[-1]._replace(reason=value)
        elif begins:
            exclusions[-1].entries.append(Entry(None, None)._replace(**{key: value}))
        elif key in Entry._fields:
            exclusions[-1].entries[-1] = exclusions[-1].entries[-1]._replace(**{key: value})
        elif key != "entries":
            raise ValueError(f".lint: {key} under {exclusions[-1].rule} is not known here")
    return exclusions
