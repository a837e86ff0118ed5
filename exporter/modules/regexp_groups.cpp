#include "exporter/modules/regexp_groups.h"

#include <algorithm>
#include <charconv>

#include <re2/re2.h>

namespace selfheal {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// What a '$' begins: the group it names and how much of the text it takes; 0: it is only a dollar.
struct Reference {
  std::string_view name;
  size_t length = 0;
};

// `text` is what follows the dollar.
Reference reference_at(std::string_view text) {
  const bool braces = !text.empty() && text.front() == '{';
  if (braces) text.remove_prefix(1);
  const auto end = std::find_if_not(text.begin(), text.end(), is_word);
  const auto length = static_cast<size_t>(end - text.begin());
  if (length == 0 || (braces && (end == text.end() || *end != '}'))) return {};
  return {text.substr(0, length), length + (braces ? 2 : 0)};
}

std::string_view group_of(std::string_view name, const Regexp& regexp,
                          const std::vector<std::string_view>& groups) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) {
    const auto& names = regexp.re2().NamedCapturingGroups();
    const auto found = names.find(std::string(name));
    if (found == names.end()) return "";
    number = static_cast<size_t>(found->second);
  }
  return number < groups.size() ? groups[number] : "";
}

}  // namespace

std::optional<std::vector<std::string_view>> match_groups(const Regexp& regexp,
                                                          std::string_view subject) {
  const int count = regexp.re2().NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> pieces(static_cast<size_t>(count));
  if (!regexp.re2().Match({subject.data(), subject.size()}, 0, subject.size(), re2::RE2::UNANCHORED,
                          pieces.data(), count))
    return std::nullopt;
  std::vector<std::string_view> groups;
  for (const re2::StringPiece& piece : pieces) groups.emplace_back(piece.data(), piece.size());
  return groups;
}

std::string expand_groups(std::string_view text, const Regexp& regexp,
                          const std::vector<std::string_view>& groups) {
  std::string expanded;
  while (!text.empty()) {
    const size_t dollar = std::min(text.find('$'), text.size());
    expanded += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) break;
    text.remove_prefix(1);
    if (const Reference reference = reference_at(text); reference.length > 0) {
      expanded += group_of(reference.name, regexp, groups);
      text.remove_prefix(reference.length);
    } else {
      expanded += '$';
      if (text.starts_with('$')) text.remove_prefix(1);
    }
  }
  return expanded;
}

}  // namespace selfheal
