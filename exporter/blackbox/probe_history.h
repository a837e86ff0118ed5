// What the last probes on demand were, and what came out: for the landing page and GET /logs.
//
// Keeps the last `limit` probes, and of those before them up to `limit` failures more: why a probe
// failed is wanted long after many that passed. Holds traces, not text: the debug output is written
// when somebody looks. Safe from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/probes/probe.h"

namespace selfheal {

struct RecentProbe {
  int64_t id = 0;      // as in /logs?id=
  std::string target;  // without a password: it is shown
  ModulePtr module;    // never null
  Milliseconds timeout{0};
  ProbeResult result;  // with its trace
};

class ProbeHistory {
 public:
  explicit ProbeHistory(size_t limit) : limit_(limit) {}

  // Gives it its id, counting from 1.
  void add(RecentProbe probe);
  std::vector<RecentProbe> newest_first() const;
  // Nothing when it was never made or is forgotten.
  std::optional<RecentProbe> find(int64_t id) const;
  // The newest of `target`, written as RecentProbe's, by the module of that name or, where it is
  // empty, by any.
  std::optional<RecentProbe> newest(const std::string& target, const std::string& module) const;

 private:
  template <class IsWanted>
  std::optional<RecentProbe> newest_that(const IsWanted& is_wanted) const;

  const size_t limit_;
  mutable std::mutex mutex_;
  int64_t last_id_ = 0;
  std::deque<RecentProbe> older_failures_;  // older than all of last_
  std::deque<RecentProbe> last_;
};

}  // namespace selfheal
