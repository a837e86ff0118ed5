// Whether a text is OpenMetrics 1.0, by the rules that a strict parser has and metrics_text.h has
// not: order and place of the metadata, names by type, units, buckets, no series twice, EOF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace selfheal {

// What is wrong with it, a sentence a fault with its line; empty when nothing is.
std::vector<std::string> openmetrics_faults(std::string_view text);

}  // namespace selfheal
