#include "exporter/blackbox/debug_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

class DebugOutputTest : public testing::Test {
 protected:
  RecentProbe probe(ProbeResult result) {
    return {1, "a.example", modules_.find("http_2xx"), Milliseconds(119'500), std::move(result)};
  }
  ModuleSet modules_;
};

TEST_F(DebugOutputTest, HasBlackboxExportersThreeSections) {
  const std::string text = debug_output(probe(passed()));
  const size_t logs = text.find("Logs for the probe:\n");
  const size_t metrics = text.find("\n\n\nMetrics that would have been returned:\n# HELP ");
  const size_t module = text.find("\n\n\nModule configuration:\n");
  EXPECT_EQ(logs, 0U);
  ASSERT_NE(metrics, std::string::npos);
  ASSERT_NE(module, std::string::npos);
  EXPECT_LT(metrics, module);
  EXPECT_THAT(text, HasSubstr("probe_success 1\n"));
  EXPECT_THAT(text.substr(module), HasSubstr("prober: http\n"));
}

TEST_F(DebugOutputTest, TellsHowTheProbeWent) {
  ProbeResult result = failed(ProbeReason::refused, "nobody there");
  result.trace = std::make_shared<ProbeTrace>();
  result.trace->log.push_back({WallTime{}, log::Level::warn, "Connecting", {{"ip", "127.0.0.1"}}});
  const std::string text = debug_output(probe(result));
  EXPECT_THAT(text, HasSubstr("level=info msg=\"Beginning probe\" module=http_2xx target=a.example "
                              "probe=http timeout_seconds=119.5\n"));
  EXPECT_THAT(text, HasSubstr("level=warn msg=Connecting ip=127.0.0.1\n"));
  EXPECT_THAT(text, HasSubstr("level=error msg=\"Probe failed\" duration_seconds=0 reason=refused "
                              "err=\"nobody there\"\n"));
}

TEST_F(DebugOutputTest, WhatCouldNotBeMadeHasNoReason) {
  const std::string text = debug_output(probe(inconclusive("no right to ping")));
  EXPECT_THAT(text, HasSubstr("duration_seconds=0 outcome=inconclusive err=\"no right to ping\""));
}

}  // namespace
}  // namespace selfheal
