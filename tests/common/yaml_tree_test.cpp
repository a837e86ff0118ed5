#include "common/base/yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

YamlSyntaxFault fault_of(const std::string& text) {
  const auto tree = YamlTree::parse(text);
  return tree ? YamlSyntaxFault{0, ""} : tree.error();
}

std::string text_at(const std::string& text, const std::string& key) {
  const auto tree = YamlTree::parse(text);
  EXPECT_TRUE(tree) << tree.error().what;
  const YamlNode* found = tree->root().find(key);
  return found == nullptr ? "(nothing)" : found->text();
}

TEST(YamlTree, KnowsLinesAndKinds) {
  const auto tree = YamlTree::parse("# c\na: 1\nb:\n  - x\n  -\n");
  ASSERT_TRUE(tree);
  const YamlNode& root = tree->root();
  ASSERT_TRUE(root.is_map());
  EXPECT_EQ(root.find("a")->line(), 2);
  ASSERT_TRUE(root.find("b")->is_list());
  EXPECT_EQ(root.find("b")->items().at(0)->line(), 4);
  EXPECT_TRUE(root.find("b")->items().at(1)->is_null());
  EXPECT_EQ(root.find("c"), nullptr);
  EXPECT_TRUE(YamlTree::parse("")->root().is_null());
}

TEST(YamlTree, DecodesBinary) {
  EXPECT_EQ(text_at("a: !!binary AAH/", "a"), std::string("\0\x01\xff", 3));
  EXPECT_THAT(fault_of("\na: !!binary '*'").what, HasSubstr("base64"));
  EXPECT_EQ(text_at("a: \"x\\0y\"", "a"), std::string("x\0y", 3));
}

TEST(YamlTree, FollowsAliasesAndMerges) {
  EXPECT_EQ(text_at("a: &x one\nb: *x\n", "b"), "one");
  EXPECT_EQ(text_at("a: &x {k: one}\n<<: *x\n", "k"), "one");
  EXPECT_EQ(text_at("k: own\n<<: {k: one}\n", "k"), "own");
  EXPECT_EQ(text_at("<<: [{k: one}, {k: two, l: three}]\n", "l"), "three");
}

TEST(YamlTree, RefusesWhatCantHaveBeenMeant) {
  const YamlSyntaxFault twice = fault_of("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(twice.line, 3);
  EXPECT_THAT(twice.what, HasSubstr("\"a\" stands in this mapping twice"));
  EXPECT_THAT(fault_of("a: 1\n---\nb: 1\n").what, HasSubstr("second document"));
  EXPECT_THAT(fault_of("a: &x [*x]\n").what, HasSubstr("within what it names"));
  EXPECT_THAT(fault_of("a: *nope\n").what, testing::Not(testing::IsEmpty()));
  EXPECT_THAT(fault_of("? [a]\n: b\n").what, HasSubstr("key must be text"));
}

TEST(YamlTree, RefusesWhatIsNoText) {
  EXPECT_THAT(fault_of(std::string("a: 1\nb: \0\n", 10)).what, HasSubstr("control character"));
  EXPECT_EQ(fault_of(std::string("a: 1\nb: \0\n", 10)).line, 2);
  EXPECT_THAT(fault_of("a: \xff\n").what, HasSubstr("UTF-8"));
  EXPECT_THAT(fault_of("a: \x1b[31m\n").what, HasSubstr("control character"));
  EXPECT_THAT(fault_of("a: " + std::string(5 << 20, 'x')).what, HasSubstr("4 MiB"));
}

TEST(YamlTree, SurvivesNestingWithoutEnd) {
  EXPECT_THAT(fault_of(std::string(100'000, '[')).what, HasSubstr("nested"));
  EXPECT_THAT(fault_of(std::string(100'000, '{')).what, testing::Not(testing::IsEmpty()));
  std::string block;
  for (int i = 0; i < 2'000; ++i) block += std::string(static_cast<size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(fault_of(block).what, HasSubstr("nested"));
}

TEST(YamlTree, SurvivesAliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_THAT(fault_of(bomb).what, HasSubstr("too much"));
  std::string wide = "a: &a " + std::string(1 << 20, 'x') + "\nb:\n";
  for (int i = 0; i < 100; ++i) wide += "- *a\n";
  EXPECT_THAT(fault_of(wide).what, HasSubstr("too much"));
}

}  // namespace
}  // namespace selfheal
