#!/usr/bin/env python3
"""Panels have places of their own that fit a laptop, ids and uids are what others hold on to, and links lead somewhere."""
import itertools
import json
import re
import unittest

from dashboards import FOLDER, load, panels

WIDTH = 24
FIRST_SCREEN = 18  # rows of 38 pixels: what 768 of them show below Grafana's own bars
STATS, CHARTS = 8, 3  # in one row at most
LINK = re.compile(r"/d/([\w-]+)")


def overlap(a: dict, b: dict) -> bool:
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def place(panel: dict) -> dict:
    return panel["gridPos"]


class Layout(unittest.TestCase):
    def setUp(self):
        self.dashboards = load()

    def test_nothing_overlaps_or_sticks_out(self):
        for name, dashboard in self.dashboards.items():
            for a, b in itertools.combinations(dashboard["panels"], 2):
                self.assertFalse(overlap(place(a), place(b)), f"{name}: {a['title']}, {b['title']}")
            for panel in dashboard["panels"]:
                where = place(panel)
                self.assertTrue(0 <= where["x"] and where["x"] + where["w"] <= WIDTH and where["h"] > 0,
                                f"{name}: {panel['title']}: {where}")

    def test_few_panels_in_a_row(self):
        for name, dashboard in self.dashboards.items():
            rows: dict = {}
            for panel in panels(dashboard):
                rows.setdefault(place(panel)["y"], []).append(panel)
            for y, row in rows.items():
                most = STATS if all(panel["type"] == "stat" for panel in row) else CHARTS
                self.assertLessEqual(len(row), most, f"{name}: row {y}")

    def test_first_screen_is_whole(self):
        """What matters stands in it, and no panel is cut off by its end."""
        for name, dashboard in self.dashboards.items():
            for panel in panels(dashboard):
                where = place(panel)
                self.assertFalse(where["y"] < FIRST_SCREEN < where["y"] + where["h"], f"{name}: {panel['title']}")

    def test_ids_and_uids(self):
        for name, dashboard in self.dashboards.items():
            self.assertEqual(f"selfheal-{name}", dashboard["uid"])
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            refs = [(panel["id"], target["refId"]) for panel in panels(dashboard) for target in panel["targets"]]
            self.assertEqual(len(refs), len(set(refs)), name)

    def test_links_lead_to_our_dashboards(self):
        uids = {dashboard["uid"] for dashboard in self.dashboards.values()}
        found = set()
        for name in self.dashboards:
            found |= set(LINK.findall((FOLDER / f"{name}.json").read_text()))
        self.assertTrue(found, "no panel links to another dashboard")
        self.assertLessEqual(found, uids)

    def test_files_are_as_python_prints_them(self):
        """So that a change shows as what it is."""
        for name, dashboard in self.dashboards.items():
            text = json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"
            self.assertEqual(text, (FOLDER / f"{name}.json").read_text(), name)

    def test_tables_order_columns_they_have(self):
        """By the names that Grafana gives the values: Value, and with several queries Value #A, Value #B."""
        for name, dashboard in self.dashboards.items():
            for panel in panels(dashboard):
                if panel["type"] != "table":
                    continue
                refs = [target["refId"] for target in panel["targets"]]
                values = {f"Value #{ref}" for ref in refs} if len(refs) > 1 else {"Value"}
                organize = panel["transformations"][-1]["options"]
                named = {*organize["indexByName"], *organize["excludeByName"], *organize["renameByName"]}
                self.assertEqual(values, {each for each in named if each.startswith("Value")},
                                 f"{name}: {panel['title']}")
                shown = {organize["renameByName"].get(each, each) for each in organize["indexByName"]}
                for override in panel["fieldConfig"]["overrides"]:
                    self.assertIn(override["matcher"]["options"], shown, f"{name}: {panel['title']}")


if __name__ == "__main__":
    unittest.main()
