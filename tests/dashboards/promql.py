"""The selectors of a PromQL expression, found without a parser.

promtool says whether an expression is valid (expressions_test.py). This only tells names, matchers, ranges and the
function around them, of expressions that may still have Grafana's variables in them.
"""
import re
from typing import Iterator, NamedTuple, Optional

TOKEN = re.compile(r"""
    (?P<skip>\s+|\#[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<number>\d[\w.]*)
  | (?P<word>\$?[a-zA-Z_:][\w:]*)
  | (?P<sign>[=!<>]=|=~|!~|.)
""", re.VERBOSE | re.DOTALL)

AGGREGATIONS = {"sum", "min", "max", "avg", "group", "count", "topk", "bottomk", "quantile", "stddev", "stdvar",
                "count_values"}
LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
OPERATORS = {"and", "or", "unless", "bool", "offset", "atan2"}


class Selector(NamedTuple):
    name: str                           # empty where only matchers say what is meant
    matchers: list[tuple[str, str, str]]  # label, operator, value
    window: Optional[str]               # of x[window]
    function: str                       # that it is the argument of; empty for none

    def has(self, label: str, operator: str, value: str) -> bool:
        return (label, operator, value) in self.matchers


def tokens(expr: str) -> list[tuple[str, str]]:
    found = []
    for match in TOKEN.finditer(expr):
        if match.lastgroup != "skip":
            found.append((match.lastgroup, match[0]))
    return found + [("end", "")]


def closing(found: list, at: int, close: str) -> int:
    """The place of the first `close` from `at` on: lists, matchers and windows do not nest."""
    while found[at][1] != close:
        at += 1
    return at


def read_matchers(found: list, at: int) -> tuple[list, int]:
    """From behind the brace to behind the other."""
    end = closing(found, at, "}")
    texts = [text for _, text in found[at:end] if text != ","]
    matchers = [(label, operator, value[1:-1])
                for label, operator, value in zip(texts[::3], texts[1::3], texts[2::3])]
    return matchers, end + 1


def read_selector(found: list, at: int, function: str) -> tuple[Selector, int]:
    name, matchers, window = "", [], None
    if found[at][0] == "word":
        name = found[at][1]
        at += 1
    if found[at][1] == "{":
        matchers, at = read_matchers(found, at + 1)
    if found[at][1] == "[":
        end = closing(found, at, "]")
        window = "".join(text for _, text in found[at + 1:end])
        at = end + 1
    return Selector(name, matchers, window, function), at


def selectors(expr: str) -> Iterator[Selector]:
    found = tokens(expr)
    at, called, open_calls = 0, "", []
    while found[at][0] != "end":
        kind, text = found[at]
        if kind == "word" and text in LISTS:
            at += 1
            if found[at][1] == "(":
                at = closing(found, at, ")") + 1
        elif kind == "word" and (text in AGGREGATIONS or found[at + 1][1] == "("):
            called = text
            at += 1
        elif text == "{" or kind == "word" and text not in OPERATORS and text[0] != "$":
            selector, at = read_selector(found, at, open_calls[-1] if open_calls else "")
            yield selector
        elif text == "[":
            at = closing(found, at, "]") + 1
        else:
            if text == "(":
                open_calls.append(called)
            elif text == ")":
                open_calls.pop()
            called = ""
            at += 1
