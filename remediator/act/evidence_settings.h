// What is collected of a container before an attempt, as the configuration says it. [pure]
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "remediator/act/name_pattern.h"

namespace selfheal {

// The least that max_bytes may be, and the most queries: all shares fit then.
inline constexpr int kLeastEvidenceBytes = 16'384;
inline constexpr size_t kMostEvidenceQueries = 16;
inline constexpr size_t kLongestQueryName = 64;

struct EvidenceSettings {
  bool enabled = true;
  Milliseconds timeout{5'000};  // for all of it together
  int log_lines = 100;
  int max_bytes = 65'536;         // of one attempt's evidence, as JSON
  std::vector<NamePattern> mask;  // variables that are secret, beside those of SecretMask
  // Names to PromQL, to be filled in (promql.h).
  std::vector<std::pair<std::string, std::string>> queries;
};

}  // namespace selfheal
