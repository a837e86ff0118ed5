// The groups of a regular expression's match, and texts made with them. [pure]
//
// Templates are those of Go's Regexp.Expand: $1, ${1}, $name and ${name} stand for a group (an
// unknown or unmatched one for nothing), $$ for a dollar sign; $1x is the group named "1x".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/modules/regexp.h"

namespace selfheal {

// [0] is the whole match. Views into `subject`; nothing when it does not match.
std::optional<std::vector<std::string_view>> match_groups(const Regexp& regexp,
                                                          std::string_view subject);

std::string expand_groups(std::string_view text, const Regexp& regexp,
                          const std::vector<std::string_view>& groups);

}  // namespace selfheal
