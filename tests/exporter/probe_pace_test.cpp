#include "exporter/health/probe_pace.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const ContainerKey kWeb{"host", "web"};

ProbeSpec probe_spec(ProbeKind kind = ProbeKind::http) {
  ProbeSpec spec;
  spec.module = ModuleSet().default_for(kind);
  spec.name = "default";
  spec.url.kind = kind;
  spec.settings.interval = seconds(15);
  spec.settings.edge_interval = seconds(5);
  spec.settings.start_period = Milliseconds(0);
  return spec;
}

MonitoredProbe probe_of(const ProbeSpec& spec) {
  return {7, spec, TargetHealth(spec.settings, at(-100), at(0))};
}

WatchedContainer started_at(std::optional<WallTime> time) {
  WatchedContainer web;
  web.key = kWeb;
  web.started_at = time;
  return web;
}

TEST(FirstSight, TellsWhatWasThereBeforeUsFromWhatHasJustStarted) {
  EXPECT_EQ(first_sight(started_at(at(-100)), at(0)), Sight::found);
  EXPECT_EQ(first_sight(started_at(at(-2)), at(0)), Sight::found);
  EXPECT_EQ(first_sight(started_at(at(-1.9)), at(0)), Sight::born);
  EXPECT_EQ(first_sight(started_at(std::nullopt), at(0)), Sight::found);
}

TEST(ProbeChangeOf, ANewRunIsProbedAtOnceAndWhatWasThereBeforeUsInItsTurn) {
  const MonitoredProbe probe = probe_of(probe_spec());
  ContainerStep step;
  step.started = true;
  step.added = {probe.id};
  EXPECT_EQ(change_of(probe, step, Sight::found), ProbeChange::in_turn);
  EXPECT_EQ(change_of(probe, step, Sight::born), ProbeChange::restart);
  EXPECT_EQ(change_of(probe, step, Sight::known), ProbeChange::restart);
  EXPECT_EQ(change_of(probe, step, Sight::back), ProbeChange::restart);
}

TEST(ProbeChangeOf, OnlyWhatIsNewChangedOrBackIsPutIntoItsTurn) {
  const MonitoredProbe probe = probe_of(probe_spec());
  ContainerStep step;
  EXPECT_EQ(change_of(probe, step, Sight::known), ProbeChange::none);
  EXPECT_EQ(change_of(probe, step, Sight::back), ProbeChange::in_turn);
  step.added = {probe.id + 1};
  EXPECT_EQ(change_of(probe, step, Sight::known), ProbeChange::none);
  step.added = {probe.id};
  EXPECT_EQ(change_of(probe, step, Sight::known), ProbeChange::in_turn);
  step.added = {};
  step.changed = {probe.id};
  EXPECT_EQ(change_of(probe, step, Sight::known), ProbeChange::in_turn);
}

TEST(ProbeChangeOf, DockersOwnHealthConcernsTheProbesThatAskForIt) {
  ContainerStep step;
  step.health_changed = true;
  EXPECT_EQ(change_of(probe_of(probe_spec(ProbeKind::docker)), step, Sight::known),
            ProbeChange::at_once);
  EXPECT_EQ(change_of(probe_of(probe_spec()), step, Sight::known), ProbeChange::none);
}

TEST(FirstProbe, IsSpreadOverTheEdgeInterval) {
  const ProbeSpec spec = probe_spec();
  const SteadyTime first = first_probe(kWeb, spec, steady(0));
  EXPECT_GE(first, steady(0));
  EXPECT_LT(first, steady(5));
  EXPECT_NE(first, first_probe({"host", "other"}, spec, steady(0)));
}

class Pace : public testing::Test {
 protected:
  void settle() { probe.health.record(pass_at(0)); }
  // A probe at that time, which took a millisecond.
  GridTick probed(SteadyTime due) {
    pace.begin(due, due);
    return pace.next(kWeb, probe, at(0), due + milliseconds(1));
  }

  MonitoredProbe probe = probe_of(probe_spec());
  ProbePace pace;
};

TEST_F(Pace, BetweenStatesTheEdgeIntervalCountsFromTheStartOfTheProbe) {
  EXPECT_EQ(probed(steady(3)).due, steady(8));
}

TEST_F(Pace, ASettledTargetKeepsToItsGrid) {
  settle();
  const SteadyTime first = probed(steady(3)).due;
  EXPECT_GT(first, steady(3));
  EXPECT_LE(first, steady(18) + milliseconds(1));
  EXPECT_EQ(probed(first).due, first + seconds(15));
  EXPECT_EQ(probed(first + seconds(15)).due, first + seconds(30));
}

TEST_F(Pace, SkippedTicksAreCountedOnTheGridAlone) {
  settle();
  pace.begin(steady(3), steady(3));
  const GridTick first = pace.next(kWeb, probe, at(0), steady(100));  // not on the grid before
  EXPECT_EQ(first.skipped, 0U);
  pace.begin(first.due, first.due);
  const GridTick late = pace.next(kWeb, probe, at(0), first.due + seconds(40));
  EXPECT_EQ(late.due, first.due + seconds(45));
  EXPECT_EQ(late.skipped, 2U);
}

TEST_F(Pace, WhatIsWantedMeanwhileComesRightAfter) {
  settle();
  pace.want_another();
  EXPECT_EQ(probed(steady(3)).due, steady(3) + milliseconds(1));
  EXPECT_GT(probed(steady(4)).due, steady(4) + milliseconds(1));  // once
  pace.want_another();
  pace.want_no_other();
  EXPECT_GT(probed(steady(5)).due, steady(5) + milliseconds(1));
}

}  // namespace
}  // namespace selfheal
