#!/usr/bin/env python3
"""What Grafana is given beside the dashboards fits them and prometheus.yml."""
import re
import unittest

from dashboards import FOLDER, ROOT, load, variables

DATASOURCE = (FOLDER / "provisioning/datasources/selfheal.yaml").read_text()
PROVIDER = (FOLDER / "provisioning/dashboards/selfheal.yaml").read_text()


def value(text: str, key: str) -> str:
    """Of a key that stands in the file once."""
    found = re.findall(rf"^[ -]*{key}: (.+)$", text, re.MULTILINE)
    if len(found) != 1:
        raise AssertionError(f"{key} stands there {len(found)} times")
    return found[0]


class Provisioning(unittest.TestCase):
    def test_datasource(self):
        self.assertEqual("prometheus", value(DATASOURCE, "type"))
        scraped = value((ROOT / "prometheus/prometheus.yml").read_text(), "scrape_interval")
        self.assertEqual(scraped, value(DATASOURCE, "timeInterval"))

    def test_dashboards_begin_with_it(self):
        for name, dashboard in load().items():
            chosen, = [each for each in variables(dashboard) if each["type"] == "datasource"]
            self.assertEqual(value(DATASOURCE, "uid"), chosen["current"]["value"], name)
            self.assertEqual(value(DATASOURCE, "name"), chosen["current"]["text"], name)

    def test_provider(self):
        self.assertEqual("file", value(PROVIDER, "type"))
        self.assertEqual("false", value(PROVIDER, "allowUiUpdates"))

    def test_readme_names_all_dashboards_and_the_environment(self):
        readme = (FOLDER / "README.md").read_text()
        for name in load():
            self.assertIn(f"`{name}.json`", readme)
        for text in (DATASOURCE, PROVIDER):
            for name in re.findall(r"\$\{(\w+)\}", text):
                self.assertIn(name, readme)


if __name__ == "__main__":
    unittest.main()
