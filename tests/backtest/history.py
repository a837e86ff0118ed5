"""A recorded history that is known to the second, as OpenMetrics text: what was scraped every 5 s."""
START = 1_767_607_200  # 2026-01-05T10:00:00Z, a Monday
STEP = 5
LENGTH = 3600
STATES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")


class Container:
    """Healthy but for its outages: (begin, end, reason) each, in seconds since START. Its samples end with `until`."""

    def __init__(self, host, name, outages=(), depends_on=(), until=LENGTH):
        self.labels = {"host": host, "group": name, "container": name}
        self.outages = outages
        self.depends_on = depends_on
        self.until = until

    def outage_at(self, moment):
        return next((outage for outage in self.outages if outage[0] <= moment < outage[1]), None)

    def samples(self):
        """Yields (name, labels, moment, value), series by series."""
        for state in STATES:
            yield from self.series("selfheal_container_state", lambda _: state == "running", state=state)
        yield from self.series("selfheal_container_stop_requested", lambda _: 0)
        yield from self.series("selfheal_container_start_time_seconds", lambda _: START - 86400)
        for cause in ("policy", "api"):
            yield from self.series("selfheal_container_restarts_total", lambda _: 0, cause=cause)
        for group in self.depends_on:
            yield from self.series("selfheal_container_depends_on", lambda _: 1, dependency=group)
        yield from self.probe_samples()

    def probe_samples(self):
        def failures(moment):
            outage = self.outage_at(moment)
            return 0 if outage is None else (moment - outage[0]) // STEP + 1

        def failing_since(moment):
            outage = self.outage_at(moment)
            return 0 if outage is None else START + outage[0] - 1

        def last_success(moment):
            outage = self.outage_at(moment)
            return START + (moment if outage is None else outage[0] - STEP) - 1

        def reason_at(moment):
            return next((reason for begin, _, reason in reversed(self.outages) if begin <= moment), None)

        def probe(name, value, **labels):
            return self.series(f"selfheal_probe_{name}", value, probe="default", **labels)

        yield from probe("failure_threshold", lambda _: 3)
        yield from probe("consecutive_failures", failures)
        yield from probe("healthy", lambda moment: failures(moment) < 3)
        yield from probe("failing_since_timestamp_seconds", failing_since)
        yield from probe("last_success_timestamp_seconds", last_success)
        for reason in {reason for _, _, reason in self.outages}:
            yield from probe("last_failure_info", lambda moment: 1 if reason_at(moment) == reason else None,
                             reason=reason)

    def series(self, name, value_at, **labels):
        for moment in range(0, self.until + 1, STEP):
            value = value_at(moment)
            if value is not None:
                yield name, {**self.labels, **labels}, moment, float(value)


def alert_samples(host, container, alert, begin, end):
    """What the rules of that time made of it."""
    labels = {"host": host, "group": container, "container": container, "alertname": alert,
              "alertstate": "firing", "remediation": "restart", "severity": "none"}
    for moment in range(begin, end, STEP):
        yield "ALERTS", labels, moment, 1.0


def as_open_metrics(samples):
    """Line by line: a long history is large."""
    for name, labels, moment, value in samples:
        inside = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"{name}{{{inside}}} {value!r} {START + moment}\n"
    yield "# EOF\n"
