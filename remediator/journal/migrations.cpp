#include "remediator/journal/migrations.h"

#include <array>

namespace selfheal {
namespace {

// Times are nanoseconds since the epoch. What each table is for stands in JOURNAL.md.
constexpr const char* kVersion1 = R"sql(
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
) STRICT;
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
  detail TEXT NOT NULL,
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
)sql";

// Outcomes that people are told, and attempts that others must know of.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE incident ADD COLUMN breaker_told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN expiry_told INTEGER NOT NULL DEFAULT 0;
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
  given_up_at INTEGER,
  UNIQUE (incident_id, attempt, outcome)
) STRICT;
CREATE INDEX outcome_untold ON outcome (id) WHERE told_at IS NULL AND given_up_at IS NULL;
)sql";

// Pauses and resets by people, evidence, and attempts counted over time.
constexpr const char* kVersion3 = R"sql(
ALTER TABLE incident ADD COLUMN forgiven_attempts INTEGER NOT NULL DEFAULT 0;
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
)sql";

// When the Watchdog came last, which a restart must not forget.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE watchdog (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_seen_at INTEGER NOT NULL
) STRICT;
)sql";

// Steps of healing: which was taken, and how far it had to go.
constexpr const char* kVersion5 = R"sql(
ALTER TABLE incident ADD COLUMN escalation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN command TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN verify_within_ms INTEGER NOT NULL DEFAULT 0;
)sql";

// What incidents of a Swarm's tasks are about, and budgets by label.
constexpr const char* kVersion6 = R"sql(
ALTER TABLE incident ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN service_id TEXT NOT NULL DEFAULT '';
ALTER TABLE incident ADD COLUMN budget_per_hour INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN budget_per_day INTEGER NOT NULL DEFAULT 0;
UPDATE incident SET service = container, service_id = coalesce(
  (SELECT container_id FROM attempt WHERE incident_id = incident.id ORDER BY number LIMIT 1), '')
  WHERE container LIKE 'service/%';
CREATE INDEX incident_of_service ON incident (host, service, id) WHERE service != '';
)sql";

// What an outcome is about: its incident may be about a service by the time it is told.
constexpr const char* kVersion7 = R"sql(
ALTER TABLE outcome ADD COLUMN subject TEXT NOT NULL DEFAULT '';
)sql";

// What an incident's attempts have left behind and is looked after beyond its end. Nobody knows
// whether those that are open owe anything, which the first look will tell.
constexpr const char* kVersion8 = R"sql(
ALTER TABLE incident ADD COLUMN owes INTEGER NOT NULL DEFAULT 0;
UPDATE incident SET owes = 1 WHERE state != 'closed';
CREATE INDEX incident_owing ON incident (next_at) WHERE state = 'closed' AND owes != 0;
)sql";

constexpr std::array<const char*, 8> kMigrations{kVersion1, kVersion2, kVersion3, kVersion4,
                                                 kVersion5, kVersion6, kVersion7, kVersion8};

size_t version_of(SqliteConnection& connection) {
  SqliteQuery query = connection.query("PRAGMA user_version");
  return query.step() ? static_cast<size_t>(query.integer()) : 0;
}

Error too_new(size_t version) {
  return {"the journal has schema version " + std::to_string(version) +
          ", this program knows up to " + std::to_string(kMigrations.size()) +
          "; run the newer selfheal-remediator, or start with another --journal.path"};
}

}  // namespace

Outcome<> expect_not_newer(SqliteConnection& connection) {
  const size_t version = version_of(connection);
  if (version > kMigrations.size()) return too_new(version);
  return Done{};
}

Outcome<> expect_newest(SqliteConnection& connection) {
  const size_t version = version_of(connection);
  if (version > kMigrations.size()) return too_new(version);
  if (version == kMigrations.size()) return Done{};
  return Error{"the journal has schema version " + std::to_string(version) +
               ", this program reads version " + std::to_string(kMigrations.size()) +
               "; it becomes that when this selfheal-remediator is started on it"};
}

Outcome<> migrate(SqliteConnection& connection) {
  if (Outcome<> known = expect_not_newer(connection); !known) return known;
  for (size_t version = version_of(connection); version < kMigrations.size(); ++version)
    connection.execute(std::string("BEGIN IMMEDIATE;") + kMigrations[version] +
                       "PRAGMA user_version = " + std::to_string(version + 1) + "; COMMIT;");
  return Done{};
}

}  // namespace selfheal
