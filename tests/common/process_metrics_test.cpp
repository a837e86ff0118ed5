#include "common/exposition/process_metrics.h"

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/support/metrics_text.h"

namespace selfheal {
namespace {

TEST(ProcessMetrics, TellTheTruthAboutThisProcess) {
  std::string text;
  StringSink sink(text);
  MetricsWriter writer(MetricsFormat::text, sink);
  ProcessMetrics().write(writer);
  writer.finish();
  const MetricsText all = parse_metrics(text);
  EXPECT_GE(all.value("process_threads"), 1);
  EXPECT_GT(all.value("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(all.value("process_virtual_memory_bytes"), all.value("process_resident_memory_bytes"));
  EXPECT_GE(all.value("process_open_fds"), 3);
  EXPECT_GT(all.value("process_max_fds"), all.value("process_open_fds"));
  const double now = to_unix_seconds(SystemClock().wall_now());
  EXPECT_LE(all.value("process_start_time_seconds"), now + 1);
  EXPECT_GT(all.value("process_start_time_seconds"), now - 3600);
  EXPECT_GE(all.value("process_cpu_seconds_total"), 0);
}

}  // namespace
}  // namespace selfheal
