#include "remediator/act/promql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST(FilledQuery, PutsStringsInWhereverAPlaceholderIs) {
  EXPECT_EQ(filled_query("up{host={{host}},container={{container}}}", "box", "web"),
            R"(up{host="box",container="web"})");
  EXPECT_EQ(filled_query(R"(up{host="{{host}}",container='{{container}}'} > 1)", "box", "web"),
            R"(up{host="box",container="web"} > 1)")
      << "quotes around it are taken along";
  EXPECT_EQ(filled_query("{{host}}", "box", "web"), R"("box")");
  EXPECT_EQ(filled_query("sum(up)", "box", "web"), "sum(up)");
}

TEST(FilledQuery, NoValueGetsOutOfItsString) {
  EXPECT_EQ(filled_query(R"(up{host="{{host}}"})", "a\"} or up{x=\"", "web"),
            R"(up{host="a\"} or up{x=\""})");
  EXPECT_EQ(filled_query("up{host={{host}}}", "back\\slash\nline", "web"),
            R"(up{host="back\\slash\nline"})");
  EXPECT_EQ(filled_query("a{h={{host}},c={{container}}}", "{{container}}", "web"),
            R"(a{h="{{container}}",c="web"})")
      << "a value is not filled in itself";
}

TEST(CheckQuery, KnowsWhatCanBeFilledIn) {
  for (const char* query : {"up", "up{host={{host}}}", R"(up{host="{{host}}",a="\"{"})",
                            "up{host=`{{host}}`}", R"(up{a="x",host={{host}},b="y"})"})
    EXPECT_TRUE(check_query(query).ok()) << query;
  for (const auto& [query, why] : {std::pair("", "expected a PromQL query"),
                                   std::pair("up{a={{pod}}}", "{{pod}} is not known"),
                                   std::pair(R"(up{a="{{host}}:9100"})", "can't be a part of one"),
                                   std::pair(R"(up{a="of {{host}}"})", "can't be a part of one"),
                                   std::pair(R"(up{a="of {{host}} x"})", "can't be a part of one"),
                                   std::pair(R"(up{a="{{host}}'})", "can't be a part of one")}) {
    const auto checked = check_query(query);
    ASSERT_FALSE(checked.ok()) << query;
    EXPECT_THAT(checked.error().message, HasSubstr(why));
  }
}

}  // namespace
}  // namespace selfheal
