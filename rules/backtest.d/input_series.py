"""Recorded series in the notation of promtool's unit tests: a value at each step, gaps, ends."""
import math
from dataclasses import dataclass

from times import format_span, format_time

# Prometheus answers no more than 11,000 points a series; ours stay below that, and below what its
# JSON takes of our memory.
POINTS_AT_ONCE = 10_000
SAMPLES_AT_ONCE = 500_000
# What all runs of promtool at once hold in memory: about 100 bytes a sample.
SAMPLES_IN_PROMTOOL = 8_000_000


@dataclass(frozen=True)
class Grid:
    """The moments of evaluation: from `start`, where the warm-up begins, every `step` until `end`."""
    start: float
    begin: float  # of what is told
    end: float
    step: float

    def __len__(self):
        return round((self.end - self.start) / self.step) + 1

    def __str__(self):
        return f"{format_time(self.begin)} to {format_time(self.end)} every {format_span(self.step)}"

    def index(self, moment):
        return round((moment - self.start) / self.step)

    def moment(self, index):
        return self.start + index * self.step


def pieces(begin, end, step, warm_up, series, at_once):
    """The range in pieces, each with a warm-up before it: so many at once fit into memory, and keep all cores busy.

    They share their borders.
    """
    most = max(SAMPLES_IN_PROMTOOL / at_once / series * step - warm_up, 100 * step)
    longest = max(min(most, (end - begin) / at_once), warm_up)
    first, last = round(begin / step), round(end / step)
    while first < last:
        upto = min(first + math.ceil(longest / step), last)
        yield Grid((first - round(warm_up / step)) * step, first * step, upto * step, step)
        first = upto


class SeriesText:
    """The values of one series, run by run."""

    def __init__(self):
        self.parts = []
        self.value = None
        self.count = 0
        self.following = 0  # the index after the last one

    def add(self, index, value):
        if index > self.following:
            self._leave_out(index - self.following)
        if value == self.value:
            self.count += 1
        else:
            self._end_run()
            self.value, self.count = value, 1
        self.following = index + 1

    def _end_run(self):
        if self.value is not None:
            self.parts.append(self.value if self.count == 1 else f"{self.value}x{self.count - 1}")
        self.value = None

    def _leave_out(self, count):
        """Prometheus has judged already what counts as gone: here it is gone at once."""
        if self.following > 0:
            self._end_run()
            self.parts.append("stale")
            count -= 1
        if count > 0:
            self.parts.append(f"_x{count}")

    def text(self, length):
        if self.following < length:
            self._leave_out(length - self.following)
        self._end_run()
        return " ".join(self.parts)


def notation_of(labels):
    """The series as PromQL writes it."""
    quoted = []
    for name, value in sorted(labels.items()):
        if name != "__name__":
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            quoted.append(f'{name}="{escaped}"')
    return f"{labels['__name__']}{{{', '.join(quoted)}}}"


def count_series(prometheus, selectors, begin, end):
    return sum(len(prometheus.series(selector, begin, end)) for selector in selectors)


class RecordedSeries:
    """What the selectors find on the grid: what each evaluation saw then, the newest sample if it was not stale."""

    def __init__(self, prometheus, selectors, grid):
        self.texts = {}
        self.grid = grid
        for selector in selectors:
            self._read(prometheus, selector)

    def _read(self, prometheus, selector):
        count = len(prometheus.series(selector, self.grid.start, self.grid.end)) or 1
        longest = max(100, min(POINTS_AT_ONCE, SAMPLES_AT_ONCE // count))
        known = set(self.texts)
        for first in range(0, len(self.grid), longest):
            last = min(first + longest, len(self.grid)) - 1
            for series in prometheus.query_range(selector, self.grid.moment(first), self.grid.moment(last),
                                                 self.grid.step):
                # Two selectors of a name may find the same series. A native histogram has no values.
                name = notation_of(series["metric"])
                if name in known or "values" not in series:
                    continue
                text = self.texts.setdefault(name, SeriesText())
                for moment, value in series["values"]:
                    text.add(self.grid.index(moment), value)

    def as_input(self):
        return [{"series": name, "values": text.text(len(self.grid))} for name, text in self.texts.items()]
