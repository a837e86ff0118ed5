// A mapping's keys and what is nested in it. Values: yaml_values.cpp.
#include "common/base/yaml_fields.h"

#include "common/base/text_list.h"

namespace selfheal {
namespace {

// In a reference, for a name that is the user's own.
constexpr const char* kAnyName = "NAME";

}  // namespace

YamlFields::YamlFields(const YamlNode* node, std::string path, YamlFaults& faults,
                       YamlReference* reference)
    : node_(node),
      line_(node == nullptr ? 0 : node->line()),
      path_(std::move(path)),
      faults_(faults),
      reference_(reference) {
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

void YamlFields::note(const YamlKey& key, const std::string& type, const std::string& value) {
  const std::string usual = value.empty() ? "" : "`" + value + "`";
  reference_->add(path_, {key.name, type, key.usual.empty() ? usual : std::string(key.usual),
                          key.about, false});
}

void YamlFields::note_mapping(const YamlKey& key, const std::string& type) {
  reference_->add(path_, {key.name, type, std::string(key.usual), key.about, true});
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
  return joined(known_);
}

std::string YamlFields::path_of(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

bool YamlFields::has(const std::string& key) const {
  if (reference_ != nullptr) return true;
  const YamlNode* node = node_ == nullptr ? nullptr : node_->find(key);
  return node != nullptr && !node->is_null();
}

void YamlFields::skip(const YamlKey& key) {
  if (reference_ != nullptr) return note(key, "anything");
  known_.insert(key.name);
}

std::vector<std::string> YamlFields::keys() {
  if (reference_ != nullptr) return {kAnyName};
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

void YamlFields::section(const YamlKey& key, const ReadFields& read_section) {
  if (reference_ != nullptr) note_mapping(key, "a mapping");
  YamlFields fields(find(key.name), path_of(key.name), faults_, reference_);
  read_section(fields);
}

void YamlFields::list(const YamlKey& key, const ReadFields& read_item) {
  if (reference_ != nullptr) {
    note_mapping(key, "a list of mappings");
    YamlFields fields(nullptr, path_of(key.name) + "[]", faults_, reference_);
    return read_item(fields);
  }
  const YamlNode* list = list_at(key.name, "a list of mappings");
  if (list == nullptr) return;
  size_t number = 0;
  for (const YamlNode* item : list->items()) {
    YamlFields fields(item, path_of(key.name) + "[" + std::to_string(number++) + "]", faults_);
    read_item(fields);
  }
}

void YamlFields::map(const YamlKey& key,
                     const std::function<void(const std::string&, YamlFields&)>& read_item) {
  if (reference_ != nullptr) {
    note_mapping(key, "a mapping of names to mappings");
    YamlFields fields(nullptr, path_of(key.name) + "." + kAnyName, faults_, reference_);
    return read_item(kAnyName, fields);
  }
  const YamlNode* map = find(key.name);
  if (map == nullptr) return;
  if (!map->is_map())
    return faults_.add(map->line(), path_of(key.name), "expected a mapping (name: mapping)");
  std::set<std::string_view> seen;
  for_each_entry(*map, seen, [&](const YamlNode& name, const YamlNode& value) {
    YamlFields fields(&value, path_of(key.name) + "." + name.text(), faults_);
    read_item(name.text(), fields);
  });
}

}  // namespace selfheal
