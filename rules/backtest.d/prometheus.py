"""Prometheus' HTTP API, as far as it is needed here."""
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from errors import Failure
from times import parse_span

TIMEOUT = 150  # above Prometheus' own of 2m, whose message is the better one


class Prometheus:
    def __init__(self, url):
        self.url = url.rstrip("/")

    def ask(self, path, **parameters):
        """The data of an answer."""
        body = urllib.parse.urlencode(parameters, doseq=True).encode()
        try:
            request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=body or None)
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refusal:
            raise Failure(f"Prometheus at {self.url} refuses /api/v1/{path}: {reason_of(refusal)}") from None
        except (OSError, ValueError, KeyError) as fault:
            raise Failure(f"no answer from Prometheus at {self.url}: {getattr(fault, 'reason', fault)}",
                          "--prometheus.url says where it is") from None

    def metric_names(self, begin, end):
        path = f"label/__name__/values?start={begin:.3f}&end={end:.3f}"
        return set(self.ask(path))

    def series(self, selector, begin, end):
        return self.ask("series", **{"match[]": selector, "start": f"{begin:.3f}", "end": f"{end:.3f}"})

    def query_range(self, query, begin, end, step):
        return self.ask("query_range", query=query, start=f"{begin:.3f}", end=f"{end:.3f}",
                        step=f"{step:.3f}")["result"]

    def evaluation_interval(self):
        """That of the groups with holds, else the global one; nothing where there is no such API."""
        try:
            groups = self.ask("rules?type=record")["groups"]
            intervals = [float(group["interval"]) for group in groups
                         if any(rule["name"] == "selfheal:hold" for rule in group["rules"])]
            if intervals:
                return min(intervals)
            configured = re.search(r"^\s+evaluation_interval: (\w+)$", self.ask("status/config")["yaml"], re.M)
            return parse_span(configured.group(1)) if configured else None
        except (Failure, KeyError, ValueError):
            return None


def reason_of(refusal):
    """Prometheus says it in JSON, a proxy in front of it does not."""
    try:
        return json.load(refusal)["error"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {refusal.code} {refusal.reason}"
