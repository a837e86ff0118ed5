// Reading a YAML mapping into a plain struct, with errors that name the file, the line and the key.
//
//   read_yaml_file("file.yml", [&](YamlFields& root) {
//     root.read("interval", settings.interval);            // absent: the default stays
//     root.section("guards", [&](YamlFields& guards) { guards.read("cooldown", …); });
//   });
//
// Every fault is collected, so that a person sees all of them at once; a key that nobody read is a
// fault too ("unknown key"), with the known ones listed. Anchors, aliases and merge keys (<<) work.
// A value's text comes into an error only where the reader that takes it puts it there: secrets are
// read as text and never quoted.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/yaml_faults.h"
#include "common/base/yaml_tree.h"

namespace selfheal {

class YamlFields {
 public:
  using ReadFields = std::function<void(YamlFields&)>;
  // Takes a scalar's text; the error says what was expected instead.
  using ReadText = std::function<Outcome<>(const std::string&)>;

  // `node` null: as if it were an empty mapping.
  YamlFields(const YamlNode* node, std::string path, YamlFaults& faults);
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
  void read(const std::string& key, std::vector<int>& value, int lowest, int highest);
  // A mapping of names that are the user's own to texts, in its order.
  void read(const std::string& key, std::vector<std::pair<std::string, std::string>>& value);
  // A scalar of the caller's own kind; `expected` in a few words, for what is no scalar.
  void read(const std::string& key, const std::string& expected, const ReadText& read_text);
  // A list of such.
  void each(const std::string& key, const std::string& expected, const ReadText& read_text);
  // A nested mapping; called also when it is absent, then with nothing in it.
  void section(const std::string& key, const ReadFields& read_section);
  // A list of mappings.
  void list(const std::string& key, const ReadFields& read_item);
  // A mapping of names that are the user's own to mappings.
  void map(const std::string& key,
           const std::function<void(const std::string& name, YamlFields&)>& read_item);

  // Whether the key is there and has a value.
  bool has(const std::string& key) const;
  // Takes whatever stands there, and does nothing with it.
  void skip(const std::string& key) { known_.insert(key); }
  // Those of the mapping, where they are the user's own.
  std::vector<std::string> keys();
  // The value of `key` is wrong in a way that only the caller can tell.
  void fault(const std::string& key, const std::string& what);
  // The mapping as a whole is.
  void fault(const std::string& what) { faults_.add(line_, path_, what); }

 private:
  // The node at `key`, or null where it is absent or a YAML null.
  const YamlNode* find(const std::string& key);
  // The scalar at `key`, or null; a fault where it is something else than a scalar.
  const YamlNode* scalar(const std::string& key, const std::string& expected);
  const YamlNode* list_at(const std::string& key, const std::string& expected);
  // Every key of the mapping, what it merges included, once.
  void for_each_entry(const YamlNode& map, std::set<std::string_view>& seen,
                      const std::function<void(const YamlNode&, const YamlNode&)>& visit);
  std::string path_of(const std::string& key) const;
  std::string known_keys() const;

  const YamlNode* node_;
  int line_;
  std::string path_;
  YamlFaults& faults_;
  std::set<std::string, std::less<>> known_;
};

// Reads `file` whole and hands its root mapping to `read_root`. An empty file is an empty mapping.
// The error holds every fault found, one a line.
Outcome<> read_yaml_file(const std::string& file, const YamlFields::ReadFields& read_root);
// The same for text that is already here; `name` stands in for the file's.
Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const YamlFields::ReadFields& read_root);

}  // namespace selfheal
