"""The result for a person, and for a program."""
import json
import os

from times import format_span, format_time


def as_text(timeline, rules, begin, end, step):
    files = ", ".join(os.path.relpath(file.path) for file in rules.files)
    parts = [f"{format_time(begin)} to {format_time(end)} ({format_span(end - begin)}), evaluated every "
             f"{format_span(step)} by {files}"]
    if not rules.has_faults:
        parts.append("These rules record no selfheal:fault, so what they hold can't be told.")
    rows = sorted(act_rows(timeline, end) + hold_rows(timeline, end) + dropped_rows(timeline))
    if rows:
        parts.append(table(("time", "lasted", "host", "container", "what", "then"), rows))
        parts.append(table(("host", "container", "would act", "then", "held", "why"), summary_rows(timeline, end)))
        parts.append('"then": whether the rules of that time asked for it.')
    else:
        parts.append("No container would have been acted on or held.")
    return "\n\n".join(parts)


def act_rows(timeline, end):
    return [(format_time(act.begin), lasted(act, end), act.host, act.container,
             f"would {act.action} ({act.what})", "yes" if act.recorded else "no") for act in timeline.acts]


def hold_rows(timeline, end):
    """Reasons that come and go together are one row."""
    together = {}
    for hold in timeline.holds:
        together.setdefault((hold.begin, hold.end, hold.host, hold.container), []).append(hold)
    return [(format_time(first.begin), lasted(first, end), first.host, first.container,
             f"held: {', '.join(hold.what for hold in holds)} ({', '.join(first.faults)})", "")
            for holds in together.values() for first in holds[:1]]


def dropped_rows(timeline):
    return [(format_time(old.begin), format_span(old.end - old.begin), old.host, old.container,
             f"would not {old.action} ({old.what})", "yes") for old in timeline.dropped]


def lasted(span, end):
    """A plus where it lasts on at the end of the range."""
    if span.end is None:
        return format_span(max(end - span.begin, 0)) + "+" if end - span.begin >= 1 else "0s+"
    return format_span(span.end - span.begin)


def summary_rows(timeline, end):
    rows = []
    for host, container in sorted({(span.host, span.container) for span in
                                   timeline.acts + timeline.holds + timeline.dropped}):
        def of_it(spans):
            return [span for span in spans if (span.host, span.container) == (host, container)]
        acts, holds = of_it(timeline.acts), of_it(timeline.holds)
        then = sum(act.recorded for act in acts) + len(of_it(timeline.dropped))
        held = time_covered(holds, end)
        rows.append((host, container, f"{len(acts)}x", f"{then}x", format_span(held) if held else "",
                     ", ".join(sorted({hold.what for hold in holds}))))
    return rows


def time_covered(spans, end):
    """Two holds at once hold no longer than one."""
    total, covered = 0.0, float("-inf")
    for span in sorted(spans, key=lambda span: span.begin):
        until = end if span.end is None else span.end
        total += max(0.0, until - max(span.begin, covered))
        covered = max(covered, until)
    return total


def table(head, rows):
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in [head, *rows])
    return "\n".join(lines)


def as_json(timeline, rules, begin, end, step):
    def one(span, **more):
        return {"host": span.host, "group": span.group, "container": span.container,
                "from": format_time(span.begin), "to": format_time(span.end) if span.end is not None else None, **more}
    result = {
        "from": format_time(begin), "to": format_time(end), "step_seconds": step,
        "rules": [file.path for file in rules.files],
        "acts": [one(act, alert=act.what, remediation=act.action, recorded=act.recorded) for act in timeline.acts],
        "holds": [one(hold, reason=hold.what, faults=hold.faults) for hold in timeline.holds],
        "dropped": [one(old, alert=old.what, remediation=old.action) for old in timeline.dropped],
    }
    return json.dumps(result, indent=2)
