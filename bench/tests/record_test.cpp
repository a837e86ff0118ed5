#include "bench/race/record.h"

#include <gtest/gtest.h>

namespace selfheal::race {
namespace {

RoundRecord a_round() {
  RoundRecord record;
  record.contender = Contender::stock;
  record.part = 2;
  record.number = 21;
  record.mode = Mode::hang;
  record.container = "race-07";
  record.broken_at = WallTime(std::chrono::milliseconds(1'700'000'000'123));
  record.total_ms = 2950.5;
  record.marks = {{Mark::first_failed_probe, 412.3}, {Mark::healthy, 2950.5}};
  return record;
}

TEST(Record, SurvivesItsLine) {
  const auto read = parse_json_line(to_json_line(a_round()));
  ASSERT_TRUE(read);
  ASSERT_TRUE(*read);
  EXPECT_EQ((*read)->contender, Contender::stock);
  EXPECT_EQ((*read)->number, 21);
  EXPECT_EQ((*read)->mode, Mode::hang);
  EXPECT_EQ((*read)->broken_at, a_round().broken_at);
  EXPECT_EQ((*read)->total_ms, a_round().total_ms);
  EXPECT_EQ((*read)->marks, a_round().marks);
  EXPECT_TRUE((*read)->counts());
}

TEST(Record, ARoundThatWasNotHealedDoesNotCount) {
  RoundRecord record = a_round();
  record.total_ms.reset();
  record.fault = "was not restarted";
  const auto read = parse_json_line(to_json_line(record));
  ASSERT_TRUE(read);
  EXPECT_FALSE((*read)->counts());
  EXPECT_EQ((*read)->fault, "was not restarted");
}

TEST(Record, OtherKindsOfLinesAreNoRounds) {
  const auto read = parse_json_line(R"({"kind":"summary","median_ms":1})");
  ASSERT_TRUE(read);
  EXPECT_FALSE(*read);
}

TEST(Record, WhatIsNoLineOfARaceIsAnError) {
  EXPECT_FALSE(parse_json_line("{"));
  EXPECT_FALSE(parse_json_line(R"({"kind":"round"})"));
  EXPECT_FALSE(parse_json_line("[]"));
}

}  // namespace
}  // namespace selfheal::race
