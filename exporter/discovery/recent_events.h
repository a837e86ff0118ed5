// Recognises events that were delivered before: after a reconnect Docker repeats them. [pure]
#pragma once

#include <deque>
#include <set>
#include <string>

#include "common/docker/docker_api.h"

namespace selfheal {

class RecentEvents {
 public:
  // False when this very event is among the last 512. Docker itself keeps 256.
  bool is_new(const DockerEvent& event) {
    std::string key = std::to_string(event.time_ns) + event.action + event.actor_id;
    const auto [entry, inserted] = known_.insert(key);
    if (!inserted) return false;
    order_.push_back(std::move(key));
    if (order_.size() > kKept) {
      known_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  static constexpr size_t kKept = 512;
  std::set<std::string> known_;
  std::deque<std::string> order_;
};

}  // namespace selfheal
