// No more is tried at once than may be: on all containers, and in a group of replicas.
#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AttemptsAtOnceTest : public testing::Test {
 protected:
  enum class Upto { acting, verifying };
  // An incident of another container, on which an attempt has just begun.
  void begin_elsewhere(const std::string& container, const std::string& group,
                       Upto upto = Upto::verifying) {
    ReceivedAlert alert = Workshop::alert(AlertStatus::firing, shop_.clock.wall_now());
    alert.fingerprint = "of " + container;
    alert.labels["container"] = container;
    alert.labels["group"] = group;
    shop_.docker.add(container);
    shop_.accept({alert});
    const auto written = shop_.journal->write([&](JournalWriter& writer) {
      Incident incident = *writer.open_incident("box", container);
      Attempt attempt;
      attempt.action = "restart";
      apply(incident, AttemptStarted{attempt}, shop_.clock.wall_now(), IncidentSettings{});
      if (upto == Upto::verifying)
        apply(incident, Acted{shop_.clock.wall_now()}, shop_.clock.wall_now(), IncidentSettings{});
      writer.save(incident);
    });
    ASSERT_TRUE(written.ok());
  }
  void end_elsewhere(const std::string& container, const IncidentEvent& event) {
    const auto written = shop_.journal->write([&](JournalWriter& writer) {
      Incident incident = *writer.open_incident("box", container);
      apply(incident, event, shop_.clock.wall_now(), IncidentSettings{});
      writer.save(incident);
    });
    ASSERT_TRUE(written.ok());
  }

  Workshop shop_;
};

TEST_F(AttemptsAtOnceTest, AReplicaWaitsForTheOther) {
  begin_elsewhere("web-2", "shop/web");
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  EXPECT_THAT(shop_.incident().detail, HasSubstr("web-2"));
  end_elsewhere("web-2", SeenHealthy{});
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptsAtOnceTest, AThirdWaitsForOneOfTwo) {
  begin_elsewhere("db", "shop/db");
  begin_elsewhere("cache", "shop/cache");
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "concurrency_limit");
  end_elsewhere("db", AttemptFailed{AttemptResult::no_effect, ""});
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

TEST_F(AttemptsAtOnceTest, WhatIsStuckHoldsUpNobody) {
  begin_elsewhere("db", "shop/db", Upto::acting);
  begin_elsewhere("web-2", "shop/web", Upto::acting);
  shop_.clock.advance(minutes(5) + seconds(10));
  shop_.fire();
  shop_.step();
  EXPECT_THAT(shop_.actions(), IsEmpty()) << "the stop timeout is granted beside";
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  shop_.run(seconds(1));
  EXPECT_THAT(shop_.actions(), SizeIs(1));
}

// Its container's labels can grant a verification that long.
TEST_F(AttemptsAtOnceTest, AReplicaThatIsVerifiedForLongIsNotStuck) {
  begin_elsewhere("web-2", "shop/web");
  shop_.clock.advance(minutes(30));
  shop_.fire();
  shop_.run(seconds(5));
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
}

TEST_F(AttemptsAtOnceTest, WhileItWaitsOnlyTheJournalIsAsked) {
  begin_elsewhere("web-2", "shop/web");
  shop_.fire();
  shop_.step();
  ASSERT_EQ(shop_.incident().reason, "group_busy");
  const size_t queries = shop_.prometheus.queries().size();
  const int inspects = shop_.docker.inspects();
  for (int i = 0; i < 5; ++i) {
    shop_.clock.advance(seconds(1));
    EXPECT_EQ(shop_.step(), shop_.clock.wall_now() + seconds(1));
  }
  EXPECT_EQ(shop_.prometheus.queries().size(), queries);
  EXPECT_EQ(shop_.docker.inspects(), inspects);
  EXPECT_EQ(shop_.incident().next_at, ManualClock::kStart + seconds(1)) << "nothing is written";
  shop_.run(seconds(30));
  EXPECT_THAT(shop_.prometheus.queries(), SizeIs(queries + 1)) << "the policy can change";
  shop_.resolve(seconds(3));
  EXPECT_EQ(shop_.incident().outcome, IncidentOutcome::withdrawn);
}

TEST_F(AttemptsAtOnceTest, WhileItWaitsLeaseAndLifeEnd) {
  begin_elsewhere("web-2", "shop/web");
  shop_.repeats = false;
  shop_.fire();
  shop_.run(seconds(47));
  EXPECT_EQ(shop_.incident().reason, "lease_over");
  shop_.repeats = true;
  shop_.fire(seconds(50));
  shop_.run(minutes(8));
  EXPECT_EQ(shop_.incident().reason, "group_busy");
  EXPECT_EQ(shop_.incident().id, 2);
  shop_.run(minutes(2));
  EXPECT_EQ(shop_.incident().id, 3) << "it has expired, and what still fires is the next";
}

TEST_F(AttemptsAtOnceTest, ThePauseBeginsAfterTheCalls) {
  begin_elsewhere("web-2", "shop/web");
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.meanwhile = [&] { shop_.clock.advance(seconds(2)); };
  });
  shop_.fire();
  shop_.step();
  EXPECT_EQ(shop_.incident().next_at, ManualClock::kStart + seconds(3));
}

// Ten that no restart mends, and one that came last.
TEST_F(AttemptsAtOnceTest, WhatCantBeHealedDoesNotStarveTheOthers) {
  std::vector<ReceivedAlert> alerts;
  const auto break_one = [&](const std::string& name) {
    alerts.push_back(Workshop::alert(AlertStatus::firing, shop_.clock.wall_now()));
    alerts.back().fingerprint = "of " + name;
    alerts.back().labels["container"] = alerts.back().labels["group"] = name;
  };
  for (char name = 'a'; name <= 'j'; ++name) {
    shop_.docker.add({name});
    break_one({name});
  }
  shop_.accept(alerts);
  std::map<int64_t, WallTime> again_at;
  const auto look_at_all = [&] {
    std::vector<Incident> open;
    ASSERT_TRUE(
        shop_.journal->read([&](JournalReader& reader) { open = reader.open_incidents(); }).ok());
    for (const Incident& incident : open) {
      if (std::max(incident.next_at, again_at[incident.id]) > shop_.clock.wall_now()) continue;
      again_at[incident.id] = shop_.runner->step(incident.id).value_or(WallTime{});
    }
  };
  for (int half_second = 0; half_second < 300; ++half_second) {
    if (half_second == 120) break_one("web");
    if (half_second % 30 == 0) shop_.accept(alerts);
    look_at_all();
    shop_.clock.advance(Milliseconds(500));
  }
  const std::vector<std::string> actions = shop_.actions();
  ASSERT_GT(actions.size(), 11u);
  const std::set<std::string> first(actions.begin(), actions.begin() + 11);
  EXPECT_THAT(first, SizeIs(11)) << "the first attempts before all second ones";
  EXPECT_THAT(first, testing::Contains("restart id-of-web t=10"));
}

// Two hands judge two replicas at the same moment.
TEST_F(AttemptsAtOnceTest, WhatAnotherHasBegunSinceCounts) {
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.meanwhile = [&] { begin_elsewhere("web-2", "shop/web"); };
  });
  shop_.fire();
  const int64_t id = shop_.incident().id;
  const auto again = shop_.runner->step(id);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(again, shop_.clock.wall_now() + seconds(1)) << "judged again soon";
  shop_.clock.advance(seconds(1));
  shop_.runner->step(id);
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.incident().reason, "group_busy");
}

}  // namespace
}  // namespace selfheal
