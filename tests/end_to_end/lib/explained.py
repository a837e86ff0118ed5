"""Compares what `explain` says of each recorded payload with what was done.

    explained.py PROGRAM JOURNAL DELIVERIES INCIDENTS LOG

DELIVERIES is recorder.py's; INCIDENTS has every incident as the API shows it, a line of JSON each; LOG
is the remediator's, whose lines on decisions are what it said at that time. Prints what was compared, or
each difference, and then ends with 1.
"""
import collections
import datetime
import json
import re
import subprocess
import sys

# A decision that is made while a payload arrives may be told before or after it.
AT_THE_SAME_TIME_SECONDS = 0.25


def seconds(text):
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", text).replace("Z", "+00:00")).timestamp()


def to_the_millisecond(text):
    return re.sub(r"(\.\d{3})\d*Z$", r"\1Z", text)


class Decided(collections.namedtuple("Decided", "at incident verdict reason")):
    """A decision as the log tells of it."""


def decisions_of(log):
    found = []
    for line in open(log, encoding="utf-8"):
        told = re.search(r'time=(\S+) .*msg="?(acting|waiting|refused)"? incident=(\d+) .*', line)
        if not told:
            continue
        verdict = {"acting": "act", "waiting": "wait", "refused": "refuse"}[told[2]]
        reason = "due" if verdict == "act" else re.search(r"reason=(\w+)", line)[1]
        found.append(Decided(seconds(told[1]), int(told[3]), verdict, reason))
    return found


class Comparison:
    def __init__(self, program, journal, incidents, log):
        self.explain_command = [program, "explain", "-", "--json", "--journal", journal]
        self.incidents = {incident["id"]: incident for incident in incidents}
        self.decisions = decisions_of(log)
        self.kinds = collections.Counter()
        self.faults = []
        self.opened, self.withdrawn, self.relapsed, self.acts = [], [], [], set()

    def explain(self, delivery):
        done = subprocess.run(self.explain_command + ["--at", delivery["reply"]["received_at"]],
                              input=json.dumps(delivery["payload"]), capture_output=True, text=True, timeout=10,
                              check=False)
        if done.returncode or done.stderr:
            self.faults.append(f"explain ended with {done.returncode}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def compare(self, delivery):
        self.said, at = self.explain(delivery), delivery["reply"]["received_at"]
        accepted = sum(alert["accepted"] for alert in self.said)
        self.expect("accepted", delivery["reply"]["accepted"], accepted, at)
        self.expect("ignored", delivery["reply"]["ignored"], len(self.said) - accepted, at)
        for alert in self.said:
            self.kinds[alert["delivery"]] += 1
            if alert["accepted"]:
                self.compare_accepted(alert, at)
            elif alert["delivery"] == "already_recovered":
                self.expect("a recovery before it", True, self.recovered_before(alert, at), at)

    def compare_accepted(self, alert, at):
        incident = self.incidents.get(alert["incident"])
        if not incident or incident["container"] != alert["container"]:
            self.faults.append(f"{at}: there is no such incident: {alert}")
            return
        if alert["delivery"] == "opened":
            self.opened.append((incident["id"], at))
        elif alert["delivery"] == "withdrawn":
            self.withdrawn.append((incident["id"], at))
        elif alert["delivery"] == "relapsed":
            self.relapsed.append((incident["id"], at))
        if alert["delivery"] != "withdrawn":
            self.compare_decision(alert, at)

    def compare_decision(self, alert, at):
        decision = alert["decision"]
        if not decision:
            self.faults.append(f"{at}: no decision: {alert}")
            return
        if decision["verdict"] == "act":
            self.acts.add((alert["incident"], decision["decided_at"]))
        told = (decision["verdict"], decision["reason"])
        possible = self.told_at(alert["incident"], seconds(at), alert["delivery"] in ("opened", "relapsed"))
        if told not in possible:
            self.faults.append(f"{at}: explained as {told}, but the log has {possible}: {alert}")
        if not any(row["decided_at"] == decision["decided_at"] and row["facts"] == decision["facts"]
                   for row in self.incidents[alert["incident"]]["decisions"]):
            self.faults.append(f"{at}: the API has no such decision: {alert}")

    def told_at(self, incident, at, judged_anew):
        """What the log has as decided then: the last before it, or, of what was judged anew, the next."""
        of_incident = [decided for decided in self.decisions if decided.incident == incident]
        before = [decided for decided in of_incident if decided.at <= at]
        after = [decided for decided in of_incident if decided.at > at]
        possible = after[:1] if judged_anew or not before else before[-1:]
        possible += [decided for decided in of_incident if abs(decided.at - at) < AT_THE_SAME_TIME_SECONDS]
        return {(decided.verdict, decided.reason) for decided in possible}

    def recovered_before(self, alert, at):
        return any(incident["outcome"] == "recovered" and incident["closed_at"] <= at and
                   any(known["fingerprint"] == alert["fingerprint"] and known["starts_at"] == alert["starts_at"]
                       for known in incident["alerts"])
                   for incident in self.incidents.values())

    def expect(self, what, wanted, found, at=""):
        if wanted != found:
            self.faults.append(f"{at} {what}: {wanted} as it was done, {found} as explained: {self.said}")

    def compare_whole(self):
        """Nothing was done that no payload explains, and nothing is explained twice."""
        self.said = "all payloads together"
        of = self.incidents.values()
        self.expect("incidents opened", sorted((incident["id"], incident["opened_at"]) for incident in of),
                    sorted((number, to_the_millisecond(at)) for number, at in self.opened))
        self.expect("incidents withdrawn by an alert's end",
                    sorted((incident["id"], incident["closed_at"]) for incident in of
                           if incident["outcome"] == "withdrawn"),
                    sorted((number, to_the_millisecond(at)) for number, at in self.withdrawn))
        self.expect("attempts that relapsed",
                    sorted((incident["id"], attempt["ended_at"]) for incident in of
                           for attempt in incident["attempts"] if attempt["result"] == "relapsed"),
                    sorted((number, to_the_millisecond(at)) for number, at in self.relapsed))
        self.expect("attempts", sum(len(incident["attempts"]) for incident in of), len(self.acts))


def read_lines(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main(program, journal, deliveries, incidents, log):
    comparison = Comparison(program, journal, read_lines(incidents), log)
    recorded = read_lines(deliveries)
    for delivery in recorded:
        if delivery["status"] == 200:
            comparison.compare(delivery)
    comparison.compare_whole()
    print(f"{len(recorded)} payloads: " +
          ", ".join(f"{count} {kind}" for kind, count in comparison.kinds.most_common()))
    for fault in comparison.faults:
        print(f"difference: {fault}", file=sys.stderr)
    return 1 if comparison.faults else 0


sys.exit(main(*sys.argv[1:]))
