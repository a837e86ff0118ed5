#include "common/docker/limit_labels.h"

#include <charconv>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

std::string find(const Labels& labels, std::string_view label) {
  const auto found = labels.find(std::string(label));
  return found == labels.end() ? "" : found->second;
}

std::optional<Milliseconds> read_duration(const Labels& labels, std::string_view label) {
  if (const auto duration = parse_duration(find(labels, label))) return *duration;
  return std::nullopt;
}

std::optional<int> read_count(const Labels& labels, std::string_view label) {
  const std::string text = find(labels, label);
  int count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc{} || end != text.data() + text.size() || count < 1) return std::nullopt;
  return count;
}

}  // namespace

AskedLimits asked_limits(const Labels& labels) {
  return {read_duration(labels, kLimitLabels[0]), read_duration(labels, kLimitLabels[1]),
          read_count(labels, kLimitLabels[2]), read_count(labels, kLimitLabels[3])};
}

std::string fault_of_limit(const Labels& labels, std::string_view label) {
  if (find(labels, label).empty()) return "";  // as everywhere with labels: not said
  if (label == kLimitLabels[0] || label == kLimitLabels[1])
    return read_duration(labels, label) ? "" : "expected a duration such as 30s";
  return read_count(labels, label) ? "" : "expected a number from 1";
}

}  // namespace selfheal
