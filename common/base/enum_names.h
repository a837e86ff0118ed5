// The names of an enum's values as one table, which both ways go by. [pure]
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace selfheal {

template <class Enum, size_t N>
using EnumNames = std::array<std::pair<Enum, std::string_view>, N>;

// Whether there is a row for each value from the first to `last`, in their order; for a
// static_assert beside the table. The language can't tell which value is the last.
template <class Enum, size_t N>
constexpr bool names_each(const EnumNames<Enum, N>& names, Enum last) {
  for (size_t i = 0; i < N; ++i)
    if (static_cast<size_t>(names[i].first) != i) return false;
  return N == static_cast<size_t>(last) + 1;
}

// Empty for a value that the table does not have.
template <class Enum, size_t N>
constexpr std::string_view name_of(const EnumNames<Enum, N>& names, Enum value) {
  for (const auto& [candidate, name] : names)
    if (candidate == value) return name;
  return "";
}

template <class Enum, size_t N>
constexpr std::optional<Enum> value_of(const EnumNames<Enum, N>& names, std::string_view text) {
  for (const auto& [value, name] : names)
    if (name == text) return value;
  return std::nullopt;
}

}  // namespace selfheal
