"""From changes to spans: what was asked for, and what was held, from when until when."""
from dataclasses import dataclass, field


@dataclass
class Span:
    host: str
    group: str
    container: str
    begin: float
    end: float | None = None  # none while it lasts at the end of the range
    what: str = ""  # of an act the alert, of a hold its reason, of a fault its kind
    action: str = ""
    faults: list = field(default_factory=list)  # of a hold
    recorded: bool = False  # of an act: the rules of that time asked for it too

    def overlaps(self, other, slack=0.0):
        return ((other.end is None or self.begin <= other.end + slack) and
                (self.end is None or other.begin <= self.end + slack))

    def same_target(self, other):
        return (self.host, self.container) == (other.host, other.container)


class Timeline:
    def __init__(self, step):
        self.step = step
        self.open = {}  # by all labels
        self.spans = {"triggered": [], "broken": [], "held": []}
        self.dropped = []  # recorded acts that are made no longer

    @property
    def acts(self):
        return self.spans["triggered"]

    @property
    def holds(self):
        return self.spans["held"]

    def add(self, changes, grid):
        """Of the next piece of the range: what goes on from the one before is one span."""
        state = {key_of(change) for change in changes if change.moment == grid.begin}
        for key in set(self.open) - state:
            self._end(key, grid.begin)
        for change in changes:
            if not change.begins:
                self._end(key_of(change), change.moment)
            elif key_of(change) not in self.open:
                self._begin(change)

    def _begin(self, change):
        label = change.labels.get
        span = Span(label("host", ""), label("group", ""), label("container", ""), change.moment,
                    what=label("alertname") or label("reason") or label("fault") or "",
                    action=label("remediation", ""))
        self.open[key_of(change)] = span
        self.spans[change.labels["is"]].append(span)

    def _end(self, key, moment):
        span = self.open.pop(key, None)
        if span:
            span.end = moment

    def finish(self):
        for hold in self.holds:
            faults = {fault.what for fault in self.spans["broken"] if fault.same_target(hold) and hold.overlaps(fault)}
            hold.faults = sorted(faults)
        for spans in self.spans.values():
            spans.sort(key=lambda span: (span.begin, span.host, span.container, span.what))


def key_of(change):
    return tuple(sorted(change.labels.items()))


def recorded_acts(prometheus, grid, host):
    """The triggers that fired in fact."""
    acts = []
    matcher = f", host={quoted(host)}" if host is not None else ""
    longest = 10_000
    for first in range(0, len(grid), longest):
        last = min(first + longest, len(grid)) - 1
        query = 'ALERTS{alertstate="firing", remediation!=""' + matcher + "}"
        for series in prometheus.query_range(query, grid.moment(first), grid.moment(last), grid.step):
            acts += spans_of(series, grid)
    return acts


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spans_of(series, grid):
    label = series["metric"].get
    spans = []
    previous = None
    for moment, _ in series["values"]:
        if previous is None or moment - previous > 1.5 * grid.step:
            spans.append(Span(label("host", ""), label("group", ""), label("container", ""), moment,
                              what=label("alertname", ""), action=label("remediation", "")))
        spans[-1].end = moment + grid.step
        previous = moment
    return spans


def compare_with_recorded(acts, recorded, step):
    """Marks the acts that were made then, too; returns those that would not be made now."""
    slack = 2 * step  # an evaluation then was not at the moments of ours
    dropped = []
    for old in recorded:
        same = [act for act in acts if act.same_target(old) and act.what == old.what and act.overlaps(old, slack)]
        for act in same:
            act.recorded = True
        if not same:
            dropped.append(old)
    return sorted(dropped, key=lambda span: (span.begin, span.host, span.container, span.what))
