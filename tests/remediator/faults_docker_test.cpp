// Docker's API stalls, answers 500, closes early, in the middle or talks nonsense, while a
// container is judged, acted on, looked at and verified; and the engine goes away altogether.
// Nothing is lost, nothing is done twice, nobody is asked in a busy loop, and each case has its
// reason.
#include "tests/remediator/faults.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

using How = FaultyEngine::How;
using Ways = std::vector<std::pair<const char*, How>>;

const Ways kAll{{"error", How::server_error},
                {"close", How::close},
                {"cut", How::cut_short},
                {"nonsense", How::nonsense},
                {"stall", How::stall}};
// To an action, a 500 says that it was refused.
const Ways kUnclear{{"close", How::close}, {"cut", How::cut_short}, {"nonsense", How::nonsense}};

class FaultsDockerTest : public FaultsTest {
 protected:
  using CaseOfHow = std::function<void(const std::string& name, How how)>;
  // A case for each way to fault, of a container named PHASE-WAY.
  void add_cases(const std::string& phase, const Ways& ways, const CaseOfHow& script) {
    for (const auto& [way, how] : ways) {
      const std::string name = phase + "-" + way;
      // Past that nothing can come of an action any more; and a stall takes as long as it must.
      engine_.add(name, {{"selfheal.stop-timeout", "0"}});
      cases_.emplace_back(name, [script, how = how](const std::string& n) { script(n, how); });
    }
  }
  double failures(const std::string& container, const std::string& reason) const {
    return metrics().value("selfheal_remediator_attempt_failures_total",
                           {{"container", container}, {"reason", reason}});
  }
  // Waits for some more looks. What does not pause between them makes them in no time.
  void expect_pauses(const std::string& name, int looks, Milliseconds at_least) {
    // From a look on: how long ago the last one was is not known.
    int before = engine_.asked(name, Call::inspect);
    await("a further look", [&] { return engine_.asked(name, Call::inspect) > before; });
    const SteadyTime begun = clock_.steady_now();
    before = engine_.asked(name, Call::inspect);
    await("further looks", [&] { return engine_.asked(name, Call::inspect) >= before + looks; });
    EXPECT_GE(clock_.steady_now() - begun, at_least);
  }

  void add_judging();
  void add_looking_at_the_effect();
  void add_verifying();
  void add_actions_done();
  void add_actions_done_late();
  void add_actions_done_halfway();
  void add_actions_not_done();

  std::vector<std::pair<std::string, Script>> cases_;
};

void FaultsDockerTest::add_judging() {
  add_cases("judging", kAll, [this](const std::string& name, How how) {
    engine_.fault(name, Call::inspect, {how, Effect::none, FaultyEngine::kUntilMended});
    EXPECT_EQ(fire(name), 200);
    await_reason(name, "docker_unreachable");
    EXPECT_EQ(engine_.asked(name, Call::restart), 0);
    engine_.mend(name);
    await_action(name);
    expect_decision(expect_recovered(name), "docker_unreachable", "");
  });
}

void FaultsDockerTest::add_looking_at_the_effect() {
  add_cases("effect", kAll, [this](const std::string& name, How how) {
    engine_.fault_after_action(name, Call::inspect, {how, Effect::none, how == How::stall ? 1 : 3});
    EXPECT_EQ(fire(name), 200);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  });
}

void FaultsDockerTest::add_verifying() {
  add_cases("verifying", kAll, [this](const std::string& name, How how) {
    EXPECT_EQ(fire(name), 200);
    await_state(name, "verifying");
    engine_.fault(name, Call::inspect, {how, Effect::none, FaultyEngine::kUntilMended});
    // A second between two, and libcurl may try one twice.
    if (how != How::stall) expect_pauses(name, 4, Milliseconds(900));
    prometheus_.set_healthy(name);
    EXPECT_EQ(incident(name)["state"], "verifying") << "health of what can't be seen is no proof";
    engine_.mend(name);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  });
}

// The answer says one thing, the container another: the container is right.
void FaultsDockerTest::add_actions_done() {
  add_cases("done", kAll, [this](const std::string& name, How how) {
    engine_.fault(name, Call::restart, {how, Effect::restarts, 1});
    EXPECT_EQ(fire(name), 200);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  });
}

void FaultsDockerTest::add_actions_done_late() {
  add_cases("late", kUnclear, [this](const std::string& name, How how) {
    engine_.fault(name, Call::restart, {how, Effect::none, 1});
    EXPECT_EQ(fire(name), 200);
    await_state(name, "acting");
    // 200 ms between two, and a delivery may bring about one more.
    expect_pauses(name, 7, Milliseconds(900));
    engine_.finish_restart(name);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1) << "it was waited for";
  });
}

void FaultsDockerTest::add_actions_done_halfway() {
  Ways quick = kAll;
  quick.pop_back();
  add_cases("halfway", quick, [this](const std::string& name, How how) {
    engine_.fault(name, Call::restart, {how, Effect::leaves_stopped, 1});
    engine_.fault(name, Call::start, {how, Effect::none, 1});
    EXPECT_EQ(fire(name), 200);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
    EXPECT_EQ(engine_.asked(name, Call::start), 2) << "its own debt is not given up";
  });
}

void FaultsDockerTest::add_actions_not_done() {
  add_cases("undone", kAll, [this](const std::string& name, How how) {
    engine_.fault(name, Call::restart, {how, Effect::none, 1});
    EXPECT_EQ(fire(name), 200);
    const Json closed = expect_recovered(name, 2);
    const char* reason = how == How::server_error ? "action_failed" : "no_effect";
    const char* words = how == How::server_error ? "out of sorts" : "did not do it";
    EXPECT_EQ(closed["attempts"][0]["result"], reason);
    EXPECT_THAT(closed["attempts"][0]["detail"].get<std::string>(), HasSubstr(words));
    EXPECT_EQ(failures(name, reason), 1);
    EXPECT_EQ(engine_.asked(name, Call::restart), 2) << "one for each attempt";
  });
}

TEST_F(FaultsDockerTest, EachFaultAtEachCall) {
  add_judging();
  add_looking_at_the_effect();
  add_verifying();
  add_actions_done();
  add_actions_done_late();
  add_actions_done_halfway();
  add_actions_not_done();
  start();
  run_all(cases_);
  EXPECT_GE(metrics().value("selfheal_remediator_decisions_total",
                            {{"decision", "wait"}, {"reason", "docker_unreachable"}}),
            kAll.size());
}

TEST_F(FaultsDockerTest, AnEngineThatSaysItHasStartedWhatStaysDownIsNotAskedInALoop) {
  engine_.add("web");
  start();
  engine_.fault("web", Call::restart, {How::close, Effect::leaves_stopped, 1});
  engine_.fault("web", Call::start, {How::nonsense, Effect::none, FaultyEngine::kUntilMended});
  EXPECT_EQ(fire("web"), 200);
  await("a few starts", [&] { return engine_.asked("web", Call::start) >= 5; });
  engine_.mend("web");
  expect_recovered("web");
}

TEST_F(FaultsDockerTest, WhileTheEngineIsAwayAllWaitsAndThenGoesOn) {
  for (const char* name : {"verifying", "acting", "halfway", "waiting"}) engine_.add(name);
  start();
  engine_.fault("acting", Call::restart, {How::stall, Effect::restarts, 1});
  engine_.fault("halfway", Call::restart, {How::stall, Effect::leaves_stopped, 1});
  for (const char* name : {"verifying", "acting", "halfway"}) EXPECT_EQ(fire(name), 200);
  await_state("verifying", "verifying");
  for (const char* name : {"acting", "halfway"})
    await("the action", [&] { return engine_.asked(name, Call::restart) == 1; });
  engine_.go_away();
  EXPECT_EQ(fire("waiting"), 200) << "what can't be healed now is accepted all the same";
  await_reason("waiting", "docker_unreachable");
  await("the metric", [&] {
    return metrics().value("selfheal_remediator_docker_connected", {{"host", "box"}}) == 0;
  });
  EXPECT_EQ(get("/-/ready").status(), 503);
  EXPECT_EQ(get("/-/healthy").status(), 200);
  EXPECT_EQ(incident("verifying")["state"], "verifying");
  EXPECT_EQ(incident("acting")["state"], "acting");
  engine_.come_back();
  await_action("waiting");
  for (const char* name : {"verifying", "acting", "halfway", "waiting"}) {
    SCOPED_TRACE(name);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  }
  expect_decision(incident("waiting"), "docker_unreachable", "is the Docker daemon running");
  await("the metric", [&] {
    return metrics().value("selfheal_remediator_docker_connected", {{"host", "box"}}) == 1;
  });
}

}  // namespace
}  // namespace selfheal
