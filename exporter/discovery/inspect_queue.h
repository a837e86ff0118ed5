// Which containers events ask to be inspected, each once, in order, and at what pace: a flood of
// events must not become a flood of questions to Docker. [pure]
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/base/clock.h"

namespace selfheal {

class InspectQueue {
 public:
  // This many at once, then one each kPace.
  static constexpr int kBurst = 200;
  static constexpr Milliseconds kPace{10};

  void add(const std::string& id) {
    if (waiting_.insert(id).second) order_.push_back(id);
  }

  void clear() {
    order_.clear();
    waiting_.clear();
  }

  // Nothing when none waits, or the pace says not yet.
  std::optional<std::string> take(SteadyTime now) {
    const auto time = next();
    if (!time || now < *time) return std::nullopt;
    paid_until_ = std::max(paid_until_, now) + kPace;
    std::string id = std::move(order_.front());
    order_.pop_front();
    waiting_.erase(id);
    return id;
  }

  // When take() gives the next one.
  std::optional<SteadyTime> next() const {
    if (order_.empty()) return std::nullopt;
    return paid_until_ - (kBurst - 1) * kPace;
  }

 private:
  std::deque<std::string> order_;
  std::set<std::string> waiting_;
  SteadyTime paid_until_{};  // ahead of the present while takes come quicker than the pace
};

}  // namespace selfheal
