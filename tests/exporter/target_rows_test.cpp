#include "exporter/pages/target_rows.h"

#include <gtest/gtest.h>

#include "tests/exporter/table_sample.h"

namespace selfheal {
namespace {

WatchedContainer ended(const std::string& name, int exit_code) {
  WatchedContainer seen = TableSample::running(name);
  seen.state = ContainerState::exited;
  seen.exit_code = exit_code;
  return seen;
}

std::vector<std::string> names(const std::vector<TargetRow>& rows) {
  std::vector<std::string> all;
  for (const TargetRow& row : rows)
    all.push_back(row.container->key.name + ": " + std::string(to_string(row.verdict)));
  return all;
}

TEST(TargetRows, TheWorstComeFirst) {
  TableSample table;
  TableSample::pass(table.add_probed("a-healthy"), 1);
  TableSample::fail(table.add_probed("b-failing"), 2, 1, "");
  TableSample::fail(table.add_probed("d-unhealthy"), 2, 3, "");
  TableSample::fail(table.add_probed("c-unhealthy"), 2, 3, "");
  table.add_probed("e-new");
  table.add(ended("f-crashed", 137));
  WatchedContainer stopped = ended("g-stopped", 137);
  stopped.stop_requested = true;
  table.add(stopped);
  table.add(ended("h-done", 0));
  WatchedContainer plain = TableSample::running("i-plain");
  plain.probes.clear();
  table.add(plain);
  EXPECT_EQ(names(target_rows(table.all)),
            (std::vector<std::string>{"c-unhealthy: unhealthy", "d-unhealthy: unhealthy",
                                      "f-crashed: down", "h-done: down", "b-failing: failing",
                                      "e-new: not probed yet", "a-healthy: healthy",
                                      "g-stopped: stopped", "i-plain: no probe"}));
}

TEST(TargetRows, WhatAnEndedContainersProbeLastSaidIsNotItsHealth) {
  TableSample table;
  TableSample::pass(table.add_probe(table.add(ended("web", 1))), 1);
  EXPECT_EQ(names(target_rows(table.all)), std::vector<std::string>{"web: down"});
}

TEST(TargetRows, FailuresWithinTheStartPeriodAreAStart) {
  TableSample table;
  ProbeRow& row = table.add_probed("web");
  TableSample::fail(row, 1, 0, "not yet");
  EXPECT_EQ(names(target_rows(table.all)), std::vector<std::string>{"web: starting"});
}

TEST(TargetRows, AreFoundByNameHostGroupAndAddress) {
  TableSample table;
  table.add_probed("Web");
  const std::vector<TargetRow> rows = target_rows(table.all);
  for (const char* text : {"", "web", "EB", "hos", ":8080", "defau"})
    EXPECT_TRUE(matches(rows[0], {text, std::nullopt})) << text;
  EXPECT_FALSE(matches(rows[0], {"db", std::nullopt}));
  EXPECT_TRUE(matches(rows[0], {"", TargetVerdict::waiting}));
  EXPECT_FALSE(matches(rows[0], {"web", TargetVerdict::healthy}));
}

TEST(TargetRows, VerdictsHaveNames) {
  for (size_t i = 0; i < kTargetVerdicts; ++i) {
    const auto verdict = static_cast<TargetVerdict>(i);
    EXPECT_EQ(parse_target_verdict(to_string(verdict)), verdict);
  }
  EXPECT_FALSE(parse_target_verdict(""));
}

}  // namespace
}  // namespace selfheal
