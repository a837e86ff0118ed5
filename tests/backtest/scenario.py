"""The history that both tests evaluate, and what the rules as shipped make of it."""
from history import Container, alert_samples, as_open_metrics

CONTAINERS = (
    Container("one", "api", [(600, 640, "status")]),
    Container("one", "web", [(1200, 1320, "refused")], depends_on=["db"]),
    Container("one", "db", [(1195, 1320, "timeout")]),
    Container("one", "blip", [(2000, 2010, "status")]),  # below its threshold
    Container("one", "gone", [(2400, 2700, "status")], until=2500),  # no more samples, and nothing says that it ended
    Container("one", "calm"),
    Container("one", "quiet"),
    *(Container("two", f"storm-{number}", [(1800, 1890, "status")]) for number in (1, 2, 3, 4)),
)
RECORDED = (("one", "api", "SelfhealProbeFailing", 610, 640), ("one", "quiet", "SelfhealProbeFailing", 2000, 2020))
STORM = [f"storm-{number}" for number in (1, 2, 3, 4)]

# (container, alert, from, to), in seconds since START; without samples a series lasts for five minutes
ACTS = [("api", "SelfhealProbeFailing", 610, 640), ("db", "SelfhealProbeHanging", 1205, 1320),
        ("gone", "SelfhealProbeFailing", 2410, 2800)]
HOLDS = [("web", "dependency", 1210, 1320), ("web", "dependency_unproven", 1210, 1320),
         *((container, "storm", 1810, 1890) for container in STORM)]


def samples():
    for container in CONTAINERS:
        yield from container.samples()
    for alert in RECORDED:
        yield from alert_samples(*alert)


def open_metrics():
    return as_open_metrics(samples())
