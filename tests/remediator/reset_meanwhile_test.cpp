// A person resets a container in the midst of a judgement, which was begun before that.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

class ResetMeanwhileTest : public testing::Test {
 protected:
  // While Prometheus is asked the next time.
  void reset_meanwhile(const std::string& name) {
    shop_.prometheus.set([&](FakePrometheus::State& state) {
      state.meanwhile = [this, name] {
        EXPECT_TRUE(shop_.journal
                        ->write([&](JournalWriter& writer) {
                          writer.reset("box", name, shop_.clock.wall_now());
                        })
                        .ok());
      };
    });
  }
  void run_until(const std::function<bool(const Incident&)>& done) {
    for (int waited = 0; waited < 600 && !done(shop_.incident()); ++waited) shop_.run(seconds(1));
    ASSERT_TRUE(done(shop_.incident()));
  }

  Workshop shop_;
};

TEST_F(ResetMeanwhileTest, WhatWasConcludedBeforeItIsNotWrittenOverIt) {
  shop_.fire();
  run_until([](const Incident& now) { return now.reason == "attempts_used_up"; });
  const size_t told = shop_.outbox().size();
  const size_t decisions = shop_.decisions().size();
  reset_meanwhile("web");
  shop_.step();
  EXPECT_THAT(shop_.outbox(), SizeIs(told)) << "that all 0 attempts are used";
  EXPECT_THAT(shop_.decisions(), SizeIs(decisions));
  EXPECT_EQ(shop_.incident().next_at, shop_.clock.wall_now());
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.incident().attempts, SizeIs(4)) << "it is due at once";
}

TEST_F(ResetMeanwhileTest, TheFirstStepIsDueAgain) {
  shop_.fire();
  run_until([](const Incident& now) { return now.escalation == 1; });
  shop_.run(seconds(28));
  ASSERT_THAT(shop_.actions(), SizeIs(1));
  shop_.clock.advance(seconds(3));  // the cooldown is over, and a kill due
  reset_meanwhile("web");
  shop_.step();
  EXPECT_THAT(shop_.actions(), SizeIs(1));
  shop_.run(seconds(2));
  EXPECT_THAT(shop_.actions(), ElementsAre("restart id-of-web t=10", "restart id-of-web t=10"));
}

// An incident that was not judged yet is not known to be the service's, and not reset with it; what
// counts for it is read after what takes long.
TEST_F(ResetMeanwhileTest, OfAServiceItsAttemptsAreCountedAnew) {
  shop_.docker.add_service("web").container_labels["selfheal.enable"] = "true";
  shop_.service = "web";
  shop_.fire(seconds(3), "service-update");
  run_until([](const Incident& now) { return now.reason == "attempts_used_up"; });
  shop_.service.clear();
  shop_.container = "web.1.a";
  shop_.docker.add("web.1.a").labels["com.docker.swarm.service.name"] = "web";
  const size_t told = shop_.outbox().size();
  shop_.fire(Milliseconds(0));
  reset_meanwhile("service/web");
  shop_.step();
  EXPECT_THAT(shop_.incident().attempts, SizeIs(1)) << "it is due at once";
  EXPECT_EQ(shop_.incident().attempts_used(), 1);
  EXPECT_THAT(shop_.outbox(), SizeIs(told));
}

}  // namespace
}  // namespace selfheal
