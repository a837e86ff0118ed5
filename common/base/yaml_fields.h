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
//
// A key may be given with a sentence, {"interval", "How often it is probed"}: describe_yaml() has
// the same reader tell all its keys, for the reference.
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
#include "common/base/yaml_reference.h"
#include "common/base/yaml_tree.h"

namespace selfheal {

// A key to read, and what the reference says of it.
struct YamlKey {
  // Both in Markdown; `usual_text` where the value that is there does not say what holds without
  // the key.
  YamlKey(std::string key, const char* sentence = "", std::string_view usual_text = {})
      : name(std::move(key)), about(sentence), usual(usual_text) {}
  YamlKey(const char* key, const char* sentence = "", std::string_view usual_text = {})
      : name(key), about(sentence), usual(usual_text) {}
  std::string name;
  const char* about;
  std::string_view usual;
};

class YamlFields {
 public:
  using ReadFields = std::function<void(YamlFields&)>;
  // Takes a scalar's text; the error says what was expected instead.
  using ReadText = std::function<Outcome<>(const std::string&)>;

  // `node` null: as if it were an empty mapping. With a `reference` nothing is read: each key that
  // is asked for is noted there with its type and with the value that is there already; what is
  // asked about is there, and of names that are the user's own there is NAME.
  YamlFields(const YamlNode* node, std::string path, YamlFaults& faults,
             YamlReference* reference = nullptr);
  // Reports the keys that nobody read.
  ~YamlFields();
  YamlFields(const YamlFields&) = delete;
  YamlFields& operator=(const YamlFields&) = delete;

  // Each keeps `value` as it is when the key is absent or null, and when it is faulty.
  void read(const YamlKey& key, std::string& value);
  void read(const YamlKey& key, bool& value);
  void read(const YamlKey& key, double& value);
  void read(const YamlKey& key, Milliseconds& value);
  void read(const YamlKey& key, std::vector<std::string>& value);
  // Durations within [lowest, highest].
  void read(const YamlKey& key, Milliseconds& value, Milliseconds lowest, Milliseconds highest);
  // Whole numbers within [lowest, highest].
  void read(const YamlKey& key, int& value, int lowest, int highest);
  void read(const YamlKey& key, std::vector<int>& value, int lowest, int highest);
  // A mapping of names that are the user's own to texts, in its order.
  void read(const YamlKey& key, std::vector<std::pair<std::string, std::string>>& value);
  // A scalar of the caller's own kind; `expected` in a few words, for what is no scalar.
  void read(const YamlKey& key, const std::string& expected, const ReadText& read_text);
  // A list of such.
  void each(const YamlKey& key, const std::string& expected, const ReadText& read_text);
  // A nested mapping; called also when it is absent, then with nothing in it.
  void section(const YamlKey& key, const ReadFields& read_section);
  // A list of mappings.
  void list(const YamlKey& key, const ReadFields& read_item);
  // A mapping of names that are the user's own to mappings.
  void map(const YamlKey& key,
           const std::function<void(const std::string& name, YamlFields&)>& read_item);

  // Whether the key is there and has a value.
  bool has(const std::string& key) const;
  // Takes whatever stands there, and does nothing with it.
  void skip(const YamlKey& key);
  // Those of the mapping, where they are the user's own.
  std::vector<std::string> keys();
  // The value of `key` is wrong in a way that only the caller can tell.
  void fault(const std::string& key, const std::string& what);
  // The mapping as a whole is.
  void fault(const std::string& what) { faults_.add(line_, path_, what); }

 private:
  // Into the reference: `value` is what is there already.
  void note(const YamlKey& key, const std::string& type, const std::string& value = "");
  void note_mapping(const YamlKey& key, const std::string& type);
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
  YamlReference* reference_;
  std::set<std::string, std::less<>> known_;
};

// Reads `file` whole and hands its root mapping to `read_root`. An empty file is an empty mapping.
// The error holds every fault found, one a line.
Outcome<> read_yaml_file(const std::string& file, const YamlFields::ReadFields& read_root);
// The same for text that is already here; `name` stands in for the file's.
Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const YamlFields::ReadFields& read_root);
// Every key that `read_root` takes; what it has read it may throw away.
YamlReference describe_yaml(const YamlFields::ReadFields& read_root);

}  // namespace selfheal
