// The ids of containers, and their short form: what `docker ps` shows, and what Docker gives a
// container as its host name. [pure]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace selfheal {

inline constexpr size_t kIdLength = 64;
inline constexpr size_t kShortIdLength = 12;

inline std::string short_id(std::string_view id) {
  return std::string(id.substr(0, kShortIdLength));
}

// Whether somebody who wrote `text` meant that id: Docker takes the beginning of one for it, and
// less than the short form may be a name.
inline bool stands_for_id(std::string_view text, std::string_view id) {
  return text.size() >= kShortIdLength && id.starts_with(text);
}

}  // namespace selfheal
