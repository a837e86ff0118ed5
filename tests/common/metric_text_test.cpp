#include "common/exposition/metric_text.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "common/exposition/histogram_bounds.h"

namespace selfheal {
namespace {

std::string text_of(auto value) {
  std::array<char, kNumberLength> text;
  return {text.data(), put_number(text.data(), value)};
}

TEST(PutNumber, WholeNumbersHaveNoExponent) {
  EXPECT_EQ(text_of(0.0), "0");
  EXPECT_EQ(text_of(-3.0), "-3");
  EXPECT_EQ(text_of(1e6), "1000000");
  EXPECT_EQ(text_of(1'700'000'000.0), "1700000000");
  EXPECT_EQ(text_of(999'999'999'999'999.0), "999999999999999");
  EXPECT_EQ(text_of(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
}

TEST(PutNumber, OthersAreTheShortestThatReadBackTheSame) {
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(1'700'000'000.123456), "1700000000.123456");
  for (const double value : {1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308, -2.5e15, 0.1 + 0.2})
    EXPECT_EQ(std::strtod(text_of(value).c_str(), nullptr), value) << text_of(value);
}

TEST(PutNumber, WhatIsNoNumberIsWrittenAsPrometheusDoes) {
  EXPECT_EQ(text_of(std::nan("")), "NaN");
  EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(text_of(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(LabelBlock, IsWhatStandsBetweenTheBraces) {
  EXPECT_EQ(label_block({{"host", "box"}, {"container", "web"}}), R"(host="box",container="web")");
  EXPECT_EQ(label_block({}), "");
  EXPECT_EQ(label_block({{"a", ""}}), R"(a="")");
}

TEST(LabelBlock, EscapesWhatWouldEndTheLabel) {
  EXPECT_EQ(label_block({{"a", "\"\\\n{},=\t"}}), "a=\"\\\"\\\\\\n{},=\t\"");
}

TEST(LabelBlock, WhatIsNoUtf8IsReplaced) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(label_block({{"a", "K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x90\xB3"}}),
            "a=\"K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x90\xB3\"");
  EXPECT_EQ(label_block({{"a", "x\xFFy"}}), "a=\"x" + bad + "y\"");
  EXPECT_EQ(label_block({{"a", "\xC3"}}), "a=\"" + bad + "\"");            // cut short
  EXPECT_EQ(label_block({{"a", "\xC3\""}}), "a=\"" + bad + "\\\"\"");      // a quote follows
  EXPECT_EQ(label_block({{"a", "\xC0\xAF"}}), "a=\"" + bad + bad + "\"");  // overlong
  EXPECT_EQ(label_block({{"a", "\xED\xA0\x80"}}), "a=\"" + bad + bad + bad + "\"");  // surrogate
  EXPECT_EQ(label_block({{"a", "\xF4\x90\x80\x80"}}), "a=\"" + bad + bad + bad + bad + "\"");
}

TEST(EscapedHelp, DependsOnTheFormat) {
  EXPECT_EQ(escaped_help("a \"b\" \\ \n", HelpQuotes::plain), "a \"b\" \\\\ \\n");
  EXPECT_EQ(escaped_help("a \"b\" \\ \n", HelpQuotes::escaped), "a \\\"b\\\" \\\\ \\n");
}

TEST(HistogramBounds, LookLikeFloatsInOpenMetrics) {
  constexpr std::array kBounds{0.0001, 0.5, 1.0, 2.5, 60.0};
  const HistogramBounds bounds(kBounds);
  std::string text, openmetrics;
  for (size_t i = 0; i < bounds.buckets(); ++i) {
    text += bounds.le(i, MetricsFormat::text) + " ";
    openmetrics += bounds.le(i, MetricsFormat::openmetrics) + " ";
  }
  EXPECT_EQ(text, R"(le="0.0001" le="0.5" le="1" le="2.5" le="60" le="+Inf" )");
  EXPECT_EQ(openmetrics, R"(le="0.0001" le="0.5" le="1.0" le="2.5" le="60.0" le="+Inf" )");
}

}  // namespace
}  // namespace selfheal
