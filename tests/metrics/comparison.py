"""Where a METRICS.md and what is published differ, for a person."""

from families import Family


def unit_of(name: str) -> str:
    """What a name's end says of the unit: how the page has it."""
    base = name.removesuffix("_total")
    if base.endswith(("_timestamp_seconds", "_time_seconds")):
        return "Unix time in seconds"
    return next((unit for unit in ("seconds", "bytes") if base.endswith("_" + unit)), "")


def _differences(row: Family, family: Family) -> list[str]:
    kind, _, unit = row.kind.partition(", ")
    faults = []
    if kind != family.kind:
        faults.append(f"{row.place}: {row.name} is a {family.kind}")
    if unit_of(row.name) and unit != unit_of(row.name):
        faults.append(f"{row.place}: the unit of {row.name} is {unit_of(row.name)}")
    if not row.help.startswith(family.help):
        faults.append(f"{row.place}: {row.name}'s sentence begins with its HELP text, {family.help!r}")
    return faults


def differences(rows: list[Family], families: list[Family], page: str) -> list[str]:
    by_name = {family.name: family for family in families}
    told = [row.name for row in rows]
    faults = [f"{page}: {name} is missing" for name in sorted(by_name.keys() - set(told))]
    faults += [f"{page}: {name} is there twice" for name in sorted({name for name in told if told.count(name) > 1})]
    for row in rows:
        if row.name in by_name:
            faults += _differences(row, by_name[row.name])
        else:
            faults.append(f"{row.place}: no source declares {row.name}")
    return faults


def _of_a_target(labels: frozenset[str], row: Family) -> bool:
    """Of a configured one, which carries what its configuration says, or is counted apart from the hosts."""
    return "target" in labels or ("container" not in row.labels and labels == row.labels - {"host"})


def label_differences(rows: list[Family], published: list[tuple[str, frozenset[str]]]) -> list[str]:
    """Of series by name and labels."""
    by_name = {row.name: row for row in rows}
    faults = set()
    for name, labels in published:
        row = by_name.get(name)
        if row is None:
            faults.add(f"{name} is published, and in no row")
        elif labels != row.labels and not _of_a_target(labels, row):
            faults.add(f"{row.place}: {name} has the labels {' '.join(sorted(labels))}, not {' '.join(sorted(row.labels))}")
    return sorted(faults)
