#!/usr/bin/env python3
"""exporter/METRICS.md and remediator/METRICS.md have each family that the sources declare, and no other, as it is."""

import unittest

from comparison import differences, label_differences, unit_of
from families import DAEMONS, Family, Unreadable, declared, declared_in, names_in, sources, told, told_in
from published import series

HEADER = "| name | type, unit | labels beside `host` | what it is | there |\n|---|---|---|---|---|\n"


class Pages(unittest.TestCase):
    def test_they_tell_of_what_is_declared(self):
        for daemon in DAEMONS:
            page = f"{daemon}/METRICS.md"
            faults = differences(told(daemon), declared(daemon), page)
            self.assertEqual([], faults, "\n" + "\n".join(faults))

    # Or the test above would not see it.
    def test_each_name_in_the_sources_is_declared_in_a_way_that_is_known(self):
        known = {family.name for daemon in DAEMONS for family in declared(daemon)}
        for path in {path for daemon in DAEMONS for path in sources(daemon)}:
            self.assertLessEqual(names_in(path.read_text()), known, f"{path}: teach families.py how these are declared")

    def test_there_are_some(self):
        self.assertGreater(len(declared("exporter")), 45)
        self.assertGreater(len(declared("remediator")), 30)


class Sources(unittest.TestCase):
    def declared(self, source: str) -> Family:
        (family,) = declared_in(source, "exporter")
        return family

    def test_each_way_to_declare_is_read(self):
        for source, expected in [
            ('out.family("a_b", "One "\n "two.",\n MetricKind::histogram);', Family("a_b", "histogram", "One two.")),
            ('NumberFamily{"a_b", "Say \\"so\\".", MetricKind::gauge, [](', Family("a_b", "gauge", 'Say "so".')),
            ('BuildHistogram()\n .Name("a_b")\n .Help("One.")', Family("a_b", "histogram", "One.")),
            ('BuildGauge().Name("a_info").Help("One.")', Family("a_info", "info", "One.")),
            ('x_(counter(registry_, "a_b", "One.")', Family("a_b", "counter", "One.")),
            ('add_gauge(registry, "a_b",\n "One.")', Family("a_b", "gauge", "One.")),
            ('gauge("a_b", "One.", value)', Family("a_b", "gauge", "One.")),
            ('f.name = prefix_ + "_a";\nf.help = "One.";\nf.type = prometheus::MetricType::Counter;',
             Family("selfheal_exporter_a", "counter", "One.")),
        ]:
            self.assertEqual(expected, self.declared(source))

    def test_names_are_found_however_they_are_used(self):
        self.assertEqual({"selfheal_x"}, names_in('f("selfheal_x") + "selfheal_exporter" + "min(selfheal_y)"'))


class Page(unittest.TestCase):
    def test_a_row_has_the_labels_of_its_table_too(self):
        (row,) = told_in(HEADER + "| `a_b` | gauge, bytes | `c` | One. | always |\n", "M.md")
        self.assertEqual(Family("a_b", "gauge, bytes", "One.", frozenset({"host", "c"}), "M.md:3"), row)

    def test_what_is_no_row_is_told(self):
        for line in ("| `a_b` | gauge | | One. |", "| a_b | gauge | | One. | always |", "| `a_b` | gauge | | One. | |",
                     "| name | type | labels | what it is | there |"):
            with self.assertRaisesRegex(Unreadable, "M.md:3"):
                told_in(HEADER + line, "M.md")

    def test_units_are_those_of_names(self):
        self.assertEqual("Unix time in seconds", unit_of("a_timestamp_seconds"))
        self.assertEqual("seconds", unit_of("process_cpu_seconds_total"))
        self.assertEqual("", unit_of("a_total"))


class Comparison(unittest.TestCase):
    def faults(self, row: Family) -> str:
        return "; ".join(differences([row], [Family("a_seconds", "gauge", "One.")], "M.md"))

    def test_what_is_right_is_no_fault(self):
        self.assertEqual("", self.faults(Family("a_seconds", "gauge, seconds", "One. And more.")))

    def test_each_difference_is_told(self):
        self.assertRegex(self.faults(Family("b", "gauge", "One.")), "a_seconds is missing; .*no source declares b")
        self.assertRegex(self.faults(Family("a_seconds", "counter, seconds", "One.")), "is a gauge")
        self.assertRegex(self.faults(Family("a_seconds", "gauge", "One.")), "the unit of a_seconds is seconds")
        self.assertRegex(self.faults(Family("a_seconds", "gauge, seconds", "Two.")), "HELP text, 'One.'")
        twice = [Family("a_b", "gauge", "One.")] * 2
        self.assertEqual(["M.md: a_b is there twice"], differences(twice, twice[:1], "M.md"))

    def test_labels_of_what_is_published(self):
        text = '# TYPE a histogram\na_bucket{host="b",le="1"} 1\na_sum{host="b"} 1\nb_count{host="x, y=\\"z\\"",c=""} 2\nd 1\n'
        found = series(text)
        self.assertEqual([("a", {"host"}), ("a", {"host"}), ("b_count", {"host", "c"}), ("d", set())], found)
        rows = [Family("a", "", "", frozenset({"host"})), Family("b_count", "", "", frozenset({"host"}), "M.md:1")]
        self.assertEqual(["M.md:1: b_count has the labels c host, not host", "d is published, and in no row"],
                         label_differences(rows, found))

    def test_configured_targets_have_labels_of_their_own(self):
        rows = [Family("a", "", "", frozenset({"host", "container"})), Family("b", "", "", frozenset({"host", "cause"}))]
        self.assertEqual([], label_differences(rows, [("a", frozenset({"target", "team"})), ("b", frozenset({"cause"}))]))
        self.assertEqual(1, len(label_differences(rows, [("a", frozenset({"container"}))])))


if __name__ == "__main__":
    unittest.main()
