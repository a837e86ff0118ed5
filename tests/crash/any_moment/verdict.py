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


def starts_granted(attempt):
    """One; and one more of the old container, where a new one did not do."""
    return 2 if attempt["action"] == "recreate" and attempt["result"] != "verified" else 1


def faults_of_starts(attempts, app):
    """Each is of an attempt, and none has more than it may."""
    attempts = sorted(attempts, key=lambda row: row["requested_at"])
    decided = [row["requested_at"] for row in attempts]
    counts = collections.Counter(bisect.bisect(decided, start) for start in app.starts)
    if counts[0]:
        yield "%s was started before that was decided" % app.name
    for number, count in counts.items():
        if number > 0 and count > starts_granted(attempts[number - 1]):
            yield "attempt %d on %s started it %d times" % (number, app.name, count)
    known = [row["started_after"] for row in attempts if row["started_after"]]
    if len(set(known)) < len(known):
        yield "%s: two attempts claim the same start" % app.name
    if set(known) - set(app.starts):
        yield "%s: the journal has a start that never was" % app.name


def faults_of_app(journal, app):
    yield from faults_of_starts(journal.attempts_on(app.name), app)
    if app.starts and not app.dies and not app.runs():
        yield "%s does not run as it should: %s" % (
            app.name, [(container.name, container.status) for container in app.containers])
    if app.containers and app.containers[0].restart_policy["Name"] != "always":
        yield "%s has lost its restart policy" % app.name
    if ended_well(journal, app) and not (app.runs() and app.healthy()):
        yield "%s is not healthy, and its incident says recovered" % app.name


def faults_of_sharer(journal, sharer):
    """It comes after the one whose network it shares, each time that one starts, and no more often
    than was written down for it."""
    decided = [row["decided_at"] for row in journal.restarts_of_sharers()
               if row["name"] == sharer.name]
    counts = collections.Counter(bisect.bisect(decided, start) for start in sharer.starts)
    if counts[0]:
        yield "%s was started before that was decided" % sharer.name
    if any(count > 1 for number, count in counts.items() if number > 0):
        yield "one decision started %s more than once" % sharer.name
    if not sharer.runs():
        yield "%s was left stopped" % sharer.name
    if sharer.shares.starts and (not sharer.starts or sharer.starts[-1] < sharer.shares.starts[-1]):
        yield "%s was left in a network that nobody else is in" % sharer.name


def faults_of_prepared(prepared):
    """Of recreations that a kill has cut off before the old one was touched: minutes later nobody
    has decided for them."""
    for container in prepared:
        if container.started_at:
            yield "%s was made before a kill, and went on without a decision" % container.name


def ended_well(journal, app):
    mine = [row for row in journal.incidents if row["container"] == app.name]
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


def faults_at_rest(journal, tellings, apps, told):
    found = list(journal.faults)
    found += ["accepted and lost: %s" % telling for telling in lost_acknowledgements(journal, tellings)]
    found += faults_of_incidents(journal)
    for app in apps:
        found += faults_of_app(journal, app)
    found += faults_of_outcomes(journal, told)
    found += faults_of_ended_attempts(journal)
    return found
