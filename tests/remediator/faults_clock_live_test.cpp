// The clock is set while a whole remediator runs, on real sockets and in real time.
#include "tests/remediator/faults.h"

namespace selfheal {
namespace {

using std::chrono::hours;

std::string direction(const testing::TestParamInfo<int>& hour) {
  return hour.param > 0 ? "forward" : "back";
}

class FaultsClockLiveTest : public FaultsTest, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(AnHour, FaultsClockLiveTest, testing::Values(1, -1), direction);

TEST_P(FaultsClockLiveTest, AllStagesGoOn) {
  for (const char* name : {"waiting", "acting", "verifying"}) engine_.add(name);
  prometheus_.fault("waiting", FaultyPrometheus::Asked::policy, FaultyPrometheus::How::empty);
  engine_.fault("acting", Call::restart, {How::close, Effect::none, 1});
  start();
  for (const char* name : {"waiting", "acting", "verifying"}) EXPECT_EQ(fire(name), 200);
  await_reason("waiting", "not_firing");
  await_state("acting", "acting");
  await_state("verifying", "verifying");
  clock_.set(hours(GetParam()));
  const Json noticed = await("verifying", "the jump", [](const Json& incident) {
    return incident["decisions"].back()["reason"] == "clock_set";
  });
  EXPECT_EQ(noticed["state"], "verifying");
  EXPECT_EQ(incident("acting")["state"], "acting");
  EXPECT_EQ(incident("waiting")["state"], "waiting");
  engine_.finish_restart("acting");
  prometheus_.mend("waiting");
  for (const char* name : {"waiting", "acting", "verifying"}) {
    SCOPED_TRACE(name);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  }
}

// It went back while no process was there to see it.
TEST_F(FaultsTest, AJournalOfTheFutureIsTakenAlong) {
  engine_.add("web");
  prometheus_.fault("web", FaultyPrometheus::Asked::policy, FaultyPrometheus::How::empty);
  clock_.set(hours(2));
  start();
  EXPECT_EQ(fire("web"), 200);
  await_reason("web", "not_firing");
  remediator_.reset();
  clock_.set(hours(-2));
  prometheus_.mend("web");
  start();
  await("an action", [&] { return engine_.asked("web", Call::restart) == 1; });
  const Json closed = expect_recovered("web");
  expect_decision(closed, "clock_set", "set back by");
}

}  // namespace
}  // namespace selfheal
