#include "exporter/blackbox/probe_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProbeHistoryTest : public testing::Test {
 protected:
  void add(ProbeHistory& history, const std::string& target, ProbeResult result) {
    history.add({0, target, modules_.find("http_2xx"), Milliseconds(0), std::move(result)});
  }
  static std::vector<std::string> targets(const ProbeHistory& history) {
    std::vector<std::string> all;
    for (const RecentProbe& probe : history.newest_first()) all.push_back(probe.target);
    return all;
  }
  static ProbeResult failure() { return failed(ProbeReason::refused, "nobody there"); }

  ModuleSet modules_;
};

TEST_F(ProbeHistoryTest, TheNewestComesFirst) {
  ProbeHistory history(3);
  for (const char* target : {"a", "b", "c"}) add(history, target, passed());
  EXPECT_THAT(targets(history), ElementsAre("c", "b", "a"));
}

TEST_F(ProbeHistoryTest, ForgetsTheOldest) {
  ProbeHistory history(2);
  for (const char* target : {"a", "b", "c"}) add(history, target, passed());
  EXPECT_THAT(targets(history), ElementsAre("c", "b"));
}

TEST_F(ProbeHistoryTest, KeepsFailuresLonger) {
  ProbeHistory history(2);
  add(history, "bad", failure());
  for (const char* target : {"a", "b", "c"}) add(history, target, passed());
  EXPECT_THAT(targets(history), ElementsAre("c", "b", "bad"));
}

TEST_F(ProbeHistoryTest, ForgetsFailuresTooOnceThereAreEnough) {
  ProbeHistory history(2);
  for (const char* target : {"1", "2", "3", "4", "5"}) add(history, target, failure());
  EXPECT_THAT(targets(history), ElementsAre("5", "4", "3", "2"));
}

TEST_F(ProbeHistoryTest, FindsTheNewestOfATarget) {
  ProbeHistory history(2);
  for (const char* target : {"a", "b", "a", "b"}) add(history, target, failure());
  ASSERT_TRUE(history.newest("a", ""));
  EXPECT_EQ(history.newest("a", "")->id, 3);
  EXPECT_EQ(history.newest("a", "http_2xx")->id, 3);
  EXPECT_FALSE(history.newest("a", "tcp_connect"));
  add(history, "b", failure());
  EXPECT_EQ(history.newest("a", "")->id, 3) << "an older failure";
  EXPECT_FALSE(history.newest("c", ""));
}

TEST_F(ProbeHistoryTest, FindsByIdUntilForgotten) {
  ProbeHistory history(1);
  add(history, "bad", failure());
  add(history, "a", passed());
  add(history, "b", passed());
  ASSERT_TRUE(history.find(1));
  EXPECT_EQ(history.find(1)->target, "bad");
  EXPECT_EQ(history.find(1)->result.detail, "nobody there");
  EXPECT_FALSE(history.find(2));
  ASSERT_TRUE(history.find(3));
  EXPECT_EQ(history.find(3)->target, "b");
  EXPECT_FALSE(history.find(4));
  EXPECT_FALSE(history.find(-1));
}

TEST_F(ProbeHistoryTest, ALimitOfZeroKeepsNothing) {
  ProbeHistory history(0);
  add(history, "bad", failure());
  add(history, "a", passed());
  EXPECT_THAT(targets(history), IsEmpty());
}

}  // namespace
}  // namespace selfheal
