"""What must hold when a remediator has come to rest that was killed on the way."""
import bisect
import collections

# How an attempt ends that nobody is told of.
UNTOLD_RESULTS = ("container_gone",)


def same_but_for_time(alert):
    """What Alertmanager tells alerts apart by, and what people read."""
    return (tuple(sorted(alert["labels"].items())), alert["startsAt"],
            tuple(sorted(alert["annotations"].items())))


def lost_acknowledgements(journal, tellings):
    """Of what was answered with 200, and as accepted."""
    return [telling for telling in tellings
            if telling.is_promised() and not telling.is_kept(journal)]


def faults_of_incidents(journal):
    for row in journal.incidents:
        if row["state"] != "closed":
            yield "incident %d of %s is still open: %s" % (row["id"], row["container"], row["reason"])


def faults_of_starts(attempts, container):
    """Each attempt has brought about one at most."""
    decided = sorted(row["requested_at"] for row in attempts)
    counts = collections.Counter(bisect.bisect(decided, start) for start in container.starts)
    if counts[0]:
        yield "%s was started before that was decided" % container.name
    for number, count in counts.items():
        if number > 0 and count > 1:
            yield "attempt %d on %s started it %d times" % (number, container.name, count)
    known = [row["started_after"] for row in attempts if row["started_after"]]
    if len(set(known)) < len(known):
        yield "%s: two attempts claim the same start" % container.name
    if set(known) - set(container.starts):
        yield "%s: the journal has a start that never was" % container.name


def faults_of_containers(journal, container):
    yield from faults_of_starts(journal.attempts_on(container.name), container)
    if container.starts and not container.running and not container.dies:
        yield "%s was left stopped" % container.name
    if ended_well(journal, container) and not (container.running and container.healthy()):
        yield "%s is not healthy, and its incident says recovered" % container.name


def ended_well(journal, container):
    mine = [row for row in journal.incidents if row["container"] == container.name]
    return bool(mine) and mine[-1]["outcome"] == "recovered"


def faults_of_outcomes(journal, told):
    by_key = collections.defaultdict(set)
    for alert in told:
        labels = alert["labels"]
        key = (int(labels["incident"]), int(labels["attempt"]), labels["outcome"])
        by_key[key].add(same_but_for_time(alert))
    known = {(row["incident_id"], row["attempt"], row["outcome"]): row for row in journal.outcomes}
    for key, variants in by_key.items():
        if len(variants) > 1:
            yield "outcome %s was told in %d versions" % (key, len(variants))
        if key not in known:
            yield "outcome %s was told, and is not in the journal" % (key,)
    for key, row in known.items():
        if not row["told_at"]:
            yield "outcome %s is marked as told to nobody" % (key,)
        if key not in by_key:
            yield "outcome %s never came to Alertmanager" % (key,)


def faults_of_ended_attempts(journal):
    """Each has one outcome, which the same transaction wrote."""
    incidents = {row["id"]: row for row in journal.incidents}
    for row in journal.attempts:
        incident = incidents[row["incident_id"]]
        number = incident["carried_attempts"] + row["number"]
        ends = [outcome for outcome in journal.of(journal.outcomes, incident)
                if outcome["attempt"] == number and outcome["outcome"] != "expired"]
        if not row["ended_at"]:
            yield "an attempt on %s has not ended" % incident["container"]
        elif len(ends) != 1 and row["result"] not in UNTOLD_RESULTS:
            yield "attempt %d on %s ended as %s and has %d outcomes" % (
                number, incident["container"], row["result"], len(ends))


def faults_at_rest(journal, tellings, containers, told):
    found = list(journal.faults)
    found += ["accepted and lost: %s" % telling for telling in lost_acknowledgements(journal, tellings)]
    found += faults_of_incidents(journal)
    for container in containers:
        found += faults_of_containers(journal, container)
    found += faults_of_outcomes(journal, told)
    found += faults_of_ended_attempts(journal)
    return found
