"""What the rule files read, how far they look back, and copies of them that live at another time.

Their YAML is not parsed, for that would take more than Python's own library: names, selectors and
durations are found in the text. What is found too much (a word of a description that is a metric's
name as well) is read for nothing, and does no harm.
"""
import os
import re

from errors import Failure
from times import parse_span

NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
COMMENT = re.compile(r"^\s*#.*$", re.M)
RECORD = re.compile(r"""\brecord["']?\s*:\s*["']?([A-Za-z_:][A-Za-z0-9_:]*)""")
REMEDIATION = re.compile(r"""\bremediation["']?\s*:""")
GROUP = re.compile(r"""\bname["']?\s*:\s*["']?([^"'#,{}\n]+?)["']?\s*(?:[#,}].*)?$""", re.M)
WINDOWS = (re.compile(r"\[\s*(\d\w*)\s*(?::[^\]]*)?\]"), re.compile(r"\boffset\s+-?(\d\w*)"),
           re.compile(r"""\b(?:keep_firing_)?for["']?\s*:\s*["']?(\d\w*)"""))
MATCHER = r"""[A-Za-z_]\w*\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
SELECTOR = re.compile(rf"\s*\{{\s*((?:{MATCHER}\s*(?:,\s*{MATCHER}\s*)*,?)?)\s*\}}")
QUOTED = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
# What Prometheus makes of alerts: the rules read it, but it is their own.
MADE_OF_ALERTS = {"ALERTS", "ALERTS_FOR_STATE"}
POLICY = {"selfheal:hold", "selfheal:fault"}
OF_NOW = re.compile(r"(?<![\w:])(minute|hour|day_of_week|day_of_month|day_of_year|days_in_month|month|year)\s*\(\s*\)")
TIME = re.compile(r"(?<![\w:])time\s*\(\s*\)")
TIMESTAMP = re.compile(r"(?<![\w:])timestamp\s*\(")


class RuleFile:
    def __init__(self, path):
        self.path = path
        try:
            with open(path, encoding="utf-8") as file:
                self.text = file.read()
        except OSError as fault:
            raise Failure(f"the rule file {path} can't be read: {fault.strerror}") from None
        self.body = COMMENT.sub("", self.text)
        self.records = set(RECORD.findall(self.body))
        self.mentions = set(NAME.findall(self.body))

    def decides(self):
        """Whether a trigger, a fault or a hold is in it."""
        return bool(REMEDIATION.search(self.body) or self.records & POLICY)


class Rules:
    """Those files of all that were given that have a part in what is done and held."""

    def __init__(self, given):
        self.paths = [file.path for file in given]
        self.files = [file for file in given if file.decides()]
        if not self.files:
            raise Failure(f"no trigger and no hold in {', '.join(self.paths)}",
                          "--rules names the files, or leave it out for those that come with selfheal")
        while more := [file for file in given if file not in self.files and file.records & self.mentions()]:
            self.files += more
        self.files.sort(key=lambda file: self.paths.index(file.path))
        self.records = set().union(*(file.records for file in self.files))
        self.has_faults = "selfheal:fault" in self.records
        self.looks_back = self._sum_of_windows()

    def mentions(self):
        return set().union(*(file.mentions for file in self.files))

    def _sum_of_windows(self):
        """One rule reads what another one recorded, so their windows add up."""
        spans = set()
        for file in self.files:
            for window in WINDOWS:
                spans.update(window.findall(file.body))
        total = 0.0
        for span in spans:
            try:
                total += parse_span(span)
            except ValueError:
                pass  # a number that is no duration
        return total

    def groups(self):
        names = {}
        for file in self.files:
            names.update(dict.fromkeys(GROUP.findall(file.body)))
        return list(names)

    def inputs(self):
        return self.mentions() - self.records - MADE_OF_ALERTS

    def first_names(self):
        return ", ".join(sorted(name for name in self.inputs() if name.startswith("selfheal_"))[:3]) + ", …"

    def selectors(self, existing, host):
        """PromQL selectors of all that the rules read and that exists."""
        wanted = {}
        for name in sorted(self.inputs() & existing):
            found = set()
            for file in self.files:
                found |= selectors_of(name, file.body)
            if "" in found:
                found = {""}
            wanted.update(dict.fromkeys(with_host(name, matchers, host) for matchers in sorted(found)))
        return list(wanted)


def selectors_of(name, text):
    """The matchers that the name is read with; "" where it is read without any."""
    found = set()
    for use in re.finditer(rf"(?<![\w:]){re.escape(name)}(?![\w:])", text):
        matchers = SELECTOR.match(text, use.end())
        found.add(matchers.group(1).strip().rstrip(",") if matchers else "")
    return found


def with_host(name, matchers, host):
    if host is not None:
        # What has no host, as `up`, is of every host.
        quoted = re.escape(host).replace("\\", "\\\\").replace('"', '\\"')
        matchers = ", ".join(filter(None, (matchers, f'host=~"|{quoted}"')))
    return f"{name}{{{matchers}}}" if matchers else name


def load_rules(paths):
    return Rules([RuleFile(path) for path in paths])


def set_clock(text, ahead):
    """The text of a rule file for an evaluation that begins at 0 where it was `ahead` in fact."""
    text = OF_NOW.sub(lambda call: f"{call.group(1)}(vector(time()))", text)
    text = TIME.sub(f"(time() + {ahead:.3f})", text)
    for call in reversed(list(TIMESTAMP.finditer(text))):
        end = closing_parenthesis(text, call.end())
        if end is not None:
            text = f"{text[:call.start()]}({ahead:.3f} + {text[call.start():end]}){text[end:]}"
    return text


def closing_parenthesis(text, position):
    """Behind the one that closes what was opened right before position."""
    depth = 1
    while position < len(text):
        quoted = QUOTED.match(text, position)
        if quoted:
            position = quoted.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
        if depth == 0:
            return position
    return None


def write_copies(rules, folder, ahead):
    """Copies whose clock is right, under names that tell them apart."""
    copies = []
    for number, file in enumerate(rules.files):
        copies.append(os.path.join(folder, f"{number}-{os.path.basename(file.path)}"))
        with open(copies[-1], "w", encoding="utf-8") as copy:
            copy.write(set_clock(file.text, ahead))
    return copies
