// A query string read as Go's net/url reads it, since what Prometheus users write was tried on Go.
// [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selfheal {

// %41 to A, and '+' to a blank. Nothing when a '%' is not followed by two hex digits.
std::optional<std::string> decode_query_part(std::string_view text);

// The value of the first pair of this name in "a=1&b=2", decoded; empty when there is none. Pairs
// that can't be decoded or have a ';' in them are passed over.
std::string query_value(std::string_view query, std::string_view name);

}  // namespace selfheal
