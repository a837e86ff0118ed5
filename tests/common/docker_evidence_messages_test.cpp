#include "common/docker/docker_evidence_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ParseMemoryUsage, TakesTheInactiveCacheOffAsDockerStatsDoes) {
  const auto v1 = parse_memory_usage(
      R"({"memory_stats":{"usage":9000,"limit":50000,"stats":{"total_inactive_file":2000,
          "inactive_file":5,"cache":4000}}})");
  ASSERT_TRUE(v1.ok());
  EXPECT_EQ(*v1, (MemoryUsage{7000, 50000}));
  const auto v2 = parse_memory_usage(
      R"({"memory_stats":{"usage":9000,"limit":50000,"stats":{"inactive_file":3000}}})");
  EXPECT_EQ(*v2, (MemoryUsage{6000, 50000}));
  // Podman's has no details.
  EXPECT_EQ(*parse_memory_usage(R"({"memory_stats":{"usage":9000,"limit":1}})"),
            (MemoryUsage{9000, 1}));
  EXPECT_FALSE(parse_memory_usage(R"({"memory_stats":{}})").ok()) << "not known is not 0";
  EXPECT_FALSE(parse_memory_usage(R"({"memory_stats":{"usage":"much"}})").ok());
}

TEST(ParseContainerStats, OneSampleHasNoPercentage) {
  const auto stats = parse_container_stats(
      R"({"memory_stats":{"usage":9000,"limit":50000,"stats":{"inactive_file":3000}},
          "cpu_stats":{"cpu_usage":{"total_usage":2500000000},"system_cpu_usage":9000,
                       "online_cpus":2},
          "precpu_stats":{"cpu_usage":{"total_usage":0}},
          "pids_stats":{"current":7}})");
  ASSERT_TRUE(stats.ok()) << stats.error().message;
  EXPECT_EQ(stats->memory, (MemoryUsage{6000, 50000}));
  EXPECT_EQ(stats->cpu_seconds, 2.5);
  EXPECT_EQ(stats->cpu_percent, std::nullopt);
  EXPECT_EQ(stats->tasks, 7u);
}

TEST(ParseContainerStats, TwoSamplesAreAPercentageAsDockerStatsShowsIt) {
  const auto stats = parse_container_stats(
      R"({"cpu_stats":{"cpu_usage":{"total_usage":700},"system_cpu_usage":5000,"online_cpus":4},
          "precpu_stats":{"cpu_usage":{"total_usage":200},"system_cpu_usage":4000}})");
  ASSERT_TRUE(stats.ok()) << stats.error().message;
  EXPECT_EQ(stats->cpu_percent, 200.0);
  EXPECT_EQ(stats->memory, std::nullopt);
}

TEST(ParseContainerStats, WhatIsAbsentIsNothingAndWhatIsWrongAnError) {
  const auto nothing = parse_container_stats("{}");
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->memory, std::nullopt);
  EXPECT_EQ(nothing->cpu_seconds, std::nullopt);
  EXPECT_EQ(nothing->tasks, std::nullopt);
  for (const char* json :
       {"null", "[]", "", R"({"cpu_stats":7})", R"({"memory_stats":{"usage":""}})",
        R"({"pids_stats":{"current":"many"}})"})
    EXPECT_FALSE(parse_container_stats(json).ok()) << json;
}

TEST(ParseProcesses, AreTitlesAndRows) {
  const auto list =
      parse_processes(R"({"Titles":["PID","CMD"],"Processes":[["1","/bin/web"],["9","sleep 3"]]})");
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_THAT(list->titles, ElementsAre("PID", "CMD"));
  EXPECT_THAT(list->processes,
              ElementsAre(ElementsAre("1", "/bin/web"), ElementsAre("9", "sleep 3")));
  EXPECT_THAT(parse_processes(R"({"Titles":null,"Processes":null})")->processes, IsEmpty());
  const auto wrong = parse_processes(R"({"Processes":[7]})");
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr("a container's processes can't be read"));
}

}  // namespace
}  // namespace selfheal
