#include "common/base/time_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(ParseDuration, TakesWhatGoAndPrometheusTake) {
  const std::pair<const char*, int64_t> cases[] = {
      {"0", 0},          {"0s", 0},         {"15s", 15'000},         {"500ms", 500},
      {"1m30s", 90'000}, {"2h", 7'200'000}, {"1d", 86'400'000},      {"1w", 604'800'000},
      {"1.5s", 1'500},   {"0.25s", 250},    {"1h2m3s4ms", 3'723'004}};
  for (const auto& [text, ms] : cases) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().message;
    EXPECT_EQ(parsed->count(), ms) << text;
  }
}

TEST(ParseDuration, RefusesWhatCanBeMisread) {
  for (const char* text : {"", "15", "s", "-1s", "1s-1s", "15 s", " 15s", "15s ", "1e3s", "fifteen",
                           "1x", "1.s.", "nans", "infs", "0x1s", "3651d", "1e400s"}) {
    const auto parsed = parse_duration(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("\"" + std::string(text) + "\"")) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr("15s")) << "says what was expected";
  }
}

TEST(FormatDuration, IsReadBackToTheSameValue) {
  for (const int64_t ms :
       {0L, 1L, 999L, 1000L, 1500L, 60'000L, 90'000L, 3'600'000L, 86'400'000L, 90'061'001L}) {
    const std::string text = format_duration(Milliseconds(ms));
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(parsed->count(), ms) << text;
  }
  EXPECT_EQ(format_duration(Milliseconds(90'000)), "1m30s");
  EXPECT_EQ(format_duration(Milliseconds(500)), "500ms");
  EXPECT_EQ(format_duration(Milliseconds(0)), "0s");
  EXPECT_EQ(format_duration(Milliseconds(-1500)), "-1s500ms");
}

// 2026-01-31T12:00:00Z
constexpr WallTime kNoon{seconds(1'769'860'800)};

TEST(ParseRfc3339, KeepsNanoseconds) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00Z"), kNoon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.5Z"), kNoon + nanoseconds(500'000'000));
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.123456789Z"), kNoon + nanoseconds(123'456'789));
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.1234567891234Z"), kNoon + nanoseconds(123'456'789))
      << "what is finer than a nanosecond is cut off";
}

TEST(ParseRfc3339, AppliesOffsets) {
  EXPECT_EQ(parse_rfc3339("2026-01-31T13:00:00+01:00"), kNoon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T06:30:00-05:30"), kNoon);
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00.25+00:00"), kNoon + nanoseconds(250'000'000));
  EXPECT_EQ(parse_rfc3339("2026-01-31T12:00:00z"), kNoon);
}

TEST(ParseRfc3339, TakesTheYearOneAsNever) {
  EXPECT_EQ(parse_rfc3339("0001-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("0000-01-01T00:00:00Z"), std::nullopt);
}

TEST(ParseRfc3339, RefusesWhatIsNoInstant) {
  for (const char* text :
       {"", "now", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-31T12:00:00+0100", "2026-01-31T12:00:00+01",
        "2026-01-31T12:00:00Zulu", "2026-01-31T12:00:00Z ", " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00+25:00", "2026-01-31T12:00:00+-1:-1", "2026-01-31T12:00:00.Z",
        "2026-02-31T12:00:00Z", "2026-1-3T1:2:3Z", "+026-01-31T12:00:00Z"})
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
}

TEST(ParseRfc3339, RefusesWhatNoClockHereCanHold) {
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(parse_rfc3339("1066-10-14T09:00:00Z"), std::nullopt);
  EXPECT_NE(parse_rfc3339("2261-01-01T00:00:00Z"), std::nullopt);
  EXPECT_NE(parse_rfc3339("1969-07-20T20:17:40Z"), std::nullopt);
}

TEST(FormatSeconds, HasAsManyDecimalsAsAskedFor) {
  EXPECT_EQ(format_seconds(Milliseconds(12'345)), "12.345");
  EXPECT_EQ(format_seconds(Milliseconds(12'345), 1), "12.3");
  EXPECT_EQ(format_seconds(Milliseconds(-500), 1), "-0.5");
}

TEST(FormatRfc3339, IsUtcWithMilliseconds) {
  EXPECT_EQ(format_rfc3339(kNoon), "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(format_rfc3339(kNoon + nanoseconds(123'999'999)), "2026-01-31T12:00:00.123Z");
  EXPECT_EQ(format_rfc3339(WallTime(nanoseconds(-1))), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(parse_rfc3339(format_rfc3339(kNoon + Milliseconds(7))), kNoon + Milliseconds(7));
}

TEST(FormatRfc3339Nanos, IsReadBackAsItWas) {
  for (const WallTime time : {kNoon, kNoon + nanoseconds(1), kNoon + nanoseconds(123'456'789)})
    EXPECT_EQ(parse_rfc3339(format_rfc3339_nanos(time)), time);
  EXPECT_EQ(format_rfc3339_nanos(kNoon + nanoseconds(7)), "2026-01-31T12:00:00.000000007Z");
}

TEST(UnixSeconds, AreWhatPrometheusWants) {
  EXPECT_DOUBLE_EQ(to_unix_seconds(kNoon + Milliseconds(250)), 1'769'860'800.25);
}

}  // namespace
}  // namespace selfheal
