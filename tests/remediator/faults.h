// A whole Remediator in this process between an engine and a Prometheus that fault where a test
// says so, all on real sockets. A case of a test is one container, and the cases of a test run at
// the same time: each waits for what the others need not wait for.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remediator/remediator.h"
#include "tests/remediator/faulty_engine.h"
#include "tests/remediator/faulty_prometheus.h"
#include "tests/support/http_peer.h"
#include "tests/support/metrics_text.h"

namespace selfheal {

// The system's clock, whose wall time can be set.
class SettableClock final : public Clock {
 public:
  SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall_now() const override {
    return std::chrono::system_clock::now() + std::chrono::nanoseconds(set_by_ns_);
  }
  void set(std::chrono::nanoseconds by) { set_by_ns_ += by.count(); }

 private:
  std::atomic<int64_t> set_by_ns_{0};
};

class FaultsTest : public testing::Test {
 protected:
  using Json = nlohmann::json;
  using Call = FaultyEngine::Call;
  using How = FaultyEngine::How;
  using Effect = FaultyEngine::Effect;
  // What is healed within seconds must be, else the test fails by this.
  static constexpr std::chrono::seconds kDeadline{50};
  // What a fault may cost its peer: a look each 200 ms while an action is to have its effect, three
  // questions for each half second of a verification. A busy loop has thousands.
  static constexpr int kMostInASecond = 20;
  // Rows for a person: one for each change of mind, not one for each look.
  static constexpr size_t kMostDecisions = 6;

  FaultsTest();

  void start();
  // Containers with these names, each with a script of its own, all at once.
  using Script = std::function<void(const std::string& name)>;
  void run_all(const std::vector<std::pair<std::string, Script>>& cases);

  // The status of the webhook's answer to a delivery of the container's alert.
  int fire(const std::string& container);
  HttpText get(const std::string& target) const;
  MetricsText metrics() const { return parse_metrics(get("/metrics").body); }
  // The container's last incident, with all that belongs to it; null before the first.
  Json incident(const std::string& container) const;
  // Waits until the container's incident is as is wanted, and returns it.
  Json await(const std::string& container, const std::string& what,
             const std::function<bool(const Json&)>& wanted) const;
  Json await_state(const std::string& container, const std::string& state) const;
  Json await_reason(const std::string& container, const std::string& reason) const;
  static void await(const std::string& what, const std::function<bool()>& wanted);

  // Delivers the alert once more, and waits until the engine has been asked for an action.
  void await_action(const std::string& container);
  // To be seen to work from now on, it must end as recovered, by this many attempts, after this
  // many real starts; and neither peer nor journal was troubled by more than a few calls.
  Json expect_recovered(const std::string& container, size_t attempts = 1, int starts = 1);
  void expect_calm(const std::string& container, const Json& incident) const;
  // There is a decision of that reason, which says why in words.
  static void expect_decision(const Json& incident, const std::string& reason,
                              const std::string& words);

  std::string host_ = "box";  // as the engine calls it
  SettableClock clock_;
  TempFolder folder_;
  FaultyEngine engine_;
  FaultyPrometheus prometheus_;
  RemediatorOptions options_;
  std::unique_ptr<Remediator> remediator_;  // after what it speaks to
};

}  // namespace selfheal
