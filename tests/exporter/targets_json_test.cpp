#include "exporter/pages/targets_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/exporter/table_sample.h"

namespace selfheal {
namespace {

TEST(TargetsJson, OfNothingIsJsonToo) {
  const auto json = nlohmann::json::parse(targets_json({}));
  EXPECT_TRUE(json["targets"].empty());
  EXPECT_TRUE(json["hosts"].empty());
}

TEST(TargetsJson, TellsEverythingOfAProbe) {
  TableSample table;
  ProbeRow& row = table.add_probed("web");
  TableSample::pass(row, 1);
  row.numbers.http_status = 503;
  TableSample::fail(row, 2, 3, "HTTP 503");
  table.all.hosts["host"].connected = true;
  const auto json = nlohmann::json::parse(targets_json(table.all));
  const auto& target = json["targets"].at(0);
  EXPECT_EQ(target["container"], "web");
  EXPECT_EQ(target["host"], "host");
  EXPECT_EQ(target["state"], "running");
  EXPECT_EQ(target["origin"], "docker");
  const auto& probe = target["probes"].at(0);
  EXPECT_EQ(probe["health"], "unhealthy");
  EXPECT_EQ(probe["last_result"], "failed");
  EXPECT_EQ(probe["last_failure_reason"], "status");
  EXPECT_EQ(probe["last_failure"], "HTTP 503");
  EXPECT_EQ(probe["failing_since"], "2023-11-14T22:13:22.000Z");
  EXPECT_EQ(probe["last_probe"], "2023-11-14T22:13:22.000Z");
  EXPECT_NEAR(probe["last_duration_seconds"].get<double>(), 0.002, 1e-6);
  EXPECT_EQ(probe["attempts"], 2);
  EXPECT_EQ(probe["failures"], (nlohmann::json{{"status", 1}}));
  EXPECT_EQ(json["hosts"].at(0)["docker_connected"], true);
}

TEST(TargetsJson, EveryProbeComesWithItsContainer) {
  TableSample table;
  const auto web = table.add(TableSample::running("web"));
  table.add_probe(web);
  table.add_probe(web);
  table.add_probed("db");
  WatchedContainer plain = TableSample::running("cache");
  plain.probes.clear();
  table.add(plain);
  const auto json = nlohmann::json::parse(targets_json(table.all));
  ASSERT_EQ(json["targets"].size(), 3U);
  EXPECT_EQ(json["targets"][0]["container"], "cache");
  EXPECT_EQ(json["targets"][0]["probes"].size(), 0U);
  EXPECT_EQ(json["targets"][1]["probes"].size(), 1U);
  EXPECT_EQ(json["targets"][2]["probes"].size(), 2U);
}

TEST(TargetsJson, WhatIsNoUtf8IsReplaced) {
  TableSample table;
  TableSample::fail(table.add_probed("web"), 2, 1, "garbage \xff\"\n");
  EXPECT_TRUE(nlohmann::json::accept(targets_json(table.all)));
}

}  // namespace
}  // namespace selfheal
