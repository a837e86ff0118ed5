// Prometheus is down, slow or answers nonsense, when it is asked for policy and at verification. No
// answer is no permission and no proof.
#include "tests/remediator/faults.h"

namespace selfheal {
namespace {

using Asked = FaultyPrometheus::Asked;
using Fault = FaultyPrometheus::How;

class FaultsPrometheusTest : public FaultsTest {
 protected:
  using Cases = std::vector<std::pair<std::string, Script>>;
  Cases for_each_fault(const std::function<void(const std::string& name, Fault how)>& script) {
    Cases cases;
    for (const Fault how : FaultyPrometheus::kAll) {
      const std::string name = FaultyPrometheus::name_of(how);
      engine_.add(name);
      cases.emplace_back(name, [script, how](const std::string& n) { script(n, how); });
    }
    return cases;
  }
  // What a person is told of it.
  static std::string words_for(Fault how) {
    switch (how) {
      case Fault::unavailable:
        return "answered 503: starting up";
      case Fault::error_status:
        return "is an error: query timed out";
      case Fault::wrong_type:
        return "is no vector";
      case Fault::login_page:
      case Fault::wrong_shape:
        return "can't be read";
      case Fault::other_series:  // which are taken for holds, too
        return "held by policy";
      case Fault::empty:
        return "does not say";
      default:
        return "Prometheus at http://127.0.0.1";
    }
  }
  static std::string reason_for(Fault how) {
    if (how == Fault::other_series) return "hold";
    return how == Fault::empty ? "not_firing" : "policy_unreachable";
  }
};

TEST_F(FaultsPrometheusTest, WithoutASensibleAnswerOnPolicyNothingIsDone) {
  const Cases cases = for_each_fault([&](const std::string& name, Fault how) {
    prometheus_.fault(name, Asked::policy, how);
    EXPECT_EQ(fire(name), 200);
    await_reason(name, reason_for(how));
    // Asked once more by a repeat of Alertmanager's, it stays with it.
    const int before = prometheus_.asked(name, Asked::policy);
    EXPECT_EQ(fire(name), 200);
    await("another question", [&] { return prometheus_.asked(name, Asked::policy) > before; });
    EXPECT_EQ(engine_.asked(name, Call::restart), 0);
    prometheus_.mend(name);
    await_action(name);
    expect_decision(expect_recovered(name), reason_for(how), words_for(how));
  });
  start();
  run_all(cases);
  const MetricsText seen = metrics();
  for (const char* reason : {"policy_unreachable", "not_firing"})
    EXPECT_GE(seen.value("selfheal_remediator_decisions_total",
                         {{"decision", "wait"}, {"reason", reason}}),
              1)
        << reason;
}

TEST_F(FaultsPrometheusTest, WithoutASensibleAnswerAtVerificationNothingIsProven) {
  const Cases cases = for_each_fault([&](const std::string& name, Fault how) {
    prometheus_.fault(name, Asked::health, how);
    EXPECT_EQ(fire(name), 200);
    await("three questions", [&] { return prometheus_.asked(name, Asked::health) >= 3; });
    const Json open = incident(name);
    EXPECT_EQ(open["state"], "verifying");
    EXPECT_EQ(open["attempts"][0]["seen_healthy_at"], nullptr);
    prometheus_.mend(name);
    expect_recovered(name);
    EXPECT_EQ(engine_.asked(name, Call::restart), 1);
  });
  start();
  run_all(cases);
}

// What stays without a proof ends as such, and says what was in the way.
TEST_F(FaultsPrometheusTest, AVerificationThatNobodyAnswersEnds) {
  // The shortest time that any verification has is the start period and two intervals.
  const Cases cases = for_each_fault([&](const std::string& name, Fault how) {
    engine_.add(name, {{"selfheal.start-period", "0s"}, {"selfheal.interval", "2s"}});
    prometheus_.fault(name, Asked::health, how);
    EXPECT_EQ(fire(name), 200);
    const Json failed = await(name, "the first attempt's end", [](const Json& incident) {
      return !incident["attempts"].empty() && !incident["attempts"][0]["ended_at"].is_null();
    });
    const bool readable = how == Fault::empty || how == Fault::other_series;
    const char* reason = readable ? "not_scraped" : "no_prometheus";
    EXPECT_EQ(failed["attempts"][0]["result"], reason);
    EXPECT_NE(failed["attempts"][0]["detail"], "");
    EXPECT_EQ(metrics().value("selfheal_remediator_attempt_failures_total",
                              {{"container", name}, {"reason", reason}}),
              1);
    prometheus_.mend(name);
    expect_recovered(name, 2, 2);
  });
  folder_.write("remediator.yml",
                "guards: {start_grace: 0s, cooldown: 0s, host_budget: {per_hour: 1000},\n"
                "         backoff: {initial: 200ms, jitter_percent: 0}}\n"
                "escalation: {restart: [restart]}\n"
                "verification: {settled: 0s, timeout: 1s}\n"
                "prometheus: {timeout: 300ms}\n"
                "limits: {concurrent_attempts: 64}\n");
  start();
  run_all(cases);
}

TEST_F(FaultsPrometheusTest, WhereNothingListensNothingIsDone) {
  options_.prometheus_url = "http://127.0.0.1:" + std::to_string(closed_port());
  engine_.add("web");
  start();
  EXPECT_EQ(fire("web"), 200);
  const Json waiting = await_reason("web", "policy_unreachable");
  expect_decision(waiting, "policy_unreachable", "Failed to connect");
  EXPECT_EQ(engine_.asked("web", Call::restart), 0);
  expect_calm("web", waiting);
}

}  // namespace
}  // namespace selfheal
