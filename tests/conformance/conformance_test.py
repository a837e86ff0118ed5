#!/usr/bin/env python3
"""Whether /probe answers as blackbox_exporter does: both get the same module file and the same
targets, and must publish the same series with the same values, timings aside.

    conformance_test.py SELFHEAL-EXPORTER [CASES]       CASES: a glob of their names

Prints each case that differs, with both sides. What differs on purpose stands in differences.py.
"""

import concurrent.futures
import fnmatch
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

import differences
from cases import Targets, every_case
from certificates import Certificates
from exporters import BLACKBOX, Exporter, blackbox_version
from exposition import metadata, series
from refusals import SCRAPE_TIMEOUT, every_negotiation, every_refusal

AT_ONCE = 12
# Which check_endpoint() needs.
ENDPOINT_CASES = {"statuses_200", "statuses_404", "requests_host", "requests_secret", "tcp_refused",
                  "tcp_waits"}
TIMINGS = re.compile(r"probe_duration_seconds|probe_dns_lookup_time_seconds"
                     r"|probe_(http|dns|icmp|grpc)_duration_seconds\{.*\}")


def module_name(case):
    return re.sub(r"[^a-zA-Z0-9_]", "_", case.name)


def describe(key, theirs, ours):
    return f"    {key}\n      blackbox_exporter: {theirs}\n      ours:              {ours}"


def compare(theirs, ours):
    """Series to the values of both, where they differ. A timing is only there or not."""
    found = {}
    for key in sorted(theirs.keys() | ours.keys()):
        pair = theirs.get(key), ours.get(key)
        if pair[0] == pair[1] or (None not in pair and TIMINGS.fullmatch(key)):
            continue
        found[key] = pair
    return found


def compare_help(theirs, ours):
    """As compare(), of HELP and TYPE of what both have."""
    return {" ".join(key): (theirs[key], ours[key])
            for key in theirs.keys() & ours.keys() if theirs[key] != ours[key]}


def compare_patience(case, theirs, ours):
    """Whether both waited until the module's timeout, or both knew before."""
    timeout = float(case.timeout[:-2]) / 1000 if case.timeout.endswith("ms") \
        else float(case.timeout[:-1])
    waited = [one["probe_duration_seconds"] >= 0.95 * timeout for one in (theirs, ours)]
    return {} if waited[0] == waited[1] else {"waits until the timeout": tuple(waited)}


class Test:
    def __init__(self, blackbox, ours, version):
        self.exporters = (blackbox, ours)
        self.version = version
        self.listed = differences.table(version)
        self.failures = 0

    def both(self, ask):
        return [ask(exporter) for exporter in self.exporters]

    def check_case(self, case):
        parameters = {"target": case.target, "module": module_name(case), **case.parameters}
        theirs, ours = self.both(lambda e: e.probe(parameters))
        if (theirs.status, ours.status) != (200, 200):
            return case, {"status": (theirs, ours)}
        their_series = series(theirs.text)
        our_series = differences.known_to(self.version, series(ours.text))
        found = {**compare(their_series, our_series),
                 **compare_patience(case, their_series, our_series),
                 **compare_help(metadata(theirs.text), metadata(ours.text))}
        return case, found

    def report(self, case, found):
        unlisted = []
        for key, (theirs, ours) in found.items():
            covering = [entry for entry in self.listed if entry.covers(case.name, key)]
            for entry in covering:
                entry.seen = True
            if not covering:
                unlisted.append(describe(key, theirs, ours))
        if unlisted:
            self.failures += 1
            print(f"FAILED {case.name}: {case.target} with {json.dumps(case.module)}")
            print("\n".join(unlisted), end="\n\n", flush=True)

    def fail(self, what, theirs, ours):
        self.failures += 1
        print("FAILED", what)
        print(describe("answer", theirs, ours), end="\n\n", flush=True)

    def check_refusal(self, name, path, headers):
        theirs, ours = self.both(lambda e: e.get(path, headers))
        if theirs != ours:
            self.fail(f"refusal, {name}: GET {path} {headers or ''}", theirs, ours)

    def check_negotiation(self, case, method, headers):
        """What the answer is written in: for /probe one format is known, whatever is asked for. How
        names in UTF-8 would be escaped is told by newer ones, which have none here."""
        path = f"/probe?target={urllib.parse.quote(case.target)}&module={module_name(case)}"
        theirs, ours = self.both(lambda e: e.get(path, headers, method))
        outline = [(one.status, one.content_type.replace("; escaping=underscores", ""),
                    sorted(series(one.text))) for one in (theirs, ours)]
        if outline[0] != outline[1]:
            self.fail(f"negotiation, {method} with {headers}", *outline)

    def check_scrape_timeout(self, case, header, expected):
        """The probe of a target that never answers ends when Prometheus would lose its patience."""
        parameters = {"target": case.target, "module": module_name(case)}
        for exporter, answer in zip(self.exporters, self.both(
                lambda e: e.probe(parameters, {SCRAPE_TIMEOUT: header}))):
            took = series(answer.text)["probe_duration_seconds"]
            if not expected * 0.9 <= took <= expected + 1:
                self.fail(f"scrape timeout of {header}", f"about {expected} s",
                          f"{took} by {exporter.name}")

    def check_debug_output(self, case):
        """The sections and what is in them; the lines of the logs are each one's own."""
        outline = []
        for answer in self.both(lambda e: e.probe({
                "target": case.target, "module": module_name(case), "debug": "true"})):
            titles = re.findall(r"^(Logs for the probe:|Metrics that would have been returned:"
                                r"|Module configuration:)$", answer.text, re.MULTILINE)
            metrics = answer.text.split("returned:\n")[-1].split("\n\n\n")[0]
            found = [key for key in sorted(series(metrics)) if "failure_reason" not in key]
            module = answer.text.split("Module configuration:\n")[-1]
            outline.append((answer.status, titles, found,
                            f"prober: {case.prober}\n" in module,
                            "with secrets" if "do-not-tell" in answer.text else "masked"))
        if outline[0] != outline[1]:
            self.fail(f"debug output of {case.name}", *outline)


def write_modules(path, cases):
    # JSON is YAML, too. http_2xx is what both ask for where no module is named.
    modules = {"http_2xx": {"prober": "http"},
               **{module_name(case): case.module for case in cases}}
    path.write_text(json.dumps({"modules": modules}, indent=1), encoding="utf-8")


def run(program, wanted):
    with tempfile.TemporaryDirectory(prefix="selfheal-conformance-") as name:
        folder = pathlib.Path(name)
        cases = [case for case in every_case(Targets(Certificates(folder)))
                 if fnmatch.fnmatch(case.name, wanted)]
        write_modules(folder / "modules.yml", cases)
        config = f"--config.file={folder}/modules.yml"
        with open(folder / "blackbox.log", "w+", encoding="utf-8") as their_log, \
                open(folder / "ours.log", "w+", encoding="utf-8") as our_log:
            blackbox = Exporter("blackbox_exporter", [BLACKBOX, config],
                                their_log)
            ours = Exporter("selfheal-exporter", [
                program, config, f"--docker.host=unix://{folder}/no-docker.sock"], our_log)
            test = Test(blackbox, ours, blackbox_version())
            try:
                check(test, cases)
            except (OSError, http.client.HTTPException) as fault:
                print(f"FAILED: {fault!r}; the end of our log:")
                print("".join(open(our_log.name, encoding="utf-8").readlines()[-20:]))
            finally:
                statuses = [exporter.stop() for exporter in test.exporters]
            if statuses != [0, 0]:
                print("FAILED: exit statuses", statuses)
                return 1
    return 1 if test.failures else 0


def check(test, cases):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for case, found in pool.map(test.check_case, cases):
            test.report(case, found)
    by_name = {case.name: case for case in cases}
    if ENDPOINT_CASES <= by_name.keys():
        check_endpoint(test, by_name)
        for entry in test.listed:
            if not entry.seen:
                test.failures += 1
                print(f"FAILED: listed in differences.py, but not seen: {entry}")
    print(f"{len(cases)} cases, {test.failures} failures")


def check_endpoint(test, by_name):
    """What /probe itself does, whatever the prober."""
    works = by_name["statuses_200"]
    for refusal in every_refusal(module_name(works), module_name(by_name["requests_host"]),
                                 test.version):
        test.check_refusal(*refusal)
    for method, headers in every_negotiation():
        test.check_negotiation(works, method, headers)
    for header, expected in (("0.9", 0.4), ("+0.9e0", 0.4), ("0.4", 1)):
        test.check_scrape_timeout(by_name["tcp_waits"], header, expected)
    for name in ("statuses_200", "statuses_404", "requests_secret", "tcp_refused"):
        test.check_debug_output(by_name[name])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        sys.exit(run(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "*"))
    except subprocess.CalledProcessError as fault:
        sys.exit(f"{fault}:\n{fault.stderr.decode()}")
