#include "exporter/discovery/label_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(LabelNames, ThoseThatThereAreHaveNoFault) {
  for (const char* name : {"selfheal.enable",
                           "selfheal.probe",
                           "selfheal.probe.db",
                           "selfheal.module.db",
                           "selfheal.interval",
                           "selfheal.edge-interval.a",
                           "selfheal.failure-threshold",
                           "selfheal.start-period",
                           "selfheal.group",
                           "selfheal.depends-on",
                           "selfheal.action",
                           "selfheal.stop-timeout",
                           "selfheal.dry-run",
                           "selfheal.stateful",
                           "selfheal.memory",
                           "selfheal.cooldown",
                           "selfheal.start-grace",
                           "selfheal.budget-per-hour",
                           "selfheal.budget-per-day",
                           "selfheal.drill",
                           "selfheal.drill.error",
                           "selfheal.drill.undo"})
    EXPECT_EQ(fault_of_name(name), "") << name;
}

TEST(LabelNames, WhatOthersSayIsNobodysBusiness) {
  for (const char* name : {"", "monitored", "monitor", "com.docker.compose.project", "self",
                           "selfish.probe", "traefik.enable", "maintainer", "s"})
    EXPECT_EQ(fault_of_name(name), "") << name;
}

TEST(LabelNames, WhatWasMeantIsTold) {
  EXPECT_THAT(fault_of_name("selfheal.intervall"), EndsWith("did you mean selfheal.interval?"));
  EXPECT_THAT(fault_of_name("selfheal.intervall.db"),
              EndsWith("did you mean selfheal.interval.db?"));
  EXPECT_THAT(fault_of_name("selfheal.failure_threshold"),
              EndsWith("did you mean selfheal.failure-threshold?"));
  EXPECT_THAT(fault_of_name("selfheal.Probe"), EndsWith("did you mean selfheal.probe?"));
  EXPECT_THAT(fault_of_name("selfheal.depend-on"), EndsWith("did you mean selfheal.depends-on?"));
  EXPECT_THAT(fault_of_name("selfhael.probe"), EndsWith("did you mean selfheal.probe?"));
  EXPECT_THAT(fault_of_name("Selfheal.Group"), EndsWith("did you mean selfheal.group?"));
}

TEST(LabelNames, UnknownOnesAreToldToo) {
  EXPECT_EQ(fault_of_name("selfheal.colour"),
            "there is no such label in this version, it changes nothing");
  EXPECT_EQ(fault_of_name("selfheal."),
            "there is no such label in this version, it changes nothing");
  EXPECT_EQ(fault_of_name("selfheal.colour.db"),
            "there is no such label in this version, it changes nothing");
}

TEST(LabelNames, OnlyProbesLabelsTakeAProbesName) {
  EXPECT_THAT(fault_of_name("selfheal.group.db"), HasSubstr("the whole container"));
  EXPECT_THAT(fault_of_name("selfheal.actoin.db"), EndsWith("did you mean selfheal.action?"));
}

TEST(LabelNames, WhoForgotToOptInIsTold) {
  EXPECT_THAT(fault_of_opt_in({{"selfheal.enabled", "true"}}),
              EndsWith("did you mean selfheal.enable?"));
  EXPECT_EQ(fault_of_opt_in({{"selfheal.probe", "docker:"}}), "selfheal.enable=true is missing");
  EXPECT_THAT(fault_of_opt_in({{"selfheal.enable", "yes"}}), HasSubstr("expected true or false"));
}

TEST(LabelNames, WhoDidNotWantToIsNot) {
  for (const Labels& labels :
       {Labels{}, Labels{{"selfheal.enable", "false"}, {"selfheal.probe", "docker:"}},
        Labels{{"monitored", "no"}, {"selfheal.probe", "docker:"}}, Labels{{"maintainer", "me"}},
        Labels{{"selfheal.test-run", "1"}}})
    EXPECT_EQ(fault_of_opt_in(labels), "");
}

}  // namespace
}  // namespace selfheal
