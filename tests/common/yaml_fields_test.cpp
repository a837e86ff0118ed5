#include "common/base/yaml_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Settings {
  std::string name = "default";
  bool on = false;
  double ratio = 0.5;
  Milliseconds pause{1000};
  Milliseconds bounded{1000};
  int count = 3;
  std::vector<std::string> hosts{"here"};
  std::string inner = "inner";
};

void read_settings(YamlFields& root, Settings& settings) {
  root.read("name", settings.name);
  root.read("on", settings.on);
  root.read("ratio", settings.ratio);
  root.read("pause", settings.pause);
  root.read("bounded", settings.bounded, Milliseconds(100), Milliseconds(60'000));
  root.read("count", settings.count, 1, 10);
  root.read("hosts", settings.hosts);
  root.section("section", [&](YamlFields& section) {
    section.section("deep", [&](YamlFields& deep) { deep.read("inner", settings.inner); });
  });
}

Outcome<> read(const std::string& text, Settings& settings) {
  return read_yaml_text(text, "conf.yml", [&](YamlFields& root) { read_settings(root, settings); });
}

std::string fault_of(const std::string& text) {
  Settings settings;
  const auto outcome = read(text, settings);
  return outcome ? "" : outcome.error().message;
}

TEST(YamlFields, ReadsEveryType) {
  Settings settings;
  const auto outcome = read(R"(
name: web
on: true
ratio: 0.75
pause: 1m30s
bounded: 100ms
count: 10
hosts: [a, b]
section:
  deep: {inner: found}
)",
                            settings);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(settings.name, "web");
  EXPECT_TRUE(settings.on);
  EXPECT_EQ(settings.ratio, 0.75);
  EXPECT_EQ(settings.pause, Milliseconds(90'000));
  EXPECT_EQ(settings.bounded, Milliseconds(100));
  EXPECT_EQ(settings.count, 10);
  EXPECT_EQ(settings.hosts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(settings.inner, "found");
}

TEST(YamlFields, WhatIsAbsentOrNullStays) {
  for (const char* text :
       {"", "\n# only a comment\n", "---\n", "name:\non: null\nhosts: ~\nsection:\n"}) {
    Settings settings;
    const auto outcome = read(text, settings);
    ASSERT_TRUE(outcome.ok()) << text << outcome.error().message;
    EXPECT_EQ(settings.name, "default");
    EXPECT_FALSE(settings.on);
    EXPECT_EQ(settings.hosts, std::vector<std::string>{"here"});
    EXPECT_EQ(settings.inner, "inner");
  }
}

TEST(YamlFields, AnUnknownKeyIsNamedWithFileAndLine) {
  EXPECT_THAT(fault_of("name: web\nnmae: web\n"), StartsWith("conf.yml:2: nmae: unknown key"));
  EXPECT_THAT(fault_of("nmae: web\n"), HasSubstr("name"));
  EXPECT_THAT(fault_of("section:\n  deep:\n    iner: x\n"),
              StartsWith("conf.yml:3: section.deep.iner: unknown key; expected one of inner"));
  EXPECT_THAT(fault_of("[a, b]: c\n"), HasSubstr("a key must be text"));
}

TEST(YamlFields, AWrongTypeSaysWhatWasExpected) {
  EXPECT_EQ(fault_of("\nname: [a]\n"), "conf.yml:2: name: expected text");
  EXPECT_EQ(fault_of("on: maybe\n"), "conf.yml:1: on: expected true or false, not \"maybe\"");
  EXPECT_EQ(fault_of("on: {a: b}\n"), "conf.yml:1: on: expected true or false");
  EXPECT_EQ(fault_of("ratio: half\n"), "conf.yml:1: ratio: expected a number, not \"half\"");
  EXPECT_THAT(fault_of("pause: 15\n"), StartsWith("conf.yml:1: pause: \"15\" is not a duration"));
  EXPECT_EQ(fault_of("hosts: here\n"), "conf.yml:1: hosts: expected a list");
  EXPECT_EQ(fault_of("hosts: [a, [b]]\n"), "conf.yml:1: hosts: expected a list of texts");
  EXPECT_EQ(fault_of("section: 3\n"), "conf.yml:1: section: expected a mapping (key: value)");
  EXPECT_EQ(fault_of("- a\n- b\n"), "conf.yml:1: expected a mapping (key: value)");
}

TEST(YamlFields, BoundsAreKept) {
  const std::string expected = "conf.yml:1: count: expected a whole number from 1 to 10, not ";
  EXPECT_EQ(fault_of("count: 0\n"), expected + "\"0\"");
  EXPECT_EQ(fault_of("count: 11\n"), expected + "\"11\"");
  EXPECT_EQ(fault_of("count: 99999999999999\n"), expected + "\"99999999999999\"");
  EXPECT_EQ(fault_of("count: 2.5\n"), expected + "\"2.5\"");
  EXPECT_EQ(fault_of("bounded: 99ms\n"),
            "conf.yml:1: bounded: expected a duration from 100ms to 1m, not \"99ms\"");
  EXPECT_EQ(fault_of("bounded: 2m\n"),
            "conf.yml:1: bounded: expected a duration from 100ms to 1m, not \"2m\"");
}

TEST(YamlFields, AFaultyValueLeavesTheDefault) {
  Settings settings;
  EXPECT_FALSE(read("count: 99\npause: soon\nratio: x\non: 1\n", settings).ok());
  EXPECT_EQ(settings.count, 3);
  EXPECT_EQ(settings.pause, Milliseconds(1000));
  EXPECT_EQ(settings.ratio, 0.5);
  EXPECT_FALSE(settings.on);
}

TEST(YamlFields, AllFaultsAreToldAtOnce) {
  const std::string faults = fault_of("on: maybe\ncount: 99\nbogus: 1\nname: ok\n");
  EXPECT_EQ(std::count(faults.begin(), faults.end(), '\n'), 2) << faults;
  EXPECT_THAT(faults, HasSubstr("conf.yml:1: on: "));
  EXPECT_THAT(faults, HasSubstr("conf.yml:2: count: "));
  EXPECT_THAT(faults, HasSubstr("conf.yml:3: bogus: "));
  EXPECT_THAT(faults, Not(HasSubstr("name: expected")));
}

TEST(YamlFields, SomeFaultsStandForTooMany) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "k" + std::to_string(i) + ": 1\n";
  const std::string faults = fault_of(text);
  EXPECT_EQ(std::count(faults.begin(), faults.end(), '\n'), 50);
  EXPECT_THAT(faults, testing::EndsWith("and 150 more"));
}

TEST(YamlFields, ReadsListsAndMappings) {
  std::vector<std::string> seen;
  std::vector<int> numbers;
  std::vector<std::pair<std::string, std::string>> texts;
  const auto outcome = read_yaml_text(
      "items: [{n: a}, {n: b}]\nnamed: {x: {n: c}, y: }\nnumbers: [1, 2]\ntexts: {b: 1, a: 2}\n",
      "conf.yml", [&](YamlFields& root) {
        root.list("items", [&](YamlFields& item) { item.read("n", seen.emplace_back()); });
        root.map("named", [&](const std::string& name, YamlFields& item) {
          seen.push_back(name);
          item.read("n", seen.emplace_back());
        });
        root.read("numbers", numbers, 0, 9);
        root.read("texts", texts);
      });
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "x", "c", "y", ""}));
  EXPECT_EQ(numbers, (std::vector<int>{1, 2}));
  EXPECT_EQ(texts, (std::vector<std::pair<std::string, std::string>>{{"b", "1"}, {"a", "2"}}));
}

TEST(YamlFields, FaultsInListsAndMappingsSayWhich) {
  const auto outcome = read_yaml_text(
      "items:\n- n: a\n- m: b\nnamed:\n  x: [1]\nnumbers: [1, 10]\n", "conf.yml",
      [](YamlFields& root) {
        std::string name;
        std::vector<int> numbers;
        root.list("items", [&](YamlFields& item) { item.read("n", name); });
        root.map("named", [&](const std::string&, YamlFields& item) { item.read("n", name); });
        root.read("numbers", numbers, 0, 9);
      });
  EXPECT_EQ(outcome.error().message,
            "conf.yml:3: items[1].m: unknown key; expected one of n\n"
            "conf.yml:5: named.x: expected a mapping (key: value)\n"
            "conf.yml:6: numbers: expected a whole number from 0 to 9, not \"10\"");
}

TEST(YamlFields, MergesWhatAnAliasNames) {
  Settings settings;
  const auto outcome = read(
      "section:\n  deep: &deep {inner: found}\n<<: [{count: 4}, {count: 5, name: merged}]\n"
      "name: own\n",
      settings);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(settings.count, 4);
  EXPECT_EQ(settings.name, "own");
  EXPECT_THAT(fault_of("<<: {bogus: 1}\n"), HasSubstr("bogus: unknown key"));
  EXPECT_THAT(fault_of("<<: 3\n"), HasSubstr("<<: expected a mapping"));
}

TEST(YamlFields, ASyntaxErrorHasItsLine) {
  EXPECT_THAT(fault_of("name: web\non: [true\n"), StartsWith("conf.yml:"));
  EXPECT_THAT(fault_of("a: b: c\n"), StartsWith("conf.yml:1: "));
  EXPECT_THAT(fault_of("\tname: web\n"), StartsWith("conf.yml:1: "));
}

TEST(ReadYamlFile, NamesTheFile) {
  const TempFolder folder;
  Settings settings;
  const auto read_file = [&](const std::string& file) {
    return read_yaml_file(file, [&](YamlFields& root) { read_settings(root, settings); });
  };
  EXPECT_TRUE(read_file(folder.write("empty.yml", "")).ok());
  EXPECT_TRUE(read_file(folder.write("good.yml", "name: web\n")).ok());
  EXPECT_EQ(settings.name, "web");
  const std::string bad = folder.write("bad.yml", "nope: 1\n");
  EXPECT_THAT(read_file(bad).error().message, StartsWith(bad + ":1: nope: "));
}

TEST(ReadYamlFile, WhatCantBeReadIsNoEmptyFile) {
  const TempFolder folder;
  const auto read_file = [](const std::string& file) {
    const auto outcome = read_yaml_file(file, [](YamlFields&) {});
    return outcome ? "" : outcome.error().message;
  };
  EXPECT_EQ(read_file(folder.path("missing.yml")),
            folder.path("missing.yml") + ": can't be read: No such file or directory");
  EXPECT_THAT(read_file(folder.path("")), HasSubstr("can't be read: Is a directory"));
}

}  // namespace
}  // namespace selfheal
