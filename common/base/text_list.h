// Texts in a sentence: several as one, and one that is somebody else's word. [pure]
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

// Empty where there are none. `texts` is anything that can be gone through.
template <class Texts>
std::string joined(const Texts& texts, std::string_view separator = ", ") {
  std::string all;
  bool first = true;
  for (const auto& text : texts) {
    if (!first) all += separator;
    first = false;
    all += text;
  }
  return all;
}

// Not `quoted`, in whose place std::quoted would be taken wherever <iomanip> is.
inline std::string in_quotes(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace selfheal
