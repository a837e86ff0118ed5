"""The rules for dashboards: dashboard-linter's by its names, then our own. Each yields what it finds wrong."""
from typing import Callable, Iterator, NamedTuple

from dashboards import LABEL_VALUES, annotations, panels, queries, shown_labels, variables
from promql import selectors

# Of Grafana's units those in use; an unknown one is shown as it is written.
UNITS = {"none", "short", "percent", "percentunit", "bytes", "s", "dtdurations", "dateTimeAsIso",
         "dateTimeAsIsoNoDateIfToday", "cps", "cpm"}
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SERIES_PANELS = {"timeseries", "state-timeline"}


class Finding(NamedTuple):
    rule: str
    dashboard: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.dashboard}: {self.place}: {self.message}"


Findings = Iterator[tuple[str, str]]  # place, message
Rule = Callable[[dict], Findings]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        RULES[name] = function
        return function
    return register


def check(dashboard: dict) -> Iterator[Finding]:
    for name, function in RULES.items():
        for place, message in function(dashboard):
            yield Finding(name, dashboard["title"], place, message)


def variable(dashboard: dict, name: str) -> dict:
    return next((each for each in variables(dashboard) if each["name"] == name), {})


def expect(place: str, thing: dict, **wanted) -> Findings:
    for key, value in wanted.items():
        if thing.get(key) != value:
            yield place, f"{key} is {thing.get(key)!r}, not {value!r}"


def is_record(name: str) -> bool:
    """Records and alerts: job and instance are aggregated away."""
    return ":" in name or name in ("container_restart_count", "ALERTS", "ALERTS_FOR_STATE")


# ---- dashboard-linter's

@rule("template-datasource-rule")
def template_datasource(dashboard: dict) -> Findings:
    yield from expect("datasource", variable(dashboard, "datasource"), type="datasource", label="Data source",
                      query="prometheus")
    if sum(each["type"] == "datasource" for each in variables(dashboard)) != 1:
        yield "datasource", "there must be exactly one data source"


def filtering_variable(dashboard: dict, name: str) -> Findings:
    yield from expect(name, variable(dashboard, name), type="query", label=name.title(), multi=True,
                      includeAll=True, allValue=".+", datasource=DATASOURCE)


@rule("template-job-rule")
def template_job(dashboard: dict) -> Findings:
    yield from filtering_variable(dashboard, "job")


@rule("template-instance-rule")
def template_instance(dashboard: dict) -> Findings:
    yield from filtering_variable(dashboard, "instance")


@rule("template-label-promql-rule")
def template_label(dashboard: dict) -> Findings:
    for each in variables(dashboard):
        if each["type"] == "query" and not LABEL_VALUES.fullmatch(each["query"]["query"]):
            yield each["name"], f"not label_values(SELECTOR, LABEL): {each['query']['query']}"


@rule("template-on-time-change-reload-rule")
def template_reload(dashboard: dict) -> Findings:
    for each in variables(dashboard):
        if each["type"] == "query":
            yield from expect(each["name"], each, refresh=2)


@rule("panel-datasource-rule")
def panel_datasource(dashboard: dict) -> Findings:
    for panel in panels(dashboard):
        for thing in [panel, *panel["targets"]]:
            yield from expect(panel["title"], thing, datasource=DATASOURCE)


@rule("panel-title-description-rule")
def panel_title(dashboard: dict) -> Findings:
    for panel in panels(dashboard):
        if not panel.get("title") or not panel.get("description"):
            yield panel.get("title") or str(panel["id"]), "has no title or no description"


@rule("panel-units-rule")
def panel_units(dashboard: dict) -> Findings:
    for panel in panels(dashboard):
        units = [panel["fieldConfig"]["defaults"].get("unit")]
        units += [each["value"] for override in panel["fieldConfig"]["overrides"]
                  for each in override["properties"] if each["id"] == "unit"]
        for unit in units:
            if unit not in UNITS:
                yield panel["title"], f"unit {unit!r} is not one of {sorted(UNITS)}"


@rule("panel-no-targets-rule")
def panel_targets(dashboard: dict) -> Findings:
    for panel in panels(dashboard):
        if not panel["targets"]:
            yield panel["title"], "asks nothing"


@rule("target-rate-interval-rule")
def rate_interval(dashboard: dict) -> Findings:
    for query in queries(dashboard):
        for each in selectors(query.expr):
            if each.function in ("rate", "irate", "increase") and each.window != "$__rate_interval":
                yield query.place, f"{each.function}({each.name}[{each.window}]), not [$__rate_interval]"


def matcher(dashboard: dict, label: str) -> Findings:
    for query in queries(dashboard):
        for each in selectors(query.expr):
            if query.kind == "panel" and not each.has(label, "=~", "$" + label):
                yield query.place, f'{each.name or each.matchers} without {label}=~"${label}"'


@rule("target-job-rule")
def target_job(dashboard: dict) -> Findings:
    yield from matcher(dashboard, "job")


@rule("target-instance-rule")
def target_instance(dashboard: dict) -> Findings:
    yield from matcher(dashboard, "instance")


@rule("target-counter-agg-rule")
def counter_aggregation(dashboard: dict) -> Findings:
    for query in queries(dashboard):
        for each in selectors(query.expr):
            if each.name.endswith("_total") and each.function not in ("rate", "irate", "increase"):
                yield query.place, f"{each.name} without rate or increase"


@rule("uneditable-dashboard")
def uneditable(dashboard: dict) -> Findings:
    yield from expect("dashboard", dashboard, editable=False)


# ---- our own; none of them has exceptions

@rule("raw-series-are-filtered")
def raw_series(dashboard: dict) -> Findings:
    """What target-job-rule and target-instance-rule leave over where records are excluded from them."""
    for query in queries(dashboard):
        for each in selectors(query.expr):
            if query.kind == "variable" or is_record(each.name):
                continue
            for label in ("job", "instance"):
                if not each.has(label, "=~", "$" + label):
                    yield query.place, f'{each.name or each.matchers} without {label}=~"${label}"'


@rule("dashboard-model")
def model(dashboard: dict) -> Findings:
    yield from expect("dashboard", dashboard, schemaVersion=39, graphTooltip=1, id=None)
    if "selfheal" not in dashboard.get("tags", []):
        yield "dashboard", "has no tag selfheal, by which the dashboards link to each other"
    for name in ("host", "group", "container"):
        yield from expect(name, variable(dashboard, name), type="query", multi=True, includeAll=True)


@rule("dashboard-links")
def links(dashboard: dict) -> Findings:
    if not dashboard.get("links"):
        yield "dashboard", "has no links to the others"
    for link in dashboard.get("links", []):
        yield from expect("links", link, type="dashboards", tags=["selfheal"], keepTime=True, includeVars=True)


@rule("annotations")
def prometheus_annotations(dashboard: dict) -> Findings:
    if not annotations(dashboard):
        yield "dashboard", "has no annotations by Prometheus queries"
    for each in annotations(dashboard):
        yield from expect(each["name"], each, datasource=DATASOURCE)
        yield from expect(each["name"], each["target"], expr=each["expr"], interval=each["step"])


@rule("legends")
def legends(dashboard: dict) -> Findings:
    """Grafana makes a legend of all labels where none is said, too long for any screen."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            legend = target["legendFormat"]
            if panel["type"] in SERIES_PANELS and (legend == "__auto" or len(shown_labels(legend)) > 3):
                yield panel["title"], f"legend {legend!r}"


@rule("query-formats")
def formats(dashboard: dict) -> Findings:
    wanted = {"table": ("table", True), "heatmap": ("heatmap", False), "timeseries": ("time_series", False),
              "state-timeline": ("time_series", False)}
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield from expect(panel["title"], target, range=not target["instant"])
            if panel["type"] in wanted:
                text, instant = wanted[panel["type"]]
                yield from expect(panel["title"], target, format=text, instant=instant)
