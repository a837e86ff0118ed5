// Whether bytes are text. [pure]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selfheal {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

// How many bytes the well-formed character has that `bytes` begins with; 0: there is none.
size_t utf8_character_size(std::string_view bytes);

// What stands for a byte that belongs to no well-formed character: U+FFFD, in UTF-8.
constexpr std::string_view kUtf8Replacement = "\xef\xbf\xbd";

// `bytes` with kUtf8Replacement for each such byte, as Go reads them.
std::string made_utf8(std::string_view bytes);

}  // namespace selfheal
