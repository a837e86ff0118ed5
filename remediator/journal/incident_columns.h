// The columns of an incident's own row, in the order in which they are read and written.
//
// [pure] A macro, for SqliteConnection::query() takes literals. Who adds a column: here, in both
// halves of incident_rows.cpp, and in migrations.cpp.
#pragma once

#define SELFHEAL_INCIDENT_COLUMNS                                                \
  "id, host, container, container_group, state, outcome, opened_at, closed_at, " \
  "lease_until, waiting_since, next_at, carried_attempts, forgiven_attempts, "   \
  "escalation, last_attempt_ended_at, last_attempt_seen_healthy, breaker_told, " \
  "expiry_told, reason, detail, service, service_id, budget_per_hour, budget_per_day, owes"

#define SELFHEAL_SELECT_INCIDENT "SELECT " SELFHEAL_INCIDENT_COLUMNS " FROM incident "
