"""One run: a remediator, killed once or more, and at last left alone until all is at rest.

With synchronous=NORMAL it ends with the last kill: what is lost then is known by then.
"""
import dataclasses
import os
import shutil
import signal
import threading
import time

import engine
import verdict
from journal_file import JournalFile
from people import People
from remediator import Gone, Remediator

AT_REST_WITHIN = 90  # seconds; an open breaker's incident takes 30 until it expires
LOOK_EVERY = 0.2
TELL_EVERY = 0.02  # while nobody answers
PHASES = ("asked", "stopped", "done", "told")


@dataclasses.dataclass
class Moment:
    """When it is killed."""
    kind: str  # "commit", "time", or one of PHASES
    value: object  # "before:7"; seconds since the start; which one of them

    def __str__(self):
        return "%s %s" % (self.kind, self.value)


@dataclasses.dataclass
class Kill:
    """What a kill found."""
    moment: Moment
    reached: bool  # or all was at rest before
    steps: list  # of each app
    acknowledged: int  # so far


@dataclasses.dataclass
class Result:
    name: str
    kills: list = dataclasses.field(default_factory=list)
    faults: list = dataclasses.field(default_factory=list)
    acknowledged: int = 0  # in the end
    lost: int = 0  # of those, by whichever kill
    attempts: int = 0
    starts: int = 0
    outcomes: int = 0
    told: int = 0
    commits: int = 0


class Play:
    def __init__(self, programs, name, folder, cast, moments, rng, synchronous="full", begin_with=None):
        """`begin_with` is a journal to begin with."""
        self.cast, self.moments, self.rng = cast, moments, rng
        self.result = Result(name)
        self.prepared, self.was_reached = [], False
        self.pending, self.lock, self.over = None, threading.Lock(), threading.Event()
        socket_path = os.path.join(folder, "docker.sock")
        self.engine = engine.Engine(socket_path, rng, self.reached)
        self.people = People(self.reached)
        self.remediator = Remediator(programs, folder, socket_path, self.people.url, synchronous)
        for role in cast:
            for app in [role.app] + role.sharers:
                self.engine.add(app)
        if begin_with:
            shutil.copy(begin_with, self.remediator.journal)

    def run(self):
        tellers = [threading.Thread(target=self.tell, args=(role,), daemon=True)
                   for role in self.cast]
        try:
            for teller in tellers:
                teller.start()
            for moment in self.moments:
                self.live_until(moment)
                self.look(moment)
                time.sleep(self.rng.choice((0, 0, 0.05, 0.3)))
            if self.remediator.synchronous == "full":
                self.live_until(None)
                self.judge()
        except Exception as fault:  # whatever it is, the run has failed, and the others go on
            self.result.faults.append("%s: %s" % (type(fault).__name__, fault))
        finally:
            self.over.set()
            if self.remediator.process:
                self.remediator.kill()
            for teller in tellers:
                teller.join()
            self.engine.close()
            self.people.close()
        return self.result

    # ---- Alertmanager's part

    def tell(self, role):
        starts_at = 0
        for telling in role.tellings:
            if self.over.wait(telling.after):
                return
            if telling.breaks:
                role.app.breaks_again()
            starts_at = time.time_ns() if telling.status == "firing" else starts_at
            telling.starts_at = starts_at
            while not telling.answered and not self.over.is_set():
                self.try_to_tell(telling)

    def try_to_tell(self, telling):
        try:
            status, answer = self.remediator.ask("POST", telling.path, telling.payload())
        except Gone:
            self.over.wait(TELL_EVERY)
            return
        if status == 200:
            telling.was_answered(answer)
        else:  # it may not know yet which engine it stands before
            self.over.wait(TELL_EVERY)
            if telling.path == "alerts":
                self.result.faults.append("an alert was answered with %d: %s" % (status, answer))

    def tellings(self):
        return [telling for role in self.cast for telling in role.tellings]

    # ---- a life

    def live_until(self, moment):
        """Ends with a process that is dead, or at rest, or, with a time, as old as that."""
        kind = moment.kind if moment else None
        with self.lock:
            self.pending = [kind, moment.value] if kind in PHASES else None
            self.was_reached = False
        self.remediator.start(moment.value if kind == "commit" else None)
        try:
            if kind == "time":
                self.grow_old(moment.value)
            else:
                self.come_to_rest()
        except Gone:
            assert moment, "it has ended by itself:\n" + self.remediator.log()[-2000:]

    def grow_old(self, seconds):
        """The posts need to know where it listens."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.remediator.listening()
            time.sleep(0.002)

    def come_to_rest(self):
        self.remediator.await_listening()
        deadline = time.monotonic() + AT_REST_WITHIN
        while not self.at_rest():
            assert time.monotonic() < deadline, "not at rest within %d s: %s" % (
                AT_REST_WITHIN, self.open_incidents())
            time.sleep(LOOK_EVERY)
            self.remediator.listening()  # or Gone

    def reached(self, phase, handler):
        """From a thread of the engine's or Alertmanager's."""
        with self.lock:
            if not self.pending or self.pending[0] != phase:
                return
            self.pending[1] -= 1
            if self.pending[1] > 0:
                return
            self.pending, self.was_reached = None, True
            self.remediator.process.kill()
        handler.await_hang_up()

    def open_incidents(self):
        return [(incident["container"], incident["state"], incident["reason"])
                for incident in self.remediator.ask("GET", "incidents?state=open")[1]["incidents"]]

    def at_rest(self):
        """All is told, and nothing is open, and people have been told of all."""
        if not all(telling.answered for telling in self.tellings()) or self.open_incidents():
            return False
        for incident in self.remediator.ask("GET", "incidents?limit=1000")[1]["incidents"]:
            outcomes = self.remediator.ask("GET", "incidents/%d" % incident["id"])[1]["outcomes"]
            if not all(outcome["told_at"] or outcome["given_up_at"] for outcome in outcomes):
                return False
        return True

    # ---- what is found

    def look(self, moment):
        """Right after a death."""
        # What was just killed may not be dead yet.
        reached = moment.kind == "time" or self.was_reached or not self.remediator.alive()
        promised = [telling for telling in self.tellings() if telling.is_promised()]
        self.remediator.kill()
        if self.remediator.process.returncode != -signal.SIGKILL:
            self.result.faults.append("it has ended by itself:\n" + self.remediator.log()[-2000:])
        self.prepared += self.engine.prepared()
        journal = JournalFile(self.remediator.journal)
        self.result.faults += journal.faults
        lost = verdict.lost_acknowledgements(journal, promised)
        self.result.faults += ["accepted, and lost by the kill at %s: %s" % (moment, telling)
                               for telling in lost]
        self.result.lost, self.result.acknowledged = len(lost), len(promised)
        self.result.kills.append(Kill(
            moment, reached, [journal.step(role.app.name) for role in self.cast],
            len(promised)))

    def judge(self):
        self.result.commits = self.remediator.commits()
        status = self.remediator.end()
        if status != 0:
            self.result.faults.append("its exit status was %d" % status)
        journal = JournalFile(self.remediator.journal)
        apps = [role.app for role in self.cast]
        tellings = self.tellings()
        self.result.faults += verdict.faults_at_rest(journal, tellings, apps, self.people.told)
        for role in self.cast:
            for sharer in role.sharers:
                self.result.faults += verdict.faults_of_sharer(journal, sharer)
        self.result.faults += verdict.faults_of_prepared(self.prepared)
        self.result.lost = len(verdict.lost_acknowledgements(journal, tellings))
        self.result.acknowledged = sum(telling.is_promised() for telling in tellings)
        self.result.attempts = len(journal.attempts)
        self.result.starts = sum(len(app.starts) for app in apps)
        self.result.outcomes = len(journal.outcomes)
        self.result.told = len(self.people.told)
