#!/usr/bin/env python3
"""Asks a Prometheus every query of the dashboards as Grafana would, and says which have no answer.

    live_queries.py URL SECONDS CONTAINER…    the shown time: the last so many; what broke in it, if only for a moment

An answer is at least one number that is not NaN; of an annotation one above 0, which Grafana draws; of a variable at
least one value. What a legend, an annotation or a column names must be a label of the answer. Exits 1 if one is wrong.
"""
import json
import math
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from dashboards import LABEL_VALUES, Query, load, queries, shown_labels, substitute, variables

STEP = 5  # Grafana's step in a short time: the datasource's timeInterval
RATE_INTERVAL = 4 * STEP  # as Grafana has it

# What is rightly without an answer here, and why. Each entry is the name that str(Query) has.
MAY_BE_EMPTY: dict[str, str] = {}


class Prometheus:
    def __init__(self, url: str, shown: int, broken: list[str]):
        # Whole steps, so that the last one is now.
        self.url, self.shown, self.broken, self.now = url, math.ceil(shown / STEP) * STEP, broken, time.time()

    def get(self, path: str, **parameters: str):
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as reply:
                return json.load(reply)["data"]
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from error

    def instant(self, expr: str) -> list:
        found = self.get("query", query=expr, time=f"{self.now:.3f}")["result"]
        return [{**each, "values": [each["value"]]} for each in found]

    def over_time(self, expr: str) -> list:
        return self.get("query_range", query=expr, start=f"{self.now - self.shown:.3f}", end=f"{self.now:.3f}",
                        step=str(STEP))["result"]

    def label_values(self, label: str, selector: str) -> list:
        return self.get(f"label/{label}/values", **{"match[]": selector, "start": str(self.now - self.shown)})


def chosen(dashboard: dict, shown: int) -> dict[str, str]:
    """What the variables are when the dashboard is opened."""
    values = {"__interval": f"{STEP}s", "__rate_interval": f"{RATE_INTERVAL}s", "__range": f"{shown}s"}
    for each in variables(dashboard):
        values[each["name"]] = each.get("allValue") or each["current"]["value"]
    return values


def numbers(series: dict) -> list[float]:
    return [value for _, text in series["values"] for value in [float(text)] if not math.isnan(value)]


def named_labels(query: Query) -> set[str]:
    return {label for key in ("legendFormat", "titleFormat", "textFormat")
            for label in shown_labels(query.source.get(key, ""))}


def timeline_fault(query: Query, found: list, broken: list[str]) -> str:
    """A state timeline shows all states that it has names for, and what was broken for less than a step as well."""
    mapping, = query.panel["fieldConfig"]["defaults"]["mappings"]
    shown = {value for series in found for value in numbers(series)}
    if missing := {float(value) for value in mapping["options"]} - shown:
        return f"states {sorted(missing)} have names and do not appear"
    seen = {series["metric"].get("container") for series in found if max(numbers(series)) > 0}
    if missing := set(broken) - seen:
        return f"shows nothing of what happened to {sorted(missing)}"
    return ""


def labels_of(found: list) -> set[str]:
    return {label for series in found for label in series["metric"]}


def fault_of(query: Query, prometheus: Prometheus, values: dict) -> str:
    """What is wrong with the answer; empty if nothing is."""
    if query.kind == "variable":
        selector, label = LABEL_VALUES.fullmatch(substitute(query.source["query"]["query"], values)).groups()
        return "" if prometheus.label_values(label, selector) else "no value"
    expr = substitute(query.expr, values)
    instant = query.kind == "panel" and query.source["instant"]
    found = [each for each in (prometheus.instant(expr) if instant else prometheus.over_time(expr)) if numbers(each)]
    if query.kind == "annotation":
        found = [each for each in found if max(numbers(each)) > 0]
    if not found:
        return "no answer"
    if missing := named_labels(query) - labels_of(found):
        return f"no label {', '.join(sorted(missing))}"
    return timeline_fault(query, found, prometheus.broken) if query.panel.get("type") == "state-timeline" else ""


def table_faults(dashboard: dict, prometheus: Prometheus, values: dict):
    """Columns that no query of their table has a label for."""
    for panel in dashboard["panels"]:
        if panel["type"] != "table":
            continue
        labels = set()
        for target in panel["targets"]:
            labels |= labels_of(prometheus.instant(substitute(target["expr"], values)))
        columns = {each for each in panel["transformations"][-1]["options"]["indexByName"]
                   if not each.startswith("Value")}
        for column in sorted(columns - labels):
            yield f"{dashboard['title']}: panel “{panel['title']}”: no label for its column {column}"
        if unnamed := labels - columns - {"__name__"}:
            yield f"{dashboard['title']}: panel “{panel['title']}”: columns without a name: {sorted(unnamed)}"


def faults(prometheus: Prometheus):
    for dashboard in load().values():
        values = chosen(dashboard, prometheus.shown)
        for query in queries(dashboard):
            try:
                fault = fault_of(query, prometheus, values)
            except ValueError as error:
                fault = str(error)
            if fault and str(query) not in MAY_BE_EMPTY:
                yield f"{query}: {fault}\n{substitute(query.expr, values)}\n"
            if not fault and str(query) in MAY_BE_EMPTY:
                yield f"{query}: has an answer, and need not be in MAY_BE_EMPTY"
        yield from table_faults(dashboard, prometheus, values)


def main() -> int:
    prometheus = Prometheus(sys.argv[1].rstrip("/"), int(sys.argv[2]), sys.argv[3:])
    found = list(faults(prometheus))
    for fault in found:
        print(fault, file=sys.stderr)
    asked = sum(1 for dashboard in load().values() for _ in queries(dashboard))
    print(f"{asked} queries asked over {prometheus.shown} s, {len(MAY_BE_EMPTY)} of which may be empty; "
          f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
