// That a reference of a configuration file names the keys that its reader takes, all of them and no
// other: at the place of each mapping a file is given an unknown key, and the reader's own fault
// lists those that it would have taken.
#pragma once

#include <functional>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/yaml_reference.h"

namespace selfheal {

// "targets[]" to "{targets: [{no_such_key: 1}]}".
inline std::string with_unknown_key(const std::string& path) {
  std::string begin = "{";
  std::string end = "}";
  std::istringstream names(path);
  for (std::string name; std::getline(names, name, '.');) {
    const bool list = name.ends_with("[]");
    begin += name.substr(0, name.size() - (list ? 2 : 0)) + (list ? ": [{" : ": {");
    end = (list ? "}]" : "}") + end;
  }
  return begin + "no_such_key: 1" + end;
}

// A mapping whose keys are names of the user's own takes any.
inline bool takes_any_key(const YamlSectionEntry& section) {
  return section.keys.size() == 1 && section.keys.front().name == "NAME";
}

// `faults_of` reads a file's text and gives all its faults.
inline void expect_same_keys(const YamlReference& reference,
                             const std::function<std::string(const std::string&)>& faults_of) {
  for (const YamlSectionEntry& section : reference.sections()) {
    if (takes_any_key(section)) continue;
    std::set<std::string> names;
    for (const YamlKeyEntry& key : section.keys) names.insert(key.name);
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    EXPECT_THAT(faults_of(with_unknown_key(section.path)) + "\n",
                testing::HasSubstr("no_such_key: unknown key; expected one of " + list + "\n"))
        << section.path;
  }
}

inline void expect_told(const YamlReference& reference) {
  EXPECT_FALSE(reference.sections().empty());
  for (const YamlSectionEntry& section : reference.sections())
    for (const YamlKeyEntry& key : section.keys)
      EXPECT_FALSE(key.about.empty()) << section.path << ": " << key.name << " has no sentence";
}

}  // namespace selfheal
