#include "exporter/discovery/label_overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LabelOverrides : public testing::Test {
 protected:
  Outcome<> read(const std::string& yaml) {
    return read_yaml_text(yaml, "f.yml",
                          [&](YamlFields& root) { overrides = read_overrides(root, warnings); });
  }
  std::string fault(const std::string& yaml) {
    const auto done = read(yaml);
    return done ? "" : done.error().message;
  }
  std::string label_fault(const std::string& label) {
    return fault("overrides:\n- container: web\n  labels:\n    " + label);
  }
  std::vector<LabelOverride> overrides;
  std::vector<std::string> warnings;
};

TEST_F(LabelOverrides, ByContainerByGroupAndByBothLaterOnesOverEarlierOnes) {
  ASSERT_TRUE(read(R"(
overrides:
- group: shop/web
  labels: {selfheal.interval: 5s, selfheal.timeout: 1s}
- container: shop-web-1
  labels: {selfheal.interval: 7s}
- {container: shop-web-1, group: other, labels: {selfheal.interval: 9s}}
)"));
  const Labels shop{{"com.docker.compose.project", "shop"},
                    {"com.docker.compose.service", "web"},
                    {"selfheal.interval", "1s"}};
  Labels first = overridden(shop, "shop-web-1", overrides);
  EXPECT_EQ(first["selfheal.interval"], "7s");
  EXPECT_EQ(first["selfheal.timeout"], "1s");
  EXPECT_EQ(overridden(shop, "shop-web-2", overrides)["selfheal.interval"], "5s");
  EXPECT_EQ(overridden({}, "db", overrides), Labels{});
}

TEST_F(LabelOverrides, AGroupIsTheOneThatTheContainerHasByThen) {
  ASSERT_TRUE(read(R"(
overrides:
- {container: web, labels: {selfheal.group: blue}}
- {group: blue, labels: {selfheal.interval: 2s}}
)"));
  EXPECT_EQ(overridden({}, "web", overrides)["selfheal.interval"], "2s");
}

TEST_F(LabelOverrides, FaultsAreThoseOfTheLabelsWithTheirLine) {
  EXPECT_THAT(label_fault("selfheal.intervall: 5s"),
              HasSubstr("f.yml:4: overrides[0].labels.selfheal.intervall: there is no such label; "
                        "did you mean selfheal.interval?"));
  EXPECT_THAT(label_fault("selfheal.interval: soon"), HasSubstr("f.yml:4: "));
  EXPECT_THAT(label_fault("selfheal.probe: ftp://:21"), HasSubstr("scheme"));
  EXPECT_THAT(label_fault("selfheal.probe:"), HasSubstr("expected"));
  EXPECT_THAT(label_fault("selfheal.action: dance"), HasSubstr("expected restart"));
  EXPECT_THAT(label_fault("traefik.enable: 'true'"), HasSubstr("such as selfheal.interval"));
  EXPECT_THAT(label_fault("selfheal.timeout.db: never"), HasSubstr("duration"));
}

// What else the container says is not known here.
TEST_F(LabelOverrides, ALabelIsJudgedByItselfAlone) {
  EXPECT_EQ(label_fault("selfheal.timeout.db: 2s"), "");
  EXPECT_EQ(label_fault("selfheal.edge-interval: 1h"), "");
  EXPECT_EQ(label_fault("selfheal.module: mine"), "");
  EXPECT_EQ(label_fault("selfheal.probe: none"), "");
}

TEST_F(LabelOverrides, NobodyIsOptedInByThem) {
  EXPECT_THAT(label_fault("selfheal.enable: 'true'"), HasSubstr("by its own label alone"));
  EXPECT_THAT(label_fault("monitored: 'false'"), HasSubstr("selfheal.enable"));
  EXPECT_EQ(label_fault("selfheal.enable: false"), "");
}

TEST_F(LabelOverrides, WhatOnlyTheRemediatorReadsIsWarnedOf) {
  EXPECT_EQ(label_fault("selfheal.dry-run: 'true'"), "");
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("selfheal.dry-run: the remediator reads it")));
}

TEST_F(LabelOverrides, SomeContainerAndSomeLabelAreNeeded) {
  EXPECT_THAT(fault("overrides:\n- labels: {selfheal.interval: 1s}"),
              HasSubstr("f.yml:2: overrides[0]: expected container, group or both"));
  EXPECT_THAT(fault("overrides:\n- container: web"), HasSubstr("labels is missing"));
  EXPECT_THAT(fault("overrides: {web: {}}"), HasSubstr("expected a list"));
  EXPECT_THAT(fault("overrides:\n- {containers: web, labels: {}}"), HasSubstr("unknown key"));
}

TEST_F(LabelOverrides, ReadsBackWhatItWrites) {
  EXPECT_EQ(to_yaml(overrides), "");
  ASSERT_TRUE(read(R"(
overrides:
- {container: "a: b", labels: {selfheal.probe: "exec:sh -c \"exit 1\"", selfheal.group: "null"}}
- {group: 'x/y', container: z, labels: {selfheal.interval: 5s}}
)"));
  const auto before = overrides;
  ASSERT_TRUE(read(to_yaml(before)));
  EXPECT_EQ(overrides, before);
  EXPECT_THAT(overrides, SizeIs(2));
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
}  // namespace selfheal
