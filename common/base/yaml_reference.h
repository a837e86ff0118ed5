// What can be written into a YAML file: every key that its reader takes, with what it is.
//
// Collected from the reader itself, run over a file that says nothing (YamlFields in yaml_fields.h
// notes what it is asked for), so it can't name other keys, ranges or defaults than are read.
//
// Plain values; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace selfheal {

struct YamlKeyEntry {
  std::string name;
  std::string type;         // "a duration from 1s to 1d"
  std::string usual;        // what holds without it, in Markdown; empty: nothing
  std::string about;        // a sentence, in Markdown
  bool holds_keys = false;  // a mapping, or a list of mappings, that is a section itself
};

// The keys of one mapping, in the order in which they are read.
struct YamlSectionEntry {
  std::string path;  // "" the file's root; "guards.budget", "targets[]", "modules.NAME.http"
  std::vector<YamlKeyEntry> keys;
};

// Sections in the order in which they begin.
class YamlReference {
 public:
  // A key that is read twice is noted once, as it was first.
  void add(const std::string& path, YamlKeyEntry key);
  const std::vector<YamlSectionEntry>& sections() const { return sections_; }

 private:
  std::vector<YamlSectionEntry> sections_;
  std::map<std::string, size_t> at_;  // by path
};

struct ConfigurationFile {
  std::string flag;   // by which it is given: "--config.file"
  std::string about;  // a sentence or two, in Markdown
  YamlReference keys;
};

}  // namespace selfheal
