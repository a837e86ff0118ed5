// Whether bytes are text. [pure]
#pragma once

#include <string_view>

namespace selfheal {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

}  // namespace selfheal
