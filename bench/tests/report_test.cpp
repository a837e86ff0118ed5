#include "bench/race/report.h"

#include <gtest/gtest.h>

namespace selfheal::race {
namespace {

RoundRecord round_of(Contender contender, Mode mode, double total_ms) {
  RoundRecord record;
  record.contender = contender;
  record.mode = mode;
  record.total_ms = total_ms;
  record.marks[Mark::healthy] = total_ms;
  return record;
}

std::vector<RoundRecord> a_race(double ours_ms, double peers_ms) {
  return {round_of(Contender::ours, Mode::error, ours_ms),
          round_of(Contender::loop, Mode::error, peers_ms),
          round_of(Contender::stock, Mode::error, peers_ms)};
}

TEST(Report, SetsPeersAgainstOurs) {
  const std::string table = totals_table(a_race(2000, 3000));
  EXPECT_NE(table.find("1.50x"), std::string::npos) << table;
  EXPECT_NE(table.find("2.00"), std::string::npos) << table;
}

TEST(Report, TargetsAreMetWhenQuickEnoughAndQuickerThanBoth) {
  EXPECT_TRUE(judge(a_race(2300, 2301)).met);
  EXPECT_FALSE(judge(a_race(2301, 3000)).met);
  EXPECT_FALSE(judge(a_race(2000, 2000)).met);
}

TEST(Report, NothingIsJudgedWithoutOurs) {
  const Verdict verdict = judge({round_of(Contender::loop, Mode::hang, 9000)});
  EXPECT_TRUE(verdict.met);
  EXPECT_EQ(verdict.text, "");
}

TEST(Report, ALegBeginsWhereTheLastKnownOneEnds) {
  RoundRecord record = round_of(Contender::ours, Mode::error, 2000);
  record.marks[Mark::first_failed_probe] = 300;
  record.marks[Mark::restart_issued] = 1600;
  const std::string table = legs_table({record}, Contender::ours);
  EXPECT_NE(table.find("first failed probe begins      300"), std::string::npos) << table;
  EXPECT_NE(table.find("restart issued                1300"), std::string::npos) << table;
  EXPECT_NE(table.find("healthy                        400"), std::string::npos) << table;
  EXPECT_EQ(table.find("threshold"), std::string::npos) << table;
}

TEST(Report, RoundsThatDoNotCountAreLeftOut) {
  auto rounds = a_race(2000, 3000);
  rounds.front().fault = "was not restarted";
  EXPECT_EQ(totals_table(rounds).find("selfheal"), std::string::npos);
  EXPECT_EQ(legs_table(rounds, Contender::ours), "");
}

}  // namespace
}  // namespace selfheal::race
