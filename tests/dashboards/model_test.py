#!/usr/bin/env python3
"""Panels say what Grafana understands. It takes a wrong word for none, and then shows something else than was meant.

The words are those of @grafana/schema 11, of what is in use here; a new kind of panel needs its words here.
"""
import unittest

from dashboards import load, panels

SHOWN = {"auto", "never", "always"}
TOOLTIPS = {"single", "multi", "none"}
# By kind of panel: an option's path, and its words.
OPTIONS = {
    "stat": {
        "colorMode": {"value", "background", "none"}, "graphMode": {"none", "area"},
        "textMode": {"auto", "value", "value_and_name", "name", "none"}, "justifyMode": {"auto", "center"},
        "orientation": {"auto", "horizontal", "vertical"}, "reduceOptions.calcs": {"lastNotNull"}},
    "timeseries": {
        "legend.displayMode": {"list", "table", "hidden"}, "legend.placement": {"bottom", "right"},
        "tooltip.mode": TOOLTIPS, "tooltip.sort": {"none", "asc", "desc"}},
    "table": {"cellHeight": {"sm", "md", "lg"}, "showHeader": {True}},
    "heatmap": {
        "calculate": {False}, "color.mode": {"scheme", "opacity"}, "color.scale": {"exponential", "linear"},
        "rowsFrame.layout": {"auto", "le", "ge"}, "showValue": SHOWN, "yAxis.unit": {"s"}, "tooltip.mode": TOOLTIPS},
    "state-timeline": {
        "alignValue": {"left", "center", "right"}, "showValue": SHOWN, "mergeValues": {True},
        "legend.displayMode": {"list"}, "tooltip.mode": TOOLTIPS},
    "bargauge": {
        "displayMode": {"basic", "gradient", "lcd"}, "orientation": {"horizontal"}, "sizing": {"auto", "manual"},
        "valueMode": {"color", "text", "hidden"}, "namePlacement": {"auto", "left", "top", "hidden"},
        "reduceOptions.calcs": {"lastNotNull"}},
}
CUSTOM = {
    "timeseries": {
        "drawStyle": {"line", "bars", "points"}, "lineInterpolation": {"linear", "stepAfter"},
        "showPoints": SHOWN, "stacking.mode": {"none", "normal"}, "scaleDistribution.type": {"linear", "log"},
        "thresholdsStyle.mode": {"off", "dashed"}, "spanNulls": {False}, "insertNulls": {False}},
    # What is gone leaves a gap: neither bridged, nor made by a number of seconds that no longer range keeps.
    "state-timeline": {"spanNulls": {False}, "insertNulls": {False}},
}
PROPERTIES = {"unit", "decimals", "min", "max", "mappings", "thresholds", "links", "color", "custom.cellOptions",
              "custom.width", "custom.lineStyle"}
CELLS = {"auto", "color-text", "color-background", "gauge"}
TRANSFORMATIONS = {"merge", "organize"}
COLORS = {"palette-classic", "thresholds", "fixed"}


def values(thing: dict, path: str) -> list:
    for key in path.split("."):
        thing = thing[key]
    return thing if isinstance(thing, list) else [thing]


def each_panel():
    for name, dashboard in load().items():
        for panel in panels(dashboard):
            yield f"{name}: {panel['title']}", panel


class Model(unittest.TestCase):
    def test_options(self):
        for where, panel in each_panel():
            for table, thing in ((OPTIONS, panel["options"]),
                                 (CUSTOM, panel["fieldConfig"]["defaults"].get("custom", {}))):
                for path, words in table.get(panel["type"], {}).items():
                    for value in values(thing, path):
                        self.assertIn(value, words, f"{where}: {path}")
            self.assertIn(panel["type"], OPTIONS, where)

    def test_fields(self):
        for where, panel in each_panel():
            defaults = panel["fieldConfig"]["defaults"]
            self.assertIn(defaults["color"]["mode"], COLORS, where)
            self.assertIsNone(defaults["thresholds"]["steps"][0]["value"], where)
            for override in panel["fieldConfig"]["overrides"]:
                self.assertEqual("byName", override["matcher"]["id"], where)
                for each in override["properties"]:
                    self.assertIn(each["id"], PROPERTIES, where)
                    if each["id"] == "custom.cellOptions":
                        self.assertIn(each["value"]["type"], CELLS, where)

    def test_transformations(self):
        for where, panel in each_panel():
            for each in panel.get("transformations", []):
                self.assertIn(each["id"], TRANSFORMATIONS, where)

    def test_states_have_names(self):
        """A state without a mapping is shown as its number; and with colours by thresholds no mapping is used."""
        found = [panel for _, panel in each_panel() if panel["type"] == "state-timeline"]
        self.assertTrue(found)
        for panel in found:
            mapping, = panel["fieldConfig"]["defaults"]["mappings"]
            self.assertEqual(["0", "1", "2", "3", "4"], sorted(mapping["options"]))
            self.assertNotEqual("thresholds", panel["fieldConfig"]["defaults"]["color"]["mode"])


if __name__ == "__main__":
    unittest.main()
