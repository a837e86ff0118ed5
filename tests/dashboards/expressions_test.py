#!/usr/bin/env python3
"""Every query of the dashboards is valid PromQL, by promtool, of either generation ($PROMTOOL)."""
import json
import os
import subprocess
import tempfile
import unittest

from dashboards import load, queries, substitute

VALUES = {"job": ".+", "instance": ".+", "host": ".+", "group": ".+", "container": ".+", "trouble": "0",
          "datasource": "selfheal-prometheus", "__interval": "5s", "__rate_interval": "20s", "__range": "1h"}


def check(expressions: list[str]) -> subprocess.CompletedProcess:
    """As recording rules, for promtool has nothing else that reads many. JSON is YAML."""
    rules = [{"record": f"expression:{number}", "expr": expr} for number, expr in enumerate(expressions)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"groups": [{"name": "dashboards", "rules": rules}]}, file)
        file.flush()
        return subprocess.run([os.environ.get("PROMTOOL", "promtool"), "check", "rules", file.name],
                              text=True, capture_output=True, check=False)


class Expressions(unittest.TestCase):
    def test_all_are_valid(self):
        all_queries = [query for dashboard in load().values() for query in queries(dashboard)]
        self.assertGreater(len(all_queries), 100)
        done = check([substitute(query.expr, VALUES) for query in all_queries])
        if done.returncode != 0:
            wrong = [f"{query}\n{each.stderr}" for query in all_queries
                     for each in [check([substitute(query.expr, VALUES)])] if each.returncode != 0]
            self.fail("\n" + "\n".join(wrong or [done.stderr]))

    def test_an_invalid_one_is_found(self):
        self.assertNotEqual(0, check(["up", "sum by (up"]).returncode)

    def test_legends_and_links_use_known_variables(self):
        for dashboard in load().values():
            for query in queries(dashboard):
                for key in ("legendFormat", "titleFormat", "textFormat"):
                    substitute(query.source.get(key, ""), VALUES)


if __name__ == "__main__":
    unittest.main()
