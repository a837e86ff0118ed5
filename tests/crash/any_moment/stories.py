"""What happens to containers, and what of it is told when."""
import dataclasses
import hashlib
import time

import containers
import engine


@dataclasses.dataclass
class Telling:
    """One alert, which Alertmanager sends until it is answered with 200, and then no more."""
    container: str
    status: str  # firing or resolved
    action: str = "restart"
    after: float = 0.0  # seconds since the one before was answered
    starts_at: int = 0  # ns; a resolved has that of what it ends
    answered: bool = False
    accepted: bool = False
    breaks: bool = False  # the container does so right before
    path = "alerts"

    @property
    def fingerprint(self):
        return hashlib.md5(self.container.encode()).hexdigest()[:16]

    def was_answered(self, answer):
        self.accepted = answer["accepted"] == 1
        self.answered = True

    def is_promised(self):
        return self.answered and self.accepted and self.status == "firing"

    def is_kept(self, journal):
        return any(alert["fingerprint"] == self.fingerprint and
                   alert["starts_at"] == self.starts_at for alert in journal.alerts)

    def payload(self):
        starts_at = containers.rfc3339(self.starts_at)
        ends_at = containers.rfc3339(time.time_ns()) if self.status == "resolved" else \
            "0001-01-01T00:00:00Z"
        return {"version": "4", "groupKey": "{}", "truncatedAlerts": 0, "status": self.status,
                "receiver": "selfheal-remediator", "groupLabels": {}, "commonLabels": {},
                "commonAnnotations": {}, "externalURL": "http://127.0.0.1:9093",
                "alerts": [{"status": self.status, "startsAt": starts_at, "endsAt": ends_at,
                            "labels": {"alertname": "SelfhealProbeFailing", "host": engine.HOST,
                                       "container": self.container, "group": self.container,
                                       "remediation": self.action, "severity": "none"},
                            "annotations": {}, "generatorURL": "",
                            "fingerprint": self.fingerprint}]}


@dataclasses.dataclass
class Pause:
    """What a person says, until it is answered; it holds for two seconds."""
    container: str
    after: float = 0.0
    answered: bool = False
    status, breaks, path = "paused", False, "pause"

    def was_answered(self, _answer):
        self.answered = True

    def is_promised(self):
        return self.answered

    def is_kept(self, journal):
        return any(pause["name"] == self.container for pause in journal.pauses)

    def payload(self):
        return {"scope": "container", "host": engine.HOST, "name": self.container, "for": "2s"}


@dataclasses.dataclass
class Role:
    """An app and what is told of it, in this order."""
    app: containers.App
    tellings: list
    sharers: list = dataclasses.field(default_factory=list)  # apps that live in its network


def one_failure(name, heals_at, **how):
    return Role(containers.App(name, heals_at, **how), [Telling(name, "firing")])


def withdrawn(name):
    """Nothing may be done to it until the alert has resolved."""
    role = one_failure(name, 1, labels={"selfheal.dry-run": "true"})
    role.tellings.append(Telling(name, "resolved", after=0.3))
    return role


def killed(name):
    return one_failure(name, 1, labels={"selfheal.action": "kill"})


def down(name):
    role = one_failure(name, 1, runs=False)
    role.tellings[0].action = "start"
    return role


def paused(name):
    role = one_failure(name, 1)
    role.tellings.insert(0, Pause(name))
    return role


def broken_again(name, after):
    role = one_failure(name, 1)
    role.tellings.append(Telling(name, "firing", after=after, breaks=True))
    return role


def recreated(name, heals_at=1):
    return one_failure(name, heals_at, labels={"selfheal.action": "recreate"})


def shared(name):
    """Nothing is wrong about the one that shares its network."""
    role = one_failure(name, 1)
    role.sharers.append(containers.App(name + "-sharer", 0, shares=role.app))
    return role


@dataclasses.dataclass
class Story:
    """A life of one app of which every step is known, so that it can be killed between each two of
    them."""
    name: str
    cast: object  # gives a Role
    steps: list  # as JournalFile.step() tells them
    begins_with_schema: bool = True  # or with no file, and then each migration is a step as well
    calls: int = 0  # of Docker for changes, at each of which it is killed too
    phases: tuple = ("asked", "done")  # of each of them, see engine.Engine


HEALS = Story("heals", lambda: one_failure("heals", 1), [
    "accepted", "attempt 1 written", "attempt 1 written, with evidence", "attempt 1 done",
    "attempt 1 seen healthy", "attempt 1 recovered, to be told", "attempt 1 recovered, told",
], begins_with_schema=False)

BREAKER = Story("breaker", lambda: one_failure("breaker", None), [
    "accepted", "attempt 1 written", "attempt 1 written, with evidence", "attempt 1 done",
    "attempt 1 not_healthy, to be told", "attempt 1 not_healthy, told",
    "attempt 2 written", "attempt 2 written, with evidence", "attempt 2 done",
    "attempt 2 not_healthy, to be told", "attempt 2 not_healthy, told",
    "attempt 2 attempts_used_up, told", "attempt 2 expired, told",
])

WITHDRAWN = Story("withdrawn", lambda: withdrawn("withdrawn"),
                  ["accepted", "dry_run", "withdrawn"])

RECREATED = Story("recreated", lambda: recreated("recreated"), [
    "accepted", "attempt 1 written", "attempt 1 written, with evidence", "attempt 1 done",
    "attempt 1 seen healthy", "attempt 1 recovered, to be told", "attempt 1 recovered, told",
], calls=9)

PUT_BACK = Story("put back", lambda: recreated("put-back", None), [
    "accepted", "attempt 1 written", "attempt 1 written, with evidence", "attempt 1 done",
    "attempt 1 not_healthy, to be told", "attempt 1 not_healthy, told", "attempt 2 written",
    "attempt 2 written, with evidence", "attempt 2 done", "attempt 2 not_healthy, to be told",
    "attempt 2 not_healthy, told", "attempt 2 expired, told",
], calls=13)

SHARED = Story("shared", lambda: shared("shared"), [
    "accepted", "attempt 1 written", "attempt 1 written, with evidence",
    "attempt 1 written, with evidence, 1 for sharers", "attempt 1 done", "attempt 1 seen healthy",
    "attempt 1 recovered, to be told", "attempt 1 recovered, told",
], calls=2, phases=("asked", "stopped", "done"))

STORIES = (HEALS, BREAKER, WITHDRAWN, RECREATED, PUT_BACK, SHARED)


def any_cast(rng):
    """A few apps of all kinds at once."""
    makers = [lambda name: one_failure(name, 1), lambda name: one_failure(name, 1),
              lambda name: one_failure(name, 2), lambda name: one_failure(name, None),
              lambda name: one_failure(name, 1, dies=True), withdrawn, killed, down, paused,
              recreated, lambda name: recreated(name, 2), shared,
              lambda name: broken_again(name, rng.uniform(0, 3)),
              lambda name: broken_again(name, rng.uniform(0, 0.6))]
    cast = [rng.choice(makers)("app-%d" % i) for i in range(rng.randint(2, 5))]
    for role in cast:
        role.tellings[0].after = rng.uniform(0, 0.6)
    return cast
