#include "common/base/yaml_fields.h"

#include <fstream>
#include <sstream>

#include "common/base/time_text.h"

namespace selfheal {

void YamlFaults::add(const YAML::Mark& mark, const std::string& path, const std::string& what) {
  std::string line = file_;
  if (!mark.is_null()) line += ":" + std::to_string(mark.line + 1);
  line += ": ";
  if (!path.empty()) line += path + ": ";
  lines_.push_back(line + what);
}

std::string YamlFaults::text() const {
  std::string all;
  for (const std::string& line : lines_) {
    if (!all.empty()) all += '\n';
    all += line;
  }
  return all;
}

YamlFields::YamlFields(YAML::Node node, std::string path, YamlFaults& faults)
    : node_(std::move(node)), path_(std::move(path)), faults_(faults) {
  if (node_.IsDefined() && !node_.IsNull() && !node_.IsMap()) {
    faults_.add(node_.Mark(), path_, "expected a mapping (key: value)");
    node_ = YAML::Node();
  }
}

YamlFields::~YamlFields() {
  if (!node_.IsMap()) return;
  std::string expected;
  for (const std::string& key : known_) expected += (expected.empty() ? "" : ", ") + key;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (known_.count(key) == 0)
      faults_.add(entry.first.Mark(), path_of(key), "unknown key; expected one of " + expected);
  }
}

const YAML::Node YamlFields::find(const std::string& key) {
  known_.insert(key);
  if (!node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node& read_only = node_;  // operator[] of a mutable node would create the key
  return read_only[key];
}

const YAML::Node YamlFields::scalar(const std::string& key, const std::string& expected) {
  const YAML::Node node = find(key);
  if (!node.IsDefined() || node.IsNull()) return YAML::Node(YAML::NodeType::Undefined);
  if (node.IsScalar()) return node;
  faults_.add(node.Mark(), path_of(key), "expected " + expected);
  return YAML::Node(YAML::NodeType::Undefined);
}

std::string YamlFields::path_of(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

void YamlFields::read(const std::string& key, std::string& value) {
  if (const YAML::Node node = scalar(key, "text"); node.IsDefined()) value = node.Scalar();
}

void YamlFields::read(const std::string& key, bool& value) {
  const YAML::Node node = scalar(key, "true or false");
  if (!node.IsDefined()) return;
  if (!YAML::convert<bool>::decode(node, value))
    faults_.add(node.Mark(), path_of(key), "expected true or false, not \"" + node.Scalar() + "\"");
}

void YamlFields::read(const std::string& key, double& value) {
  const YAML::Node node = scalar(key, "a number");
  if (!node.IsDefined()) return;
  double read_value = 0;  // decode() writes to it also where it fails
  if (YAML::convert<double>::decode(node, read_value))
    value = read_value;
  else
    faults_.add(node.Mark(), path_of(key), "expected a number, not \"" + node.Scalar() + "\"");
}

void YamlFields::read(const std::string& key, Milliseconds& value) {
  const YAML::Node node = scalar(key, "a duration such as 15s");
  if (!node.IsDefined()) return;
  const Result<Milliseconds> parsed = parse_duration(node.Scalar());
  if (parsed)
    value = *parsed;
  else
    faults_.add(node.Mark(), path_of(key), parsed.error().message);
}

void YamlFields::read(const std::string& key, Milliseconds& value, Milliseconds lowest,
                      Milliseconds highest) {
  Milliseconds read_value = value;
  const YAML::Node node = scalar(key, "a duration such as 15s");
  if (!node.IsDefined()) return;
  read(key, read_value);
  if (read_value == value) return;  // faulty, or the same
  if (read_value >= lowest && read_value <= highest)
    value = read_value;
  else
    faults_.add(node.Mark(), path_of(key),
                "expected a duration from " + format_duration(lowest) + " to " +
                    format_duration(highest) + ", not \"" + node.Scalar() + "\"");
}

void YamlFields::read(const std::string& key, int& value, int lowest, int highest) {
  const std::string expected =
      "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest);
  const YAML::Node node = scalar(key, expected);
  if (!node.IsDefined()) return;
  int read_value = 0;
  if (YAML::convert<int>::decode(node, read_value) && read_value >= lowest && read_value <= highest)
    value = read_value;
  else
    faults_.add(node.Mark(), path_of(key),
                "expected " + expected + ", not \"" + node.Scalar() + "\"");
}

void YamlFields::read(const std::string& key, std::vector<std::string>& value) {
  const YAML::Node node = find(key);
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsSequence()) {
    faults_.add(node.Mark(), path_of(key), "expected a list");
    return;
  }
  std::vector<std::string> items;
  for (const YAML::Node& item : node) {
    if (item.IsScalar())
      items.push_back(item.Scalar());
    else
      faults_.add(item.Mark(), path_of(key), "expected a list of texts");
  }
  value = std::move(items);
}

void YamlFields::section(const std::string& key,
                         const std::function<void(YamlFields&)>& read_section) {
  const YAML::Node node = find(key);
  YamlFields fields(node.IsDefined() ? YAML::Node(node) : YAML::Node(), path_of(key), faults_);
  read_section(fields);
}

Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const std::function<void(YamlFields&)>& read_root) {
  YamlFaults faults(name);
  try {
    YamlFields root(YAML::Load(text), "", faults);
    read_root(root);
  } catch (const YAML::Exception& fault) {
    faults.add(fault.mark, "", fault.msg);
  }
  if (faults.empty()) return Done{};
  return Error{faults.text()};
}

Outcome<> read_yaml_file(const std::string& file,
                         const std::function<void(YamlFields&)>& read_root) {
  std::ifstream in(file);
  std::stringstream text;
  in.peek();  // a folder can be opened, but not read
  if (!in.is_open() || in.bad())
    return Error{file + ": can't be read: " + std::generic_category().message(errno)};
  text << in.rdbuf();
  return read_yaml_text(text.str(), file, read_root);
}

}  // namespace selfheal
