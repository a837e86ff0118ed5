// Command lines as people write them in labels. [pure]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace selfheal {

// Splits as a shell does, expanding nothing: blanks separate, '…' and "…" hold together, a
// backslash takes the next character as it is (within "…" only before " and \). Text that begins
// with [ is read as a JSON list of texts instead. The error says what is wrong; no word at all is
// one.
Result<std::vector<std::string>> parse_command(std::string_view text);

// The text that parse_command reads back to the same words.
std::string format_command(const std::vector<std::string>& words);

}  // namespace selfheal
