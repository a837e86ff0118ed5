#!/usr/bin/env python3
"""The remediator is killed at any moment of its life, and loses what it had not synced.

  any_moment.py REMEDIATOR LIBLOST_WRITES [--runs 300] [--at-once 12] [--seed N] [--keep FOLDER]

Each run has a remediator on a SQLite that passes writes on at a sync alone (lost_writes/), an engine
and an Alertmanager that outlive it, and containers of which it is told once. It is killed, comes
back, and at last must come to rest with: every accepted alert in the journal and its incident
closed, nothing started more often than decided, nothing left stopped or left over, every outcome
told and none in two versions, and a sound journal.

The first runs are systematic: stories of which every step is known (stories.py) are killed right
after each commit and right before each; the table says where. A run more than they take has several
apps and is killed up to three times: at a random time, in the middle of what Docker or Alertmanager
is asked, or at a random commit.

Then, the counter-proof: a tenth of the runs again with synchronous=NORMAL, in which acknowledgements
must be lost. If they aren't, this would prove nothing, and fails.
"""
import argparse
import concurrent.futures
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time

import report
import stories
from play import PHASES, Moment, Play

# Both sides of each commit of all of them; with fewer runs it is one side of one story.
ALL_STORIES_TAKE = 180
LEAST_COUNTER_PROOFS = 6
TRIES = 3


class Stage:
    """Where plays are played, each in a folder of its own."""

    def __init__(self, options, folder):
        self.programs = (os.path.abspath(options.remediator), os.path.abspath(options.lost_writes))
        self.seed, self.keep, self.folder = options.seed, options.keep, folder
        self.with_schema = os.path.join(folder, "with-schema.db")
        self.lock, self.playing = threading.Lock(), set()

    def rng(self, name):
        return random.Random("%d %s" % (self.seed, name))

    def play(self, name, cast, moments, synchronous="full", with_schema=True):
        folder = os.path.join(self.folder, name.replace(" ", "-").replace(":", "-"))
        os.mkdir(folder)
        play = Play(self.programs, name, folder, cast, moments, self.rng(name), synchronous,
                    self.with_schema if with_schema else None)
        with self.lock:
            self.playing.add(play)
        result = play.run()
        with self.lock:
            self.playing.discard(play)
        if result.faults and self.keep:
            shutil.copytree(folder, os.path.join(self.keep, os.path.basename(folder)),
                            ignore=shutil.ignore_patterns("*.sock"), dirs_exist_ok=True)
        shutil.rmtree(folder)
        return result

    def kill_all(self):
        with self.lock:
            for play in self.playing:
                if play.remediator.process:
                    play.remediator.process.kill()

    def make_schema(self):
        """What the stories begin with that are not about it."""
        play = Play(self.programs, "schema", self.folder, [], [], self.rng("schema"))
        result = play.run()
        assert not result.faults, result.faults
        os.rename(play.remediator.journal, self.with_schema)

    def tell_story(self, story, moments, again=0):
        name = " ".join([story.name] + [str(moment) for moment in moments] + ["again"] * again)
        return self.play(name, [story.cast()], moments, with_schema=story.begins_with_schema)


def lives_of(stage, pool, told):
    """How many commits each of these stories takes, by a run of it without a kill."""
    lives = list(pool.map(lambda story: stage.tell_story(story, []), told))
    for life in lives:
        assert not life.faults, life.faults
    return zip(told, [life.commits for life in lives])


def systematic(stage, pool, runs):
    """A story and a moment for each."""
    if runs >= ALL_STORIES_TAKE:
        plan = [(story, Moment("commit", "%s:%d" % (side, commit)))
                for story, commits in lives_of(stage, pool, stories.STORIES)
                for commit in range(1, commits + 1) for side in ("after", "before")]
        return plan + [(story, Moment(phase, call)) for story in stories.STORIES
                       for call in range(1, story.calls + 1) for phase in story.phases]
    [(story, commits)] = lives_of(stage, pool, [stories.HEALS])
    plan = [(story, Moment("commit", "before:%d" % commit)) for commit in range(1, commits + 1)]
    return plan[:runs - runs // 4]


def random_moment(rng):
    kind = rng.choice(("time", "time", "time", "commit") + PHASES)
    if kind == "time":
        return Moment(kind, round(rng.choice((rng.uniform(0, 0.3), rng.uniform(0.1, 2.5))), 3))
    if kind == "commit":
        return Moment(kind, "%s:%d" % (rng.choice(("before", "after")), rng.randint(1, 40)))
    return Moment(kind, rng.choice((1, 1, 2, 3)))


def random_run(stage, name, synchronous="full"):
    rng = stage.rng("cast " + name)
    moments = [random_moment(rng) for _ in range(rng.randint(1, 3))]
    return stage.play(name, stories.any_cast(rng), moments, synchronous,
                      with_schema=rng.random() < 0.9)


def counter_proof(stage, index):
    """Killed when it has acknowledged something."""
    rng = stage.rng("counter-proof %d" % index)
    moment = Moment("time", round(rng.uniform(0.8, 2), 3))
    return stage.play("normal %d" % index, stories.any_cast(rng), [moment], "normal")


def tell_all(stage, pool, plan):
    """The results of each story. A commit more than usual (somebody had to wait) makes the numbers
    of all later ones others, so what was missed is tried again."""
    told = {story.name: (story, []) for story, _ in plan}
    for again in range(TRIES):
        playing = [(story, pool.submit(stage.tell_story, story, [moment], again))
                   for story, moment in plan]
        for story, future in playing:
            told[story.name][1].append(future.result())
        missed = {(story.name, side) for story, results in told.values()
                  for side, _ in report.missing_sides(story, results)}
        plan = [(story, moment) for story, moment in plan if moment.kind == "commit" and
                (story.name, moment.value.partition(":")[0]) in missed]
    return list(told.values())


def run_all(options, stage, pool):
    stage.make_schema()
    plan = systematic(stage, pool, options.runs)
    print("%d systematic runs, %d random ones" % (len(plan), options.runs - len(plan)), flush=True)
    others = [pool.submit(random_run, stage, "random %d" % i)
              for i in range(options.runs - len(plan))]
    proofs = [pool.submit(counter_proof, stage, i)
              for i in range(max(LEAST_COUNTER_PROOFS, options.runs // 10))]
    told = tell_all(stage, pool, plan)
    return report.print_report(told, [future.result() for future in others],
                               [future.result() for future in proofs],
                               is_complete=options.runs >= ALL_STORIES_TAKE)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("remediator")
    options.add_argument("lost_writes")
    options.add_argument("--runs", type=int, default=300)
    options.add_argument("--at-once", type=int, default=12)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options.add_argument("--keep", help="a folder for the logs and journals of runs that failed")
    options = options.parse_args()
    print("seed %d" % options.seed, flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="any-moment.") as folder:
        stage = Stage(options, folder)

        def give_up(*_):
            stage.kill_all()
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(130)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, give_up)
        with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
            status = run_all(options, stage, pool)
    print("%.0f s" % (time.monotonic() - begun))
    return status


if __name__ == "__main__":
    sys.exit(main())
