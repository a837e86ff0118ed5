CREATE TABLE incident (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  container TEXT NOT NULL,
  container_group TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  lease_until INTEGER NOT NULL,
  waiting_since INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  carried_attempts INTEGER NOT NULL,
  last_attempt_ended_at INTEGER,
  last_attempt_seen_healthy INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL
, breaker_told INTEGER NOT NULL DEFAULT 0, expiry_told INTEGER NOT NULL DEFAULT 0, forgiven_attempts INTEGER NOT NULL DEFAULT 0, escalation INTEGER NOT NULL DEFAULT 0, service TEXT NOT NULL DEFAULT '', service_id TEXT NOT NULL DEFAULT '', budget_per_hour INTEGER NOT NULL DEFAULT 0, budget_per_day INTEGER NOT NULL DEFAULT 0, owes INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX incident_open ON incident (host, container) WHERE state != 'closed';
CREATE INDEX incident_due ON incident (next_at) WHERE state != 'closed';
CREATE INDEX incident_of_container ON incident (host, container, id);
CREATE TABLE alert (
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  alertname TEXT NOT NULL,
  remediation TEXT NOT NULL,
  firing INTEGER NOT NULL,
  first_received_at INTEGER NOT NULL,
  last_received_at INTEGER NOT NULL,
  PRIMARY KEY (incident_id, fingerprint, starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_by_failure ON alert (fingerprint, starts_at);
CREATE TABLE attempt (
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  action TEXT NOT NULL,
  container_id TEXT NOT NULL,
  started_before INTEGER,
  stop_timeout_seconds INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  acted_at INTEGER,
  started_after INTEGER,
  seen_healthy_at INTEGER,
  ended_at INTEGER,
  result TEXT NOT NULL,
  detail TEXT NOT NULL, command TEXT NOT NULL DEFAULT '', verify_within_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (incident_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  decided_at INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE INDEX decision_of_incident ON decision (incident_id, id);
CREATE INDEX incident_closed ON incident (closed_at) WHERE state = 'closed';
CREATE INDEX attempt_under_way ON attempt (incident_id) WHERE ended_at IS NULL;
CREATE TABLE outcome (
  id INTEGER PRIMARY KEY,
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
  summary TEXT NOT NULL,
  description TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempts TEXT NOT NULL,
  told_at INTEGER,
  given_up_at INTEGER, subject TEXT NOT NULL DEFAULT '',
  UNIQUE (incident_id, attempt, outcome)
) STRICT;
CREATE INDEX outcome_untold ON outcome (id) WHERE told_at IS NULL AND given_up_at IS NULL;
CREATE INDEX attempt_requested ON attempt (requested_at);
CREATE TABLE pause (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  ends_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX pause_in_force ON pause (scope, host, name) WHERE ended_at IS NULL;
CREATE TABLE reset (
  host TEXT NOT NULL,
  container TEXT NOT NULL,
  reset_at INTEGER NOT NULL,
  PRIMARY KEY (host, container)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  collected_at INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (incident_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE watchdog (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_of_service ON incident (host, service, id) WHERE service != '';
CREATE INDEX incident_owing ON incident (next_at) WHERE state = 'closed' AND owes != 0;
