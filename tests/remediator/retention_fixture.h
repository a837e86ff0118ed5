// A journal with incidents of whatever age, and a pass of the retention over it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remediator/journal/retention.h"
#include "remediator/journal/retention_rows.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

using std::chrono::hours;
using std::chrono::minutes;

inline constexpr hours kDay{24};

class RetentionFixture : public testing::Test {
 protected:
  RetentionFixture() {
    auto opened = Journal::open(folder_.path("journal.db"));
    EXPECT_TRUE(opened.ok());
    journal_ = *std::move(opened);
  }
  // Closed `ago`, with a decision and an alert. Its id.
  int64_t closed(const std::string& container, hours ago, size_t size = 10) {
    return write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = container;
      incident.state = IncidentState::closed;
      incident.opened_at = incident.next_at = kNow - ago - minutes(1);
      incident.closed_at = kNow - ago;
      writer.save(incident);
      writer.add_decision(incident.id, {kNow, "act", "", "", std::string(size, 'x')});
      return incident.id;
    });
  }
  int64_t opened(const std::string& container, hours ago) {
    return write([&](JournalWriter& writer) {
      Incident incident = waiting_incident();
      incident.container = container;
      incident.opened_at = kNow - ago;
      writer.save(incident);
      return incident.id;
    });
  }
  template <class Change>
  int64_t write(const Change& change) {
    int64_t id = 0;
    EXPECT_TRUE(journal_->write([&](JournalWriter& writer) { id = change(writer); }).ok());
    return id;
  }
  std::vector<int64_t> ids() {
    std::vector<int64_t> all;
    IncidentFilter every;
    every.limit = 1'000'000;
    EXPECT_TRUE(journal_
                    ->read([&](JournalReader& reader) {
                      for (const Incident& incident : reader.incidents(every))
                        all.insert(all.begin(), incident.id);
                    })
                    .ok());
    return all;
  }
  int64_t number(const char* sql) {
    return SqliteConnection(folder_.path("journal.db"), SqliteConnection::Mode::read_only)
        .number(sql);
  }
  void execute(const std::string& sql) {
    SqliteConnection(folder_.path("journal.db"), SqliteConnection::Mode::read_write).execute(sql);
  }
  int pass() { return Retention(*journal_, settings_, clock_).pass(); }
  void keep(Milliseconds age, int max_bytes = 512 << 20) {
    RemediatorSettings settings;
    settings.retention = {age, max_bytes};
    settings_.set(settings);
  }
  int64_t in_use() {
    return write([](JournalWriter& writer) { return RetentionRows(writer).bytes_in_use(); });
  }

  TempFolder folder_;
  ManualClock clock_;
  CurrentSettings settings_{RemediatorSettings{}};
  std::unique_ptr<Journal> journal_;
};

}  // namespace selfheal
