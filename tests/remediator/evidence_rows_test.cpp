#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/journal/journal_rows.h"
#include "remediator/journal/migrations.h"
#include "tests/remediator/samples.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using testing::IsEmpty;
using testing::SizeIs;

class EvidenceRowsTest : public testing::Test {
 protected:
  EvidenceRowsTest() {
    EXPECT_TRUE(migrate(connection_).ok());
    connection_.execute("PRAGMA foreign_keys = ON");
    writer_.save(incident_);
  }

  TempFolder folder_;
  SqliteConnection connection_{folder_.path("j.db"), SqliteConnection::Mode::read_write};
  JournalWriter writer_{connection_};
  Incident incident_ = waiting_incident();
};

TEST_F(EvidenceRowsTest, ComesBackAsItWasInTheOrderOfAttempts) {
  const std::string hostile = R"({"logs":"it's \u0000 \u001b[31m"})";
  writer_.add_evidence(incident_.id, {2, kNow + nanoseconds(7), hostile});
  writer_.add_evidence(incident_.id, {1, kNow, "{}"});
  const auto rows = writer_.evidence(incident_.id);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].attempt, 1);
  EXPECT_EQ(rows[1].attempt, 2);
  EXPECT_EQ(rows[1].collected_at, kNow + nanoseconds(7));
  EXPECT_EQ(rows[1].content, hostile);
  EXPECT_THAT(writer_.evidence(4711), IsEmpty());
}

TEST_F(EvidenceRowsTest, StaysWhenItsIncidentIsSavedAgainAndGoesWithIt) {
  writer_.add_evidence(incident_.id, {1, kNow, "{}"});
  incident_.detail = "changed";
  writer_.save(incident_);
  EXPECT_THAT(writer_.evidence(incident_.id), SizeIs(1));
  connection_.execute("DELETE FROM incident");
  EXPECT_THAT(writer_.evidence(incident_.id), IsEmpty());
}

TEST_F(EvidenceRowsTest, OfAnUnknownIncidentIsRefused) {
  EXPECT_THROW(writer_.add_evidence(4711, {1, kNow, "{}"}), SqliteError);
}

}  // namespace
}  // namespace selfheal
