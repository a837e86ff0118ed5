// A journal's rows, read and written without a Journal around them.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remediator/journal/journal_rows.h"
#include "remediator/journal/migrations.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

class JournalRowsFixture : public testing::Test {
 protected:
  JournalRowsFixture() { EXPECT_TRUE(migrate(connection_).ok()); }
  Incident& save(Incident& incident) {
    writer_.save(incident);
    return incident;
  }
  Incident saved(const std::string& container, WallTime due = kNow, WallTime opened = kNow) {
    Incident incident = waiting_incident();
    incident.container = container;
    incident.next_at = due;
    incident.opened_at = opened;
    return save(incident);
  }
  static std::vector<std::string> containers(const std::vector<Incident>& incidents) {
    std::vector<std::string> names;
    for (const Incident& incident : incidents) names.push_back(incident.container);
    return names;
  }

  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
  JournalWriter writer_{connection_};
  IncidentSettings settings_;
};

}  // namespace selfheal
