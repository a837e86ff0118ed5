#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/command/tables.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

TEST(IncidentsTable, IsOneLineForEach) {
  const Json answer{{"incidents",
                     {{{"id", 12},
                       {"opened_at", "2026-01-31T12:00:00.123Z"},
                       {"host", "box"},
                       {"container", "web"},
                       {"state", "closed"},
                       {"outcome", "recovered"},
                       {"attempts", 1},
                       {"reason", "recovered"},
                       {"detail", ""}},
                      {{"id", 3},
                       {"opened_at", "2026-01-31T11:00:00.123Z"},
                       {"host", "box"},
                       {"container", "database"},
                       {"state", "waiting"},
                       {"outcome", ""},
                       {"attempts", 0},
                       {"reason", "hold"},
                       {"detail", "held by policy: storm"}}}}};
  EXPECT_EQ(incidents_table(answer),
            "ID  OPENED (UTC)         CONTAINER     STATE      ATTEMPTS  WHY\n"
            "12  2026-01-31 12:00:00  box/web       recovered  1         recovered\n"
            "3   2026-01-31 11:00:00  box/database  waiting    0         hold: held by policy: "
            "storm\n");
  EXPECT_EQ(incidents_table({{"incidents", Json::array()}}), "no incidents\n");
}

TEST(IncidentStory, IsInTheOrderOfTime) {
  const Json incident{{"id", 7},
                      {"host", "box"},
                      {"container", "web"},
                      {"group", "shop/web"},
                      {"state", "closed"},
                      {"outcome", "recovered"},
                      {"closed_at", "2026-01-31T12:00:09.000Z"},
                      {"alerts",
                       {{{"alertname", "Failing"},
                         {"starts_at", "2026-01-31T12:00:00.000Z"},
                         {"received_at", "2026-01-31T12:00:01.000Z"}}}},
                      {"decisions",
                       {{{"decided_at", "2026-01-31T12:00:02.000Z"},
                         {"verdict", "act"},
                         {"reason", "due"},
                         {"detail", "restart"}}}},
                      {"attempts",
                       {{{"number", 1},
                         {"action", "restart"},
                         {"requested_at", "2026-01-31T12:00:03.000Z"},
                         {"acted_at", nullptr},
                         {"seen_healthy_at", "2026-01-31T12:00:08.000Z"},
                         {"ended_at", "2026-01-31T12:00:09.000Z"},
                         {"result", "verified"},
                         {"detail", ""}}}}};
  EXPECT_EQ(incident_story(incident),
            "incident 7: box/web, group shop/web, closed\n"
            "2026-01-31T12:00:00.000Z  Failing began\n"
            "2026-01-31T12:00:01.000Z  Failing received\n"
            "2026-01-31T12:00:02.000Z  act: due: restart\n"
            "2026-01-31T12:00:03.000Z  attempt 1: restart asked for\n"
            "2026-01-31T12:00:08.000Z  attempt 1: healthy for the first time\n"
            "2026-01-31T12:00:09.000Z  attempt 1: verified\n"
            "2026-01-31T12:00:09.000Z  closed: recovered\n");
}

TEST(IncidentStory, NamesDoNotSteerTheTerminal) {
  const Json incident{{"container", "web\033[2J\n"}, {"id", 1}};
  EXPECT_THAT(incident_story(incident), HasSubstr("web?[2J?"));
  EXPECT_THAT(incident_story(incident), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace selfheal
