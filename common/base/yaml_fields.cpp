#include "common/base/yaml_fields.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include "common/base/ascii_text.h"
#include "common/base/time_text.h"

namespace selfheal {
namespace {

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

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

Result<int> whole_number(const std::string& text, int lowest, int highest) {
  const auto number = parse_number<int>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  return Error{"expected " + whole_numbers(lowest, highest) + ", not " + quoted(text)};
}

}  // namespace

YamlFields::YamlFields(const YamlNode* node, std::string path, YamlFaults& faults)
    : node_(node),
      line_(node == nullptr ? 0 : node->line()),
      path_(std::move(path)),
      faults_(faults) {
  if (node_ == nullptr || node_->is_map()) return;
  if (!node_->is_null()) faults_.add(line_, path_, "expected a mapping (key: value)");
  node_ = nullptr;
}

YamlFields::~YamlFields() {
  if (node_ == nullptr) return;
  std::set<std::string_view> seen;
  for_each_entry(*node_, seen, [&](const YamlNode& key, const YamlNode&) {
    if (!known_.contains(key.text()))
      faults_.add(key.line(), path_of(key.text()), "unknown key; expected one of " + known_keys());
  });
}

void YamlFields::for_each_entry(
    const YamlNode& map, std::set<std::string_view>& seen,
    const std::function<void(const YamlNode&, const YamlNode&)>& visit) {
  for (size_t at = 0; at < map.size(); ++at) {
    const YamlNode& key = map.key(at);
    if (key.text() != kMergeKey && seen.insert(key.text()).second) visit(key, map.value(at));
  }
  for (size_t at = 0; at < map.size(); ++at) {
    if (map.key(at).text() != kMergeKey) continue;
    const YamlNode& merged = map.value(at);
    const YamlNode::Children all = merged.is_list() ? merged.items() : YamlNode::Children{&merged};
    for (const YamlNode* one : all) {
      if (one->is_map())
        for_each_entry(*one, seen, visit);
      else
        faults_.add(one->line(), path_of("<<"), "expected a mapping, or a list of mappings");
    }
  }
}

const YamlNode* YamlFields::find(const std::string& key) {
  if (!known_.contains(key)) known_.insert(key);
  if (node_ == nullptr) return nullptr;
  const YamlNode* found = node_->find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const YamlNode* YamlFields::scalar(const std::string& key, const std::string& expected) {
  const YamlNode* node = find(key);
  if (node == nullptr || node->is_scalar()) return node;
  faults_.add(node->line(), path_of(key), "expected " + expected);
  return nullptr;
}

const YamlNode* YamlFields::list_at(const std::string& key, const std::string& expected) {
  const YamlNode* node = find(key);
  if (node == nullptr || node->is_list()) return node;
  faults_.add(node->line(), path_of(key), "expected " + expected);
  return nullptr;
}

std::string YamlFields::known_keys() const {
  std::string all;
  for (const std::string& name : known_) all += (all.empty() ? "" : ", ") + name;
  return all;
}

std::string YamlFields::path_of(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

bool YamlFields::has(const std::string& key) const {
  const YamlNode* node = node_ == nullptr ? nullptr : node_->find(key);
  return node != nullptr && !node->is_null();
}

std::vector<std::string> YamlFields::keys() {
  std::vector<std::string> names;
  std::set<std::string_view> seen;
  if (node_ != nullptr)
    for_each_entry(*node_, seen,
                   [&](const YamlNode& key, const YamlNode&) { names.push_back(key.text()); });
  return names;
}

void YamlFields::fault(const std::string& key, const std::string& what) {
  const YamlNode* node = node_ == nullptr ? nullptr : node_->find(key);
  faults_.add(node == nullptr ? line_ : node->line(), path_of(key), what);
}

void YamlFields::read(const std::string& key, const std::string& expected,
                      const ReadText& read_text) {
  const YamlNode* node = scalar(key, expected);
  if (node == nullptr) return;
  if (const Outcome<> done = read_text(node->text()); !done)
    faults_.add(node->line(), path_of(key), done.error().message);
}

void YamlFields::read(const std::string& key, std::string& value) {
  if (const YamlNode* node = scalar(key, "text")) value = node->text();
}

void YamlFields::read(const std::string& key, bool& value) {
  read(key, "true or false", [&](const std::string& text) -> Outcome<> {
    const auto read_value = parse_bool(text);
    if (!read_value) return Error{"expected true or false, not " + quoted(text)};
    value = *read_value;
    return Done{};
  });
}

void YamlFields::read(const std::string& key, double& value) {
  read(key, "a number", [&](const std::string& text) -> Outcome<> {
    const auto read_value = parse_number<double>(text);
    if (!read_value || !std::isfinite(*read_value))
      return Error{"expected a number, not " + quoted(text)};
    value = *read_value;
    return Done{};
  });
}

void YamlFields::read(const std::string& key, Milliseconds& value) {
  read(key, value, Milliseconds::min(), Milliseconds::max());
}

void YamlFields::read(const std::string& key, Milliseconds& value, Milliseconds lowest,
                      Milliseconds highest) {
  read(key, "a duration such as 15s", [&](const std::string& text) -> Outcome<> {
    const Result<Milliseconds> parsed = parse_duration(text);
    if (!parsed) return parsed.error();
    if (*parsed < lowest || *parsed > highest)
      return Error{"expected a duration from " + format_duration(lowest) + " to " +
                   format_duration(highest) + ", not " + quoted(text)};
    value = *parsed;
    return Done{};
  });
}

void YamlFields::read(const std::string& key, int& value, int lowest, int highest) {
  const std::string expected = whole_numbers(lowest, highest);
  read(key, expected, [&](const std::string& text) -> Outcome<> {
    const Result<int> number = whole_number(text, lowest, highest);
    if (!number) return number.error();
    value = *number;
    return Done{};
  });
}

void YamlFields::read(const std::string& key, std::vector<int>& value, int lowest, int highest) {
  std::vector<int> numbers;
  each(key, "a list of whole numbers", [&](const std::string& text) -> Outcome<> {
    const Result<int> number = whole_number(text, lowest, highest);
    if (!number) return number.error();
    numbers.push_back(*number);
    return Done{};
  });
  if (find(key) != nullptr) value = std::move(numbers);
}

void YamlFields::read(const std::string& key, std::vector<std::string>& value) {
  const YamlNode* list = list_at(key, "a list");
  if (list == nullptr) return;
  std::vector<std::string> items;
  for (const YamlNode* item : list->items()) {
    if (item->is_scalar())
      items.push_back(item->text());
    else
      faults_.add(item->line(), path_of(key), "expected a list of texts");
  }
  value = std::move(items);
}

void YamlFields::read(const std::string& key,
                      std::vector<std::pair<std::string, std::string>>& value) {
  const YamlNode* map = find(key);
  if (map == nullptr) return;
  if (!map->is_map())
    return faults_.add(map->line(), path_of(key), "expected a mapping (name: text)");
  std::vector<std::pair<std::string, std::string>> entries;
  std::set<std::string_view> seen;
  for_each_entry(*map, seen, [&](const YamlNode& name, const YamlNode& text) {
    if (text.is_scalar())
      entries.emplace_back(name.text(), text.text());
    else
      faults_.add(name.line(), path_of(key) + "." + name.text(), "expected text");
  });
  value = std::move(entries);
}

void YamlFields::each(const std::string& key, const std::string& expected,
                      const ReadText& read_text) {
  const YamlNode* list = list_at(key, expected);
  if (list == nullptr) return;
  for (const YamlNode* item : list->items()) {
    if (!item->is_scalar()) {
      faults_.add(item->line(), path_of(key), "expected " + expected);
    } else if (const Outcome<> done = read_text(item->text()); !done) {
      faults_.add(item->line(), path_of(key), done.error().message);
    }
  }
}

void YamlFields::section(const std::string& key, const ReadFields& read_section) {
  YamlFields fields(find(key), path_of(key), faults_);
  read_section(fields);
}

void YamlFields::list(const std::string& key, const ReadFields& read_item) {
  const YamlNode* list = list_at(key, "a list of mappings");
  if (list == nullptr) return;
  size_t number = 0;
  for (const YamlNode* item : list->items()) {
    YamlFields fields(item, path_of(key) + "[" + std::to_string(number++) + "]", faults_);
    read_item(fields);
  }
}

void YamlFields::map(const std::string& key,
                     const std::function<void(const std::string&, YamlFields&)>& read_item) {
  const YamlNode* map = find(key);
  if (map == nullptr) return;
  if (!map->is_map())
    return faults_.add(map->line(), path_of(key), "expected a mapping (name: mapping)");
  std::set<std::string_view> seen;
  for_each_entry(*map, seen, [&](const YamlNode& name, const YamlNode& value) {
    YamlFields fields(&value, path_of(key) + "." + name.text(), faults_);
    read_item(name.text(), fields);
  });
}

Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const YamlFields::ReadFields& read_root) {
  YamlFaults faults(name);
  if (const auto tree = YamlTree::parse(text)) {
    YamlFields root(&tree->root(), "", faults);
    read_root(root);
  } else {
    faults.add(tree.error().line, "", tree.error().what);
  }
  if (faults.empty()) return Done{};
  return Error{faults.text()};
}

Outcome<> read_yaml_file(const std::string& file, const YamlFields::ReadFields& read_root) {
  std::ifstream in(file);
  std::stringstream text;
  in.peek();  // a folder can be opened, but not read
  if (!in.is_open() || in.bad())
    return Error{file + ": can't be read: " + std::generic_category().message(errno)};
  text << in.rdbuf();
  return read_yaml_text(std::move(text).str(), file, read_root);
}

}  // namespace selfheal
