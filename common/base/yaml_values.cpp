// The values of a mapping's keys: texts, numbers, durations, and lists of them.
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "common/base/ascii_text.h"
#include "common/base/text_list.h"
#include "common/base/time_text.h"
#include "common/base/yaml_fields.h"

namespace selfheal {
namespace {

std::string whole_numbers(int lowest, int highest) {
  return "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
}

std::optional<bool> parse_bool(const std::string& text) {
  const auto is = [&](const char* word) { return same_ignoring_case(text, word); };
  if (is("true") || is("yes") || is("on") || is("y")) return true;
  if (is("false") || is("no") || is("off") || is("n")) return false;
  return std::nullopt;
}

template <class Number>
std::optional<Number> parse_number(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || stop != end) return std::nullopt;
  return number;
}

// As it would stand in the file; empty for none.
std::string list_text(const std::vector<std::string>& items) {
  return items.empty() ? "" : "[" + joined(items) + "]";
}

Result<int> whole_number(const std::string& text, int lowest, int highest) {
  const auto number = parse_number<int>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  return Error{"expected " + whole_numbers(lowest, highest) + ", not " + in_quotes(text)};
}

}  // namespace

void YamlFields::read(const YamlKey& key, const std::string& expected, const ReadText& read_text) {
  if (reference_ != nullptr) return note(key, expected);
  const YamlNode* node = scalar(key.name, expected);
  if (node == nullptr) return;
  if (const Outcome<> done = read_text(node->text()); !done)
    faults_.add(node->line(), path_of(key.name), done.error().message);
}

void YamlFields::read(const YamlKey& key, std::string& value) {
  if (reference_ != nullptr) return note(key, "text", value);
  if (const YamlNode* node = scalar(key.name, "text")) value = node->text();
}

void YamlFields::read(const YamlKey& key, bool& value) {
  const char* expected = "true or false";
  if (reference_ != nullptr) return note(key, expected, value ? "true" : "false");
  read(key, expected, [&](const std::string& text) -> Outcome<> {
    const auto read_value = parse_bool(text);
    if (!read_value) return Error{"expected true or false, not " + in_quotes(text)};
    value = *read_value;
    return Done{};
  });
}

void YamlFields::read(const YamlKey& key, double& value) {
  if (reference_ != nullptr) return note(key, "a number", std::to_string(value));
  read(key, "a number", [&](const std::string& text) -> Outcome<> {
    const auto read_value = parse_number<double>(text);
    if (!read_value || !std::isfinite(*read_value))
      return Error{"expected a number, not " + in_quotes(text)};
    value = *read_value;
    return Done{};
  });
}

void YamlFields::read(const YamlKey& key, Milliseconds& value) {
  if (reference_ != nullptr) return note(key, "a duration", format_duration(value));
  read(key, value, Milliseconds::min(), Milliseconds::max());
}

void YamlFields::read(const YamlKey& key, Milliseconds& value, Milliseconds lowest,
                      Milliseconds highest) {
  const auto range = [&] {
    return "a duration from " + format_duration(lowest) + " to " + format_duration(highest);
  };
  if (reference_ != nullptr) return note(key, range(), format_duration(value));
  read(key, "a duration such as 15s", [&](const std::string& text) -> Outcome<> {
    const Result<Milliseconds> parsed = parse_duration(text);
    if (!parsed) return parsed.error();
    if (*parsed < lowest || *parsed > highest)
      return Error{"expected " + range() + ", not " + in_quotes(text)};
    value = *parsed;
    return Done{};
  });
}

void YamlFields::read(const YamlKey& key, int& value, int lowest, int highest) {
  const std::string expected = whole_numbers(lowest, highest);
  if (reference_ != nullptr) return note(key, expected, std::to_string(value));
  read(key, expected, [&](const std::string& text) -> Outcome<> {
    const Result<int> number = whole_number(text, lowest, highest);
    if (!number) return number.error();
    value = *number;
    return Done{};
  });
}

void YamlFields::read(const YamlKey& key, std::vector<int>& value, int lowest, int highest) {
  if (reference_ != nullptr) return note(key, "a list, each " + whole_numbers(lowest, highest));
  std::vector<int> numbers;
  each(key, "a list of whole numbers", [&](const std::string& text) -> Outcome<> {
    const Result<int> number = whole_number(text, lowest, highest);
    if (!number) return number.error();
    numbers.push_back(*number);
    return Done{};
  });
  if (find(key.name) != nullptr) value = std::move(numbers);
}

void YamlFields::read(const YamlKey& key, std::vector<std::string>& value) {
  if (reference_ != nullptr) return note(key, "a list of texts", list_text(value));
  const YamlNode* list = list_at(key.name, "a list");
  if (list == nullptr) return;
  std::vector<std::string> items;
  for (const YamlNode* item : list->items()) {
    if (item->is_scalar())
      items.push_back(item->text());
    else
      faults_.add(item->line(), path_of(key.name), "expected a list of texts");
  }
  value = std::move(items);
}

void YamlFields::read(const YamlKey& key, std::vector<std::pair<std::string, std::string>>& value) {
  if (reference_ != nullptr) return note(key, "a mapping of names to texts");
  const YamlNode* map = find(key.name);
  if (map == nullptr) return;
  if (!map->is_map())
    return faults_.add(map->line(), path_of(key.name), "expected a mapping (name: text)");
  std::vector<std::pair<std::string, std::string>> entries;
  std::set<std::string_view> seen;
  for_each_entry(*map, seen, [&](const YamlNode& name, const YamlNode& text) {
    if (text.is_scalar())
      entries.emplace_back(name.text(), text.text());
    else
      faults_.add(name.line(), path_of(key.name) + "." + name.text(), "expected text");
  });
  value = std::move(entries);
}

void YamlFields::each(const YamlKey& key, const std::string& expected, const ReadText& read_text) {
  if (reference_ != nullptr) return note(key, expected);
  const YamlNode* list = list_at(key.name, expected);
  if (list == nullptr) return;
  for (const YamlNode* item : list->items()) {
    if (!item->is_scalar()) {
      faults_.add(item->line(), path_of(key.name), "expected " + expected);
    } else if (const Outcome<> done = read_text(item->text()); !done) {
      faults_.add(item->line(), path_of(key.name), done.error().message);
    }
  }
}

}  // namespace selfheal
