// A container whose network another one shares, and what tests of that do to them.
#pragma once

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remediator/act/network_sharers.h"
#include "tests/remediator/workshop.h"

namespace selfheal {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

inline constexpr const char* kRestartOwner = "restart id-of-web t=10";
inline constexpr const char* kRestart = "restart id-of-sidecar t=10";
inline constexpr const char* kStart = "start id-of-sidecar";

class NetworkSharersTest : public testing::Test {
 protected:
  using Effect = FakeDocker::Effect;
  struct Killed {};

  NetworkSharersTest() {
    RemediatorSettings settings;
    settings.guards.start_grace = settings.guards.create_grace = Milliseconds(0);
    shop_.settings.set(settings);
    shop_.docker.add("sidecar");
    shop_.docker.change("sidecar",
                        [](ContainerDetails& it) { it.network_mode = "container:id-of-web"; });
    shop_.docker.add("other");
  }
  void restart_owner() {
    shop_.fire();
    shop_.run(seconds(1));
  }
  // What Docker does for the sharer, after the owner's restart.
  void script_for_sharer(const FakeDocker::ActionScript& script) {
    shop_.docker.next_action(
        {Effect::restarts, {}, [this, script] { shop_.docker.next_action(script); }});
  }
  // From now on, and until mend_rows(), no restart of the sharer can be written down.
  void break_rows() {
    change_journal(
        "CREATE TRIGGER no_row BEFORE INSERT ON decision WHEN NEW.detail LIKE "
        "'restart sidecar%' BEGIN SELECT raise(ABORT, 'not this one'); END");
  }
  void mend_rows() { change_journal("DROP TRIGGER no_row"); }
  void change_journal(const std::string& statement) {
    SqliteConnection(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write)
        .execute(statement.c_str());
  }
  // The remediator dies while Docker is asked for the sharer's restart, which comes to that.
  void die_at_restart_of_sharer(Effect effect) {
    script_for_sharer({effect, {}, [] { throw Killed{}; }});
    shop_.fire();
    EXPECT_THROW(shop_.step(), Killed);
    ASSERT_EQ(shop_.incident().state, IncidentState::acting);
  }
  void expect_left_alone(const std::string& why) {
    restart_owner();
    EXPECT_THAT(shop_.actions(), ElementsAre(kRestartOwner));
    EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
    EXPECT_EQ(last_decision().reason, "shared_network");
    EXPECT_THAT(last_decision().detail,
                HasSubstr("sidecar, which shares its network, was left alone: "));
    EXPECT_THAT(last_decision().detail, HasSubstr(why));
  }
  DecisionRow last_decision() { return shop_.decisions().back(); }
  void expect_told(const std::string& what) {
    EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
    EXPECT_THAT(last_decision().detail, HasSubstr("sidecar, which shares its network, " + what));
  }

  Workshop shop_;
};

}  // namespace selfheal
