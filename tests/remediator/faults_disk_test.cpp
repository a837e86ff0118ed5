// The disk is full while an alert is accepted, an attempt is begun, has its effect and is proven.
// What can't be written down is not acknowledged and not done; what is under way is not done again.
#include <cerrno>

#include "tests/remediator/disk_fault.h"
#include "tests/remediator/faults.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class FaultsDiskTest : public FaultsTest {
 protected:
  FaultsDiskTest() { engine_.add("web"); }
  void await_writable(double value) const {
    await("the metric",
          [&] { return metrics().value("selfheal_remediator_journal_writable") == value; });
  }
  // The metric and the readiness say why, for as long as it lasts.
  void expect_told() {
    await_writable(0);
    const HttpText ready = get("/-/ready");
    EXPECT_EQ(ready.status(), 503);
    EXPECT_THAT(ready.body, HasSubstr("make room on its file system"));
  }
};

TEST_F(FaultsDiskTest, WhatCantBeWrittenDownIsNotAccepted) {
  start();
  {
    const DiskFault full(ENOSPC);
    EXPECT_EQ(fire("web"), 503);
    expect_told();
    EXPECT_EQ(incident("web"), nullptr);
    EXPECT_EQ(engine_.asked("web", Call::inspect), 0);
  }
  await_writable(1);
  EXPECT_EQ(fire("web"), 200) << "Alertmanager has sent it again";
  expect_recovered("web");
}

// Accepted, and judged again and again until the alert is seen to fire: with a full disk then.
TEST_F(FaultsDiskTest, WithoutAJournalNoAttemptBegins) {
  start();
  prometheus_.fault("web", FaultyPrometheus::Asked::policy, FaultyPrometheus::How::empty);
  EXPECT_EQ(fire("web"), 200);
  await_reason("web", "not_firing");
  {
    const DiskFault full(ENOSPC);
    prometheus_.mend("web");
    const int looks = engine_.asked("web", Call::inspect);
    await("more judgements", [&] {
      return engine_.asked("web", Call::inspect) >= looks + 6;  // each looks twice before it acts
    });
    EXPECT_EQ(engine_.asked("web", Call::restart), 0);
    expect_told();
  }
  const Json closed = expect_recovered("web");
  EXPECT_EQ(engine_.asked("web", Call::restart), 1);
  EXPECT_EQ(closed["decisions"].size(), 2u) << "what was not done was not decided";
}

TEST_F(FaultsDiskTest, AnEffectThatCantBeWrittenDownIsLookedAtAgain) {
  start();
  std::unique_ptr<DiskFault> full;
  engine_.fault("web", Call::restart, {How::stall, Effect::restarts, 1});
  EXPECT_EQ(fire("web"), 200);
  await("the action", [&] { return engine_.asked("web", Call::restart) == 1; });
  full = std::make_unique<DiskFault>(ENOSPC);
  engine_.go_away();
  engine_.come_back();  // the call ends, and the container has started anew
  const int looks = engine_.asked("web", Call::inspect);
  await("three looks", [&] { return engine_.asked("web", Call::inspect) >= looks + 3; });
  EXPECT_EQ(incident("web")["state"], "acting") << "what is not written down has not happened";
  expect_told();
  full.reset();
  expect_recovered("web");
  EXPECT_EQ(engine_.asked("web", Call::restart), 1);
}

TEST_F(FaultsDiskTest, AProofThatCantBeWrittenDownIsAskedForAgain) {
  start();
  EXPECT_EQ(fire("web"), 200);
  await_state("web", "verifying");
  {
    const DiskFault full(ENOSPC);
    prometheus_.set_healthy("web");
    expect_told();
    EXPECT_EQ(incident("web")["state"], "verifying");
    EXPECT_EQ(fire("web"), 503);
  }
  const Json closed = await_state("web", "closed");
  EXPECT_EQ(closed["outcome"], "recovered");
  EXPECT_EQ(engine_.asked("web", Call::restart), 1);
  EXPECT_EQ(engine_.starts("web"), 1);
  expect_calm("web", closed);
}

}  // namespace
}  // namespace selfheal
