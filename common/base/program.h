// What a program says of itself: its version and its exit status. Apart from flags.h, which costs
// seconds of compile time.
#pragma once

#include <string>

namespace selfheal {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;    // at run time
inline constexpr int kExitBadUsage = 2;  // flags or configuration

const char* version();
// "selfheal-exporter, version 0.1.0 (C++20, …)".
std::string version_text(const std::string& program);

}  // namespace selfheal
