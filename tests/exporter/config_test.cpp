#include "exporter/config.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace selfheal {
namespace {

class ConfigTest : public testing::Test {
 protected:
  ~ConfigTest() override { std::remove(path.c_str()); }
  Result<ExporterSettings> read(const std::string& yaml) {
    std::ofstream(path) << yaml;
    return read_config(path);
  }
  std::string fault(const std::string& yaml) { return read(yaml).error().message; }
  const std::string path =
      testing::TempDir() + "exporter-config-" + std::to_string(getpid()) + ".yml";
};

TEST_F(ConfigTest, NoneIsNeeded) {
  const auto settings = read_config("");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->discovery->defaults.interval, std::chrono::seconds(15));
  EXPECT_EQ(settings->resync_interval, std::chrono::seconds(60));
}

TEST_F(ConfigTest, ReadsWhatItWrites) {
  ExporterSettings settings;
  DiscoverySettings discovery;
  discovery.defaults = {Milliseconds(2'000), Milliseconds(500), Milliseconds(900), 4, 2,
                        Milliseconds(0)};
  settings.discovery = discovery;
  settings.resync_interval = Milliseconds(90'000);
  settings.probes_in_flight = 17;
  const auto again = read(to_yaml(settings));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->discovery->defaults, discovery.defaults);
  EXPECT_EQ(again->resync_interval, settings.resync_interval);
  EXPECT_EQ(again->probes_in_flight, 17);
}

TEST_F(ConfigTest, FaultsNameLineAndKey) {
  EXPECT_NE(fault("defaults:\n  intervall: 3s\n").find(":2: defaults.intervall: unknown key"),
            std::string::npos);
  EXPECT_NE(fault("defaults: {interval: 15}\n").find(":1: defaults.interval"), std::string::npos);
  EXPECT_NE(fault("defaults: {timeout: 2m}\n").find("from 10ms to 1m"), std::string::npos);
  EXPECT_NE(fault("limits: {probes_in_flight: 0}\n").find("whole number"), std::string::npos);
  EXPECT_NE(fault("defaults: {interval: 1s, edge_interval: 2s}\n").find("edge_interval"),
            std::string::npos);
  EXPECT_NE(fault("docker: 3\n").find("expected a mapping"), std::string::npos);
  EXPECT_FALSE(read_config("/does/not/exist.yml"));
}

}  // namespace
}  // namespace selfheal
