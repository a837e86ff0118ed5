#!/usr/bin/env python3
"""promql.py finds what is in an expression."""
import unittest

from promql import selectors


def found(expr: str) -> list:
    return [(each.name, each.window, each.function) for each in selectors(expr)]


class Selectors(unittest.TestCase):
    def test_names(self):
        self.assertEqual([("up", None, "")], found("up == 0"))
        self.assertEqual([("a:b", None, ""), ("c", None, "")], found("a:b * on (host) group_left (group) c or vector(0)"))
        self.assertEqual([("x", None, "max")], found('max by (host, up) (x{down="up"}) > bool 0'))
        self.assertEqual([("x", None, ""), ("x", None, "")], found("x - x offset $__interval >= $least"))

    def test_windows_and_functions(self):
        self.assertEqual([("x", "$__rate_interval", "rate")], found("60 * sum by (a) (rate(x[$__rate_interval]))"))
        self.assertEqual([("x", "5m", "rate"), ("y", None, "")], found('rate(x{a="b"}[5m]) / on () y'))
        self.assertEqual([("x", None, "timestamp")], found("max_over_time(timestamp(x)[$__range:])"))
        self.assertEqual([("x", "1h", "max_over_time")], found("max_over_time(x[1h] @ end())"))

    def test_matchers(self):
        one, = selectors("""max({__name__=~"a|b", job=~"$job", c!="d,{e}"} == 0)""")
        self.assertEqual([("__name__", "=~", "a|b"), ("job", "=~", "$job"), ("c", "!=", "d,{e}")], one.matchers)
        self.assertTrue(one.has("job", "=~", "$job"))
        self.assertFalse(one.has("job", "=", "$job"))

    def test_words_that_are_no_metrics(self):
        self.assertEqual([], found('vector(1) + time() # up\n'))
        self.assertEqual([("x", None, "label_replace")], found('label_replace(x, "up", "$1", "down", "(.+)")'))
        self.assertEqual([("x", None, "sum"), ("y", None, "")], found("sum without (a) (x) unless ignoring (b) y"))


if __name__ == "__main__":
    unittest.main()
