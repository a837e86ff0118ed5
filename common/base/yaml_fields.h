// Reading a YAML mapping into a plain struct, with errors that name the file, the line and the key.
//
//   YamlFields root(document);
//   root.read("interval", settings.interval);            // absent: the default stays
//   root.section("guards", [&](YamlFields& guards) { guards.read("cooldown", …); });
//   return document.finish(root)...
//
// Every fault is collected, so that a person sees all of them at once; a key that nobody read is a
// fault too ("unknown key"), with the known ones listed.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

// Where a value stands and what is wrong with it, collected over one file.
class YamlFaults {
 public:
  explicit YamlFaults(std::string file) : file_(std::move(file)) {}
  // `mark` of the offending node; `path` as guards.cooldown.
  void add(const YAML::Mark& mark, const std::string& path, const std::string& what);
  bool empty() const { return lines_.empty(); }
  // file:line: key: what was expected; one line a fault.
  std::string text() const;

 private:
  std::string file_;
  std::vector<std::string> lines_;
};

class YamlFields {
 public:
  YamlFields(YAML::Node node, std::string path, YamlFaults& faults);
  // Reports the keys that nobody read.
  ~YamlFields();
  YamlFields(const YamlFields&) = delete;
  YamlFields& operator=(const YamlFields&) = delete;

  // Each keeps `value` as it is when the key is absent or null, and when it is faulty.
  void read(const std::string& key, std::string& value);
  void read(const std::string& key, bool& value);
  void read(const std::string& key, double& value);
  void read(const std::string& key, Milliseconds& value);
  void read(const std::string& key, std::vector<std::string>& value);
  // Durations within [lowest, highest].
  void read(const std::string& key, Milliseconds& value, Milliseconds lowest, Milliseconds highest);
  // Whole numbers within [lowest, highest].
  void read(const std::string& key, int& value, int lowest, int highest);
  // A nested mapping.
  void section(const std::string& key, const std::function<void(YamlFields&)>& read_section);

 private:
  // The scalar at `key`, or nothing; a fault where it is something else than a scalar.
  const YAML::Node scalar(const std::string& key, const std::string& expected);
  const YAML::Node find(const std::string& key);
  std::string path_of(const std::string& key) const;

  YAML::Node node_;
  std::string path_;
  YamlFaults& faults_;
  std::set<std::string> known_;
};

// Reads `file` whole and hands its root mapping to `read_root`. An empty file is an empty mapping.
// The error holds every fault found, one a line.
Outcome<> read_yaml_file(const std::string& file,
                         const std::function<void(YamlFields&)>& read_root);
// The same for text that is already here; `name` stands in for the file's.
Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const std::function<void(YamlFields&)>& read_root);

}  // namespace selfheal
