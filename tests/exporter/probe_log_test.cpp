#include "exporter/probes/probe_log.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(ProbeLog, WithoutTracingItIsNothing) {
  const SystemClock clock;
  const ProbeLog log(clock, Tracing::off);
  EXPECT_FALSE(log);
  log.info("nobody hears that");
  EXPECT_EQ(log.trace_ptr(), nullptr);
}

TEST(ProbeLog, CopiesWriteToTheSameTrace) {
  const SystemClock clock;
  const ProbeLog log(clock, Tracing::on);
  const ProbeLog copy = log;
  log.info("one", {{"key", "value"}});
  copy.error("two");
  ASSERT_EQ(log.trace().log.size(), 2U);
  EXPECT_EQ(log.trace().log[0].fields.at(0).second, "value");
  EXPECT_EQ(log.trace().log[1].message, "two");
}

size_t bytes_of(const std::vector<TraceLine>& lines) {
  size_t bytes = 0;
  for (const TraceLine& line : lines) {
    bytes += line.message.size();
    for (const auto& [key, value] : line.fields) bytes += key.size() + value.size();
  }
  return bytes;
}

TEST(ProbeLog, APeersLinesDoNotFillTheMemory) {
  const SystemClock clock;
  for (const size_t length : {size_t{0}, size_t{64'000}}) {
    const ProbeLog log(clock, Tracing::on);
    for (int i = 0; i < 100'000; ++i) log.debug("Read line", {{"line", std::string(length, 'x')}});
    const std::vector<TraceLine>& lines = log.trace().log;
    EXPECT_EQ(lines.back().message, "The log is cut off here");
    EXPECT_LE(bytes_of(lines), size_t{64 << 10});
    EXPECT_LT(lines.size(), 1'000U);
    EXPECT_GT(lines.size(), 30U);
  }
}

}  // namespace
}  // namespace selfheal
