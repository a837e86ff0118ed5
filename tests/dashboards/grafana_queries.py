#!/usr/bin/env python3
"""Asks a Grafana that was provisioned with the dashboards for each of them, and each of their queries.

    grafana_queries.py URL SECONDS [USER PASSWORD_FILE]      the shown time: the last so many

A dashboard has to be there under its uid, as the file has it; a query has to be answered without a fault, by whatever:
which answers are empty is tested on Prometheus itself (live_queries.py). Exits 1 and tells what is wrong.
"""
import base64
import json
import pathlib
import sys
import urllib.error
import urllib.request

from dashboards import load, queries, substitute
from live_queries import chosen

DATASOURCE = {"uid": "selfheal-prometheus", "type": "prometheus"}  # provisioning/datasources


class Grafana:
    def __init__(self, url: str, user: str = "", password: str = ""):
        self.url = url
        self.headers = {"Content-Type": "application/json"}
        if user:
            self.headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def ask(self, path: str, body: dict | None = None) -> dict:
        request = urllib.request.Request(self.url + path, headers=self.headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise ValueError(f"{path}: {error.code} {error.read(400).decode(errors='replace')}") from error

    def answer(self, expr: str, shown: int) -> dict:
        query = {"refId": "A", "datasource": DATASOURCE, "expr": expr, "range": True, "intervalMs": 5000,
                 "maxDataPoints": 500}
        return self.ask("/api/ds/query", {"queries": [query], "from": f"now-{shown}s", "to": "now"})


def dashboard_fault(grafana: Grafana, dashboard: dict) -> str:
    try:
        served = grafana.ask(f"/api/dashboards/uid/{dashboard['uid']}")["dashboard"]
    except ValueError as error:
        return str(error)
    if served["title"] != dashboard["title"] or len(served["panels"]) != len(dashboard["panels"]):
        return "is served otherwise than the file has it"
    return ""


def query_fault(grafana: Grafana, expr: str, shown: int) -> str:
    try:
        result = grafana.answer(expr, shown)["results"]["A"]
    except (ValueError, KeyError) as error:
        return str(error)
    return str(result.get("error") or "")


def faults(grafana: Grafana, shown: int) -> tuple[int, list[str]]:
    asked, found = 0, []
    for dashboard in load().values():
        if fault := dashboard_fault(grafana, dashboard):
            found.append(f"{dashboard['title']}: {fault}")
        for query in queries(dashboard):
            if query.kind == "variable":
                continue  # label_values() is Grafana's own; live_queries.py asks what is in it
            asked += 1
            if fault := query_fault(grafana, substitute(query.expr, chosen(dashboard, shown)), shown):
                found.append(f"{query}: {fault}")
    return asked, found


def main(url: str, shown: int, user: str = "", password_file: str = "") -> int:
    password = pathlib.Path(password_file).read_text(encoding="utf-8").rstrip("\n") if password_file else ""
    asked, found = faults(Grafana(url, user, password), shown)
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(load())} dashboards, {asked} queries, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]))
