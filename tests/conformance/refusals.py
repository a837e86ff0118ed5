"""Requests that are about /probe itself: those that get no probe, and in what the answer is written."""

SCRAPE_TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds"


LOGS_BY_TARGET = (
    ("log of no number", "/logs?id=abc", {}),
    ("log of nothing", "/logs", {}),
    ("log of a target that is not there", "/logs?target=nobody", {}),
    ("log of both", "/logs?id=1&target=nobody", {}),
)


def every_refusal(some_module, module_with_host, version):
    """Name, path with query, headers."""
    return [
        ("no target", "/probe", {}),
        ("empty target", "/probe?target=", {}),
        ("target of one module missing", f"/probe?module={some_module}", {}),
        ("unknown module", "/probe?target=x&module=nope", {}),
        ("unknown module with quotes", "/probe?target=x&module=%22a%5C%0a%7f", {}),
        ("unknown module in umlauts", "/probe?target=x&module=%C3%A4", {}),
        ("unknown module without target", "/probe?module=nope", {}),
        ("module after a semicolon", "/probe?target=x;module=nope", {}),
        ("bad escape", "/probe?target=%zz", {}),
        ("timeout that is none", f"/probe?target=x&module={some_module}", {SCRAPE_TIMEOUT: "soon"}),
        ("timeout with unit", f"/probe?target=x&module={some_module}", {SCRAPE_TIMEOUT: "5s"}),
        ("timeout too large", f"/probe?target=x&module={some_module}", {SCRAPE_TIMEOUT: "1e999"}),
        ("bad timeout, no target", f"/probe?module={some_module}", {SCRAPE_TIMEOUT: "soon"}),
        ("bad timeout, unknown module", "/probe?module=nope", {SCRAPE_TIMEOUT: "soon"}),
        ("contradicting hostname", f"/probe?target=x&module={module_with_host}&hostname=other", {}),
        ("log that is not there", "/logs?id=1234567", {}),
        *(LOGS_BY_TARGET if version >= (0, 25) else ()),
    ]


def every_negotiation():
    """Method and headers."""
    open_metrics = "application/openmetrics-text;version=1.0.0"
    return [
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"Accept": open_metrics}),
        ("GET", {"Accept": f"{open_metrics},text/plain;version=0.0.4;q=0.5,*/*;q=0.1"}),
        ("GET", {"Accept": "text/plain;version=0.0.4"}),
        ("GET", {"Accept": "image/png"}),
        ("GET", {"Accept-Encoding": "gzip"}),
        ("GET", {"Accept-Encoding": "br"}),
    ]
