#include "exporter/modules/regexp_groups.h"

#include <algorithm>
#include <charconv>

#include <re2/re2.h>

#include "common/base/utf8.h"

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

std::optional<std::vector<std::string_view>> match_text(const Regexp& regexp,
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

// Where in `bytes` stands what stands at `place` in made_utf8(bytes).
size_t place_in_bytes(std::string_view bytes, size_t place) {
  size_t at = 0;
  for (size_t in_text = 0; in_text < place;) {
    const size_t size = utf8_character_size(bytes.substr(at));
    in_text += size > 0 ? size : kUtf8Replacement.size();
    at += size > 0 ? size : 1;
  }
  return at;
}

}  // namespace

std::optional<std::vector<std::string_view>> match_groups(const Regexp& regexp,
                                                          std::string_view subject) {
  if (is_utf8(subject)) return match_text(regexp, subject);
  const std::string text = made_utf8(subject);
  auto groups = match_text(regexp, text);
  if (!groups) return std::nullopt;
  for (std::string_view& group : *groups) {
    if (group.data() == nullptr) continue;  // it took no part
    const auto begin = static_cast<size_t>(group.data() - text.data());
    const size_t from = place_in_bytes(subject, begin);
    const size_t to = place_in_bytes(subject, begin + group.size());
    group = subject.substr(from, to - from);
  }
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
