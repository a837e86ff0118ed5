#!/usr/bin/env python3
"""Each fault that verdict.py is to find is found, and nothing in what is as it should be."""
import copy
import unittest

import containers
import stories
import verdict
from journal_file import JournalFile

FIRST, SECOND = 1_000, 9_000  # when attempts were decided


class Verdict(unittest.TestCase):
    def setUp(self):
        self.journal = JournalFile("/nonexistent/journal.db")
        self.app = containers.App("app", 1)
        self.app.starts = [FIRST + 10]
        self.telling = stories.Telling("app", "firing", starts_at=900, answered=True, accepted=True)
        self.journal.incidents = [{"id": 1, "container": "app", "state": "closed",
                                   "outcome": "recovered", "reason": "recovered",
                                   "carried_attempts": 0}]
        self.journal.alerts = [{"incident_id": 1, "starts_at": 900,
                                "fingerprint": self.telling.fingerprint}]
        self.journal.attempts = [{"incident_id": 1, "number": 1, "requested_at": FIRST,
                                  "action": "restart",
                                  "started_after": FIRST + 10, "ended_at": 2_000,
                                  "result": "verified"}]
        self.journal.outcomes = [{"incident_id": 1, "attempt": 1, "outcome": "recovered",
                                  "told_at": 2_100, "given_up_at": None}]
        self.told = [{"labels": {"incident": "1", "attempt": "1", "outcome": "recovered"},
                      "annotations": {"summary": "well"}, "startsAt": "x", "endsAt": "y"}]

    def faults(self):
        return "; ".join(verdict.faults_at_rest(self.journal, [self.telling], [self.app],
                                                self.told))

    def test_all_is_well(self):
        self.assertEqual(self.faults(), "")

    def test_told_again_in_the_same_words_is_well(self):
        self.told.append(dict(copy.deepcopy(self.told[0]), endsAt="z"))
        self.assertEqual(self.faults(), "")

    def test_a_lost_acknowledgement(self):
        self.journal.alerts = []
        self.assertIn("accepted and lost", self.faults())

    def test_a_lost_pause(self):
        self.telling = stories.Pause("app", answered=True)
        self.assertIn("accepted and lost", self.faults())
        self.journal.pauses = [{"name": "app"}]
        self.assertEqual(self.faults(), "")

    def test_an_open_incident(self):
        self.journal.incidents[0]["state"] = "waiting"
        self.assertIn("still open", self.faults())

    def test_two_starts_by_one_attempt(self):
        self.app.starts.append(FIRST + 20)
        self.assertIn("attempt 1 on app started it 2 times", self.faults())

    def test_a_start_that_was_not_decided(self):
        self.app.starts.insert(0, FIRST - 1)
        self.assertIn("started before that was decided", self.faults())

    def test_a_start_that_two_claim(self):
        self.journal.attempts.append(dict(self.journal.attempts[0], number=2, requested_at=SECOND))
        self.assertIn("two attempts claim", self.faults())

    def test_a_start_that_never_was(self):
        self.app.starts = []
        self.app.heals_at = 0
        self.assertIn("never was", self.faults())

    def test_a_container_that_was_left_stopped(self):
        self.app.containers[0].stop()
        self.assertIn("does not run as it should", self.faults())

    def test_a_container_that_was_left_over(self):
        self.app.containers.append(containers.Container(self.app, "app-selfheal-1", ()))
        self.assertIn("does not run as it should", self.faults())

    def test_a_lost_restart_policy(self):
        self.app.containers[0].restart_policy = {"Name": "no"}
        self.assertIn("lost its restart policy", self.faults())

    def test_a_recreation_that_was_put_back_is_well(self):
        self.journal.attempts[0].update(action="recreate", result="not_healthy")
        self.app.starts.append(FIRST + 20)
        self.assertNotIn("started it", self.faults())

    def test_a_recreation_that_goes_on_without_a_decision(self):
        prepared = containers.Container(self.app, "app-selfheal-new-1", ())
        self.assertEqual(list(verdict.faults_of_prepared([prepared])), [])
        prepared.start()
        self.assertIn("without a decision", "; ".join(verdict.faults_of_prepared([prepared])))

    def faults_of_sharer(self, starts, decided):
        sharer = containers.App("sharer", 0, shares=self.app)
        sharer.starts = starts
        self.journal.decisions = [
            {"incident_id": 1, "decided_at": at,
             "facts": '{"restart_of_sharer": {"name": "sharer"}}'} for at in decided]
        return "; ".join(verdict.faults_of_sharer(self.journal, sharer))

    def test_a_sharer_that_came_after_its_owner_is_well(self):
        self.assertEqual(self.faults_of_sharer([FIRST + 30], [FIRST + 20]), "")
        self.assertEqual(self.faults_of_sharer([FIRST + 30], [FIRST + 15, FIRST + 20]), "",
                         "nothing had come of the first")

    def test_a_sharer_that_was_not_restarted(self):
        self.assertIn("nobody else is in", self.faults_of_sharer([], []))
        self.assertIn("nobody else is in", self.faults_of_sharer([FIRST + 5], [FIRST + 1]))

    def test_a_sharer_that_was_restarted_twice(self):
        self.assertIn("more than once", self.faults_of_sharer([FIRST + 30, FIRST + 40],
                                                             [FIRST + 20]))

    def test_a_sharer_of_which_nothing_is_written(self):
        self.assertIn("before that was decided", self.faults_of_sharer([FIRST + 30], []))

    def test_a_sharer_that_was_left_stopped(self):
        sharer = containers.App("sharer", 0, shares=self.app, runs=False)
        self.assertIn("left stopped",
                      "; ".join(verdict.faults_of_sharer(self.journal, sharer)))

    def test_a_recovery_that_is_none(self):
        self.app.heals_at = 2
        self.assertIn("not healthy", self.faults())

    def test_an_attempt_without_an_end(self):
        self.journal.attempts[0]["ended_at"] = None
        self.assertIn("has not ended", self.faults())

    def test_an_end_that_nobody_is_told_of(self):
        self.journal.outcomes, self.told = [], []
        self.assertIn("has 0 outcomes", self.faults())

    def test_an_outcome_that_waits(self):
        self.journal.outcomes[0]["told_at"] = None
        self.assertIn("marked as told to nobody", self.faults())

    def test_an_outcome_that_never_came(self):
        self.told = []
        self.assertIn("never came to Alertmanager", self.faults())

    def test_an_outcome_in_other_words(self):
        self.told.append(dict(copy.deepcopy(self.told[0]), annotations={"summary": "unwell"}))
        self.assertIn("told in 2 versions", self.faults())

    def test_an_outcome_of_which_the_journal_knows_nothing(self):
        self.told.append(dict(self.told[0], labels=dict(self.told[0]["labels"], attempt="2")))
        self.assertIn("is not in the journal", self.faults())

    def test_a_journal_that_is_not_sound(self):
        self.journal.faults = ["integrity_check: no"]
        self.assertIn("integrity_check", self.faults())


if __name__ == "__main__":
    unittest.main()
