#include "remediator/decision/label_durations.h"

#include <algorithm>
#include <optional>

#include "common/base/time_text.h"

namespace selfheal {

Milliseconds longest_duration(const Labels& labels, const std::string& label,
                              Milliseconds fallback) {
  std::optional<Milliseconds> found;
  for (auto at = labels.lower_bound(label); at != labels.end() && at->first.starts_with(label);
       ++at) {
    if (at->first != label && at->first[label.size()] != '.') continue;
    if (const auto duration = parse_duration(at->second))
      found = std::max(found.value_or(*duration), *duration);
  }
  return found.value_or(fallback);
}

}  // namespace selfheal
