#!/usr/bin/env python3
"""How long a Prometheus takes to evaluate its rule groups.

  measure.py URL SECONDS [--top N]

Once an evaluation it reads Prometheus' own metric of the last one's duration, and what its API tells
of each rule. Prints a line a group: its name, the evaluations seen, their minimum, median, 90th
percentile and maximum in milliseconds; and with --top the rules that take most, each by its median.
"""
import argparse
import collections
import json
import re
import statistics
import time
import urllib.request

INTERVAL = 5.0
DURATION = re.compile(r'^prometheus_rule_group_last_duration_seconds\{rule_group="[^"]*;([^";]*)"\} (\S+)$', re.M)


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def rule_durations(url):
    """Yields (name, milliseconds); a name stands for several rules that differ in a label."""
    for group in json.loads(get(f"{url}/api/v1/rules"))["data"]["groups"]:
        for number, rule in enumerate(group["rules"]):
            labels = ", ".join(f"{label}={text}" for label, text in rule.get("labels", {}).items()
                               if rule["type"] == "recording")
            yield (group["name"], number, f"{rule['name']}{{{labels}}}" if labels else rule["name"],
                   1000 * rule["evaluationTime"])


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--top", type=int, default=0)
    given = parser.parse_args()
    groups, rules = collections.defaultdict(list), collections.defaultdict(list)
    end = time.monotonic() + given.seconds
    while time.monotonic() < end:
        for group, seconds in DURATION.findall(get(f"{given.url}/metrics")):
            groups[group].append(1000 * float(seconds))
        for group, number, name, milliseconds in rule_durations(given.url):
            rules[group, number, name].append(milliseconds)
        time.sleep(INTERVAL)
    for group, found in sorted(groups.items()):
        numbers = (min(found), statistics.median(found), quantile(found, 0.9), max(found))
        print(f"{group:24} {len(found):4}", *(f"{number:8.1f}" for number in numbers))
    medians = sorted(((statistics.median(found), name) for (_, _, name), found in rules.items()), reverse=True)
    for median, name in medians[:given.top]:
        print(f"  {median:8.2f}  {name}")


if __name__ == "__main__":
    main()
