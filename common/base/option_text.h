// What a man page, a completion and a reference say alike of an option of the command line.
//
// Any thread. [pure]
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace selfheal {

inline bool takes_value(const CLI::Option& option) {
  return option.get_expected_max() > 0;
}

// As it would be typed: CLI11 has a list's in brackets.
inline std::string default_of(const CLI::Option& option) {
  const std::string text = takes_value(option) ? option.get_default_str() : "";
  const bool list = text.size() > 1 && text.front() == '[' && text.back() == ']';
  return list ? text.substr(1, text.size() - 2) : text;
}

// What is for packagers is in no help.
inline bool is_shown(const CLI::Option& option) {
  return !option.get_group().empty();
}

}  // namespace selfheal
