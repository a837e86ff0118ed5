"""What is in grafana-dashboards/: panels, variables, annotations, and the queries in them."""
import json
import pathlib
import re
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "grafana-dashboards"

# $name, ${name}, ${name:format}; $1 is PromQL's own.
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|([a-zA-Z_]\w*))")
LABEL_VALUES = re.compile(r"label_values\((.+),\s*(\w+)\)", re.DOTALL)


class Query(NamedTuple):
    """One expression, and where it stands."""

    dashboard: str  # its title
    place: str      # title of the panel, name of the variable or of the annotation
    kind: str       # panel, variable or annotation
    ref: str        # of several in one panel
    expr: str
    source: dict    # the target, variable or annotation
    panel: dict     # of a panel's query, else empty

    def __str__(self) -> str:
        return f"{self.dashboard}: {self.kind} “{self.place}” {self.ref}".rstrip()


def load() -> dict[str, dict]:
    """Every dashboard by the name of its file."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def panels(dashboard: dict) -> Iterator[dict]:
    """All that show something; rows are only headings."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def variables(dashboard: dict) -> list[dict]:
    return dashboard["templating"]["list"]


def annotations(dashboard: dict) -> list[dict]:
    """Those of Prometheus; Grafana's own is built in."""
    return [each for each in dashboard["annotations"]["list"] if not each.get("builtIn")]


def queries(dashboard: dict) -> Iterator[Query]:
    title = dashboard["title"]
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield Query(title, panel["title"], "panel", target["refId"], target["expr"], target, panel)
    for variable in variables(dashboard):
        if variable["type"] == "query":
            asked = LABEL_VALUES.fullmatch(variable["query"]["query"])
            yield Query(title, variable["name"], "variable", "", asked[1] if asked else "", variable, {})
    for annotation in annotations(dashboard):
        yield Query(title, annotation["name"], "annotation", "", annotation["expr"], annotation, {})


def substitute(text: str, values: dict[str, str]) -> str:
    """As Grafana does before it asks. A variable that is not in `values` is an error."""
    return VARIABLE.sub(lambda match: values[match[1] or match[2]], text)


def shown_labels(text: str) -> list[str]:
    """The labels that a legend or an annotation's text names: {{label}}."""
    return re.findall(r"\{\{\s*(\w+)\s*\}\}", text)
