#include "exporter/config.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/reference_keys.h"

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
  discovery.host_address = "2001:db8::1";
  settings.discovery = discovery;
  settings.resync_interval = Milliseconds(90'000);
  settings.probes_in_flight = 17;
  const auto again = read(to_yaml(settings));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->discovery->defaults, discovery.defaults);
  EXPECT_EQ(again->resync_interval, settings.resync_interval);
  EXPECT_EQ(again->discovery->host_address, "2001:db8::1");
  EXPECT_EQ(again->probes_in_flight, 17);
}

TEST_F(ConfigTest, TheReferenceHasTheKeysThatAreRead) {
  expect_told(config_reference());
  expect_same_keys(config_reference(), [&](const std::string& yaml) { return fault(yaml); });
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

TEST_F(ConfigTest, AllFaultsAreToldAtOnce) {
  const std::string all = fault(
      "defaults: {interval: 1s, edge_interval: 2s}\n"
      "targets: [{name: a, url: gopher}]\n"
      "overrides: [{container: a, labels: {selfheal.prob: none}}]\n"
      "modules: {m: {prober: http, http: {method: 1, nothing: 2}}}\n");
  EXPECT_NE(all.find(":1: defaults.edge_interval: "), std::string::npos) << all;
  EXPECT_NE(all.find(":2: targets[0].url: "), std::string::npos) << all;
  EXPECT_NE(all.find(":3: overrides[0].labels.selfheal.prob: "), std::string::npos) << all;
  EXPECT_NE(all.find(":4: modules.m.http.nothing: "), std::string::npos) << all;
}

TEST_F(ConfigTest, TargetsUseTheModulesAndDefaultsOfTheFileWhereverTheyStand) {
  const auto settings = read(
      "targets: [{name: a, url: 'http://a/', module: mine}]\n"
      "modules: {mine: {prober: http, timeout: 2s}}\n"
      "defaults: {interval: 40s}\n"
      "overrides: [{container: a, labels: {selfheal.interval: 1s}}]\n");
  ASSERT_TRUE(settings) << settings.error().message;
  const ProbeSpec& spec = *settings->targets.at(0)->probes.at(0);
  EXPECT_EQ(spec.settings.interval, std::chrono::seconds(40));
  EXPECT_EQ(spec.settings.timeout, std::chrono::seconds(2));
  EXPECT_EQ(summary(*settings), "1 module of its own, 1 target, 1 override");
  const auto again = read(to_yaml(*settings));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_yaml(*again), to_yaml(*settings));
  EXPECT_EQ(*again->targets.at(0), *settings->targets.at(0));
  EXPECT_EQ(again->discovery->overrides, settings->discovery->overrides);
}

TEST_F(ConfigTest, ModulesMayStandInFilesOfTheirOwn) {
  const std::string modules = path + ".modules";
  std::ofstream(modules) << "modules: {a: {prober: tcp}, b: {prober: http}}\n";
  const std::string beside = modules.substr(modules.rfind('/') + 1);
  const auto settings = read("module_files: [" + beside +
                             "]\nmodules: {b: {prober: icmp}}\n"
                             "targets: [{name: t, url: 'tcp://h:1', module: a}]\n");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->discovery->modules.find("b")->prober, ProbeKind::icmp);
  std::ofstream(modules) << "modules:\n  a: {prober: none}\n";
  const std::string faulty = fault("\nmodule_files: [" + modules + "]\n");
  EXPECT_NE(faulty.find(":2: module_files: " + modules + ":2: modules.a.prober: "),
            std::string::npos)
      << faulty;
  std::remove(modules.c_str());
  EXPECT_NE(fault("module_files: [" + modules + "]\n").find("can't be read"), std::string::npos);
}

TEST_F(ConfigTest, TheExampleFileLoadsAndHasEverything) {
  const auto settings = read_config(SELFHEAL_SOURCE "/exporter/selfheal-exporter.example.yml");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_TRUE(settings->warnings.empty());
  EXPECT_FALSE(settings->targets.empty());
  EXPECT_FALSE(settings->discovery->overrides.empty());
  EXPECT_NE(summary(*settings).find("modules of its own"), std::string::npos);
}

}  // namespace
}  // namespace selfheal
