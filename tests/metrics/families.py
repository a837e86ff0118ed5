"""The families of a daemon: as its sources declare them, and as its METRICS.md tells of them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAEMONS = ("exporter", "remediator")


@dataclass
class Family:
    name: str
    kind: str
    help: str
    labels: frozenset[str] = frozenset()
    place: str = ""


# ---- the sources

_NAME = r'"(?P<name>[a-z]+(?:_[a-z0-9]+)+)"'
_STRING = r'"(?:[^"\\]|\\.)*"'
_HELP = rf"(?P<help>{_STRING}(?:\s*{_STRING})*)"
# A family is declared in one of these ways; pages_test.py finds names that are in none.
_DECLARATIONS = [
    # out.family("…", "…", MetricKind::gauge), or a line of a table of such
    re.compile(rf"{_NAME},\s*{_HELP},\s*MetricKind::(?P<kind>\w+)"),
    # prometheus-cpp's builders
    re.compile(rf"\bBuild(?P<kind>\w+)\(\)\s*\.Name\({_NAME}\)\s*\.Help\({_HELP}\)"),
    # helpers around either
    re.compile(rf"\b(?:add_)?(?P<kind>counter|gauge)\((?:\w+,\s*)?{_NAME},\s*{_HELP}\s*[,)]"),
    # prometheus-cpp's plain values
    re.compile(rf'\.name = prefix_ \+ "(?P<suffix>\w+)";\s*\w+\.help = {_HELP};\s*'
               r"\w+\.type = prometheus::MetricType::(?P<kind>\w+);"),
]
# A name in quotes on its own, however it is used; the daemons' prefixes are none.
_ANY_NAME = re.compile(r'"((?:selfheal|app|blackbox|process)_(?!exporter"|remediator")[a-z0-9_]+)"')


def sources(daemon: str) -> list[Path]:
    return sorted(path for folder in ("common", daemon) for path in (ROOT / folder).rglob("*") if path.suffix in (".h", ".cpp"))


def _text(literals: str) -> str:
    return re.sub(r"\\(.)", r"\1", "".join(literal[1:-1] for literal in re.findall(_STRING, literals)))


def _declared_by(match: re.Match, daemon: str) -> Family:
    parts = match.groupdict()
    name = parts.get("name") or f"selfheal_{daemon}{parts['suffix']}"
    kind = parts["kind"].lower()
    # prometheus-cpp has no infos; collectable_source.cpp makes them of these.
    if kind == "gauge" and name.endswith("_info"):
        kind = "info"
    return Family(name, kind, _text(parts["help"]))


def declared_in(source: str, daemon: str) -> list[Family]:
    return [_declared_by(match, daemon) for pattern in _DECLARATIONS for match in pattern.finditer(source)]


def declared(daemon: str) -> list[Family]:
    return [family for path in sources(daemon) for family in declared_in(path.read_text(), daemon)]


def names_in(source: str) -> set[str]:
    return set(_ANY_NAME.findall(source))


# ---- the page

COLUMNS = ["name", "type, unit", "labels", "what it is", "there"]


class Unreadable(Exception):
    """Says which line of the page is wrong, and how."""


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _codes(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`([^`]+)`", cell))


def _check_header(cells: list[str], place: str) -> None:
    if [re.sub(r"^labels beside .*", "labels", cell) for cell in cells] != COLUMNS:
        raise Unreadable(f"{place}: the columns are to be {' | '.join(COLUMNS)}, labels as `labels beside …` too")


def told_in(page: str, file: str) -> list[Family]:
    """The rows of its tables; the labels that a table's heading has are those of all its rows."""
    families, common = [], frozenset()
    for number, line in enumerate(page.splitlines(), 1):
        place, cells = f"{file}:{number}", _cells(line)
        if not line.startswith("|") or set(line) <= set("|-"):
            continue
        if cells[0] == "name":
            _check_header(cells, place)
            common = _codes(cells[2])
        elif len(cells) != len(COLUMNS) or not re.fullmatch(r"`\w+`", cells[0]) or not all(cells[i] for i in (1, 3, 4)):
            raise Unreadable(f"{place}: a row has `name`, type, labels or none, what it is, and from when on it is there")
        else:
            families.append(Family(cells[0].strip("`"), cells[1], cells[3], common | _codes(cells[2]), place))
    return families


def told(daemon: str) -> list[Family]:
    file = f"{daemon}/METRICS.md"
    return told_in((ROOT / file).read_text(), file)
