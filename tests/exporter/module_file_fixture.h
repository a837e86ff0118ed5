// A configuration file's modules, read.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/modules/module_file.h"

namespace selfheal {

class ModuleFile : public testing::Test {
 protected:
  Outcome<> read(const std::string& text) {
    return read_yaml_text(text, "m.yml",
                          [&](YamlFields& root) { read_modules(root, modules, warnings); });
  }
  // One module of this body, each line of which is indented once.
  ModulePtr module(const std::string& body) {
    const Outcome<> done = read("modules:\n  m:\n" + body);
    EXPECT_TRUE(done) << done.error().message;
    return modules.find("m");
  }
  std::string fault(const std::string& body) {
    const Outcome<> done = read("modules:\n  m:\n" + body);
    return done ? "" : done.error().message;
  }
  std::string http_fault(const std::string& fields) {
    return fault("    prober: http\n    http: {" + fields + "}\n");
  }

  ModuleSet modules;
  std::vector<std::string> warnings;
};

}  // namespace selfheal
