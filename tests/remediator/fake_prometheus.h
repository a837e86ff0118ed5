// A Prometheus that answers the remediator's queries from a few switches. Safe from any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "remediator/act/prometheus_client.h"
#include "remediator/act/verification.h"

namespace selfheal {

class FakePrometheus final : public PrometheusApi {
 public:
  struct State {
    bool down = false;
    bool alerts_firing = true;
    std::vector<std::string> holds;
    Health health = Health::unproven;
    bool has_probes = true;
    bool scraped = true;
    std::map<std::string, std::vector<PromSample>> answers = {};  // by whole queries
    std::function<void()> meanwhile = {};  // what else happens before the next answer, once
  };

  void set(const std::function<void(State&)>& change) {
    const std::lock_guard lock(mutex_);
    change(state_);
  }
  std::vector<std::string> queries() const {
    const std::lock_guard lock(mutex_);
    return queries_;
  }

  Result<std::vector<PromSample>> query(const std::string& promql) override {
    std::unique_lock lock(mutex_);
    queries_.push_back(promql);
    if (const auto meanwhile = std::exchange(state_.meanwhile, nullptr)) {
      lock.unlock();
      meanwhile();
      lock.lock();
    }
    if (state_.down) return Error{"the fake Prometheus is down"};
    const auto asks = [&](const char* part) { return promql.find(part) != std::string::npos; };
    const std::vector<PromSample> yes{PromSample{{}, 1}};
    const std::vector<PromSample> no;
    if (const auto answer = state_.answers.find(promql); answer != state_.answers.end())
      return answer->second;
    if (asks("selfheal:hold")) return policy();
    if (asks(">= 2 and")) return state_.health == Health::proven ? yes : no;
    if (asks(">= 1 and") || asks(">= 1) ==")) return state_.health == Health::unproven ? no : yes;
    if (asks("unless count")) return state_.has_probes || !state_.scraped ? no : yes;
    if (asks("count(selfheal_container_start")) return state_.scraped ? yes : no;
    return Error{"the fake Prometheus does not know " + promql};
  }
  Result<std::vector<PromSample>> query_within(const std::string& promql, Milliseconds) override {
    return query(promql);
  }

 private:
  std::vector<PromSample> policy() const {
    std::vector<PromSample> samples;
    if (state_.alerts_firing) samples.push_back({{{"__name__", "ALERTS"}}, 1});
    for (const std::string& hold : state_.holds)
      samples.push_back({{{"__name__", "selfheal:hold"}, {"reason", hold}}, 1});
    return samples;
  }

  mutable std::mutex mutex_;
  State state_;
  std::vector<std::string> queries_;
};

}  // namespace selfheal
