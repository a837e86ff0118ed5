"""A journal as a dead remediator has left it: read from a copy, for a look recovers what it reads."""
import json
import os
import shutil
import sqlite3
import tempfile

NO_SCHEMA = "no schema"
# What they are called here, and the order of their rows.
TABLES = (("incidents", "incident", "id"), ("alerts", "alert", "incident_id"),
          ("attempts", "attempt", "incident_id, number"), ("outcomes", "outcome", "id"),
          ("evidence", "evidence", "incident_id"), ("pauses", "pause", "id"),
          ("decisions", "decision", "id"))


class JournalFile:
    """All rows that matter, as dicts; nothing in them where there is no schema yet."""

    def __init__(self, path):
        self.faults, self.version = [], 0
        self.incidents = self.alerts = self.attempts = self.outcomes = []
        self.evidence, self.pauses, self.decisions = [], [], []
        with tempfile.TemporaryDirectory(prefix="left.") as folder:
            copy = os.path.join(folder, "journal.db")
            for suffix in ("", "-wal", "-journal"):
                if os.path.exists(path + suffix):
                    shutil.copy(path + suffix, copy + suffix)
            connection = sqlite3.connect(copy)
            try:
                self.read(connection)
            except sqlite3.DatabaseError as fault:
                self.faults.append("the journal can't be read: %s" % fault)
            finally:
                connection.close()

    def read(self, connection):
        connection.row_factory = sqlite3.Row
        self.version = connection.execute("PRAGMA user_version").fetchone()[0]
        for row in connection.execute("PRAGMA integrity_check"):
            if row[0] != "ok":
                self.faults.append("integrity_check: " + row[0])
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            self.faults.append("foreign_key_check finds something")
        if self.version > 0 and connection.execute("PRAGMA auto_vacuum").fetchone()[0] != 2:
            self.faults.append("the file was begun without auto_vacuum")
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        for name, table, order in TABLES:
            if table in tables:
                rows = connection.execute("SELECT * FROM %s ORDER BY %s" % (table, order))
                setattr(self, name, [dict(row) for row in rows])

    def of(self, rows, incident):
        return [row for row in rows if row["incident_id"] == incident["id"]]

    def attempts_on(self, container):
        ids = {row["id"] for row in self.incidents if row["container"] == container}
        return [row for row in self.attempts if row["incident_id"] in ids]

    def restarts_of_sharers(self):
        """Of those that share the network of what was restarted; each is a decision, with a name."""
        for row in self.decisions:
            restart = json.loads(row["facts"] or "{}").get("restart_of_sharer")
            if restart:
                yield dict(row, name=restart["name"])

    # ---- where in its life a container's last incident stands

    def step(self, container):
        if not self.incidents:
            return NO_SCHEMA if self.version == 0 else "schema %d" % self.version
        mine = [row for row in self.incidents if row["container"] == container]
        return self.step_of(mine[-1]) if mine else "nothing of it"

    def step_of(self, incident):
        attempts = self.of(self.attempts, incident)
        number = "attempt %d " % len(attempts)
        if incident["state"] == "acting":
            kept = any(row["attempt"] == len(attempts) for row in self.of(self.evidence, incident))
            sharers = len(self.of(self.restarts_of_sharers(), incident))
            return number + ("written, with evidence" if kept else "written") + (
                ", %d for sharers" % sharers if sharers else "")
        if incident["state"] == "verifying":
            return number + ("seen healthy" if attempts[-1]["seen_healthy_at"] else "done")
        step = incident["outcome"] if incident["state"] == "closed" else incident["reason"]
        return (number if attempts else "") + step + self.telling_of(incident)

    def telling_of(self, incident):
        outcomes = self.of(self.outcomes, incident)
        if not outcomes:
            return ""
        pending = [row for row in outcomes if not row["told_at"] and not row["given_up_at"]]
        return ", to be told" if pending else ", told"
