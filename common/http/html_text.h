// Text for web pages: whatever comes from elsewhere made harmless, numbers as people say them.
// [pure]
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/clock.h"

namespace selfheal {

// For text and for attributes in either kind of quotes. Bytes that are no UTF-8, control
// characters, and those that turn the direction of text or can't be seen (U+202E, U+200B, …) become
// U+FFFD.
std::string escape_html(std::string_view text);

// For a value in the query of a link.
std::string encode_query(std::string_view text);

// "340 µs", "12 ms", "1.2 s", "5 min", "3 h", "2 d": one unit, for reading at a glance.
std::string glance(std::chrono::duration<double> length);

// <time>: how far `instant` is from `now`, either way, as "5 min"; exactly when one points at it.
std::string html_time(WallTime instant, WallTime now);

}  // namespace selfheal
