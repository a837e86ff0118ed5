#include "remediator/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/reference_keys.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

class ConfigTest : public testing::Test {
 protected:
  Result<RemediatorSettings> read(const std::string& text) {
    return read_config(folder_.write("remediator.yml", text));
  }
  std::string fault_of(const std::string& text) {
    const auto settings = read(text);
    if (settings) ADD_FAILURE() << "was read: " << text;
    // Without the folder, whose name is made up.
    return settings ? "" : settings.error().message.substr(folder_.path("").size());
  }

  TempFolder folder_;
};

TEST_F(ConfigTest, TheReferenceHasTheKeysThatAreRead) {
  expect_told(config_reference());
  expect_same_keys(config_reference(), [&](const std::string& text) { return fault_of(text); });
}

constexpr const char* kEverything = R"(
guards:
  protected: [db-*, registry]
  max_attempts: 5
  budget: {per_hour: 6, per_day: 7}
  host_budget: {per_hour: 8}
  cooldown: 20s
  start_grace: 5s
  create_grace: 0s
  healthy_reset: 15m
  backoff: {initial: 1s, longest: 1m, jitter_percent: 10}
lease: {duration: 1m, time_to_live: 20m}
verification: {settled: 3s, poll_interval: 100ms, timeout: 30s}
prometheus: {timeout: 500ms}
evidence:
  enabled: false
  timeout: 3s
  log_lines: 50
  max_bytes: 20000
  mask: ['^LICENCE_', 'a"b\.']
  queries:
    errors: 'rate(errors{host={{host}},path=~"\\."}[5m])'
    "of: it": up
limits: {webhook_body_bytes: 2048, concurrent_attempts: 5}
journal: {retention: 30d, max_bytes: 1073741824}
watchdog: {max_silence: 7m}
web: {protect_reads: true}
)";

void expect_everything(const RemediatorSettings& settings) {
  EXPECT_EQ(settings.guards.protected_names, (std::vector<std::string>{"db-*", "registry"}));
  EXPECT_EQ(settings.guards.max_attempts, 5);
  EXPECT_EQ(settings.guards.budget.per_hour, 6);
  EXPECT_EQ(settings.guards.budget.per_day, 7);
  EXPECT_EQ(settings.guards.host_budget, 8);
  EXPECT_EQ(settings.guards.cooldown, seconds(20));
  EXPECT_EQ(settings.guards.start_grace, seconds(5));
  EXPECT_EQ(settings.guards.create_grace, seconds(0));
  EXPECT_EQ(settings.incident.backoff_jitter_percent, 10);
  EXPECT_EQ(settings.incident.healthy_reset, minutes(15));
  EXPECT_EQ(settings.incident.backoff_initial, seconds(1));
  EXPECT_EQ(settings.incident.backoff_longest, minutes(1));
  EXPECT_EQ(settings.incident.lease, minutes(1));
  EXPECT_EQ(settings.incident.time_to_live, minutes(20));
  EXPECT_EQ(settings.verification.settled, seconds(3));
  EXPECT_EQ(settings.verification.poll_interval, Milliseconds(100));
  EXPECT_EQ(settings.verification.timeout, seconds(30));
  EXPECT_EQ(settings.prometheus_timeout, Milliseconds(500));
  EXPECT_FALSE(settings.evidence.enabled);
  EXPECT_EQ(settings.evidence.timeout, seconds(3));
  EXPECT_EQ(settings.evidence.log_lines, 50);
  EXPECT_EQ(settings.evidence.max_bytes, 20'000);
  ASSERT_EQ(settings.evidence.mask.size(), 2u);
  EXPECT_EQ(settings.evidence.mask[0].text(), "^LICENCE_");
  EXPECT_EQ(settings.evidence.mask[1].text(), R"(a"b\.)");
  EXPECT_THAT(settings.evidence.queries,
              ElementsAre(Pair("errors", R"(rate(errors{host={{host}},path=~"\\."}[5m]))"),
                          Pair("of: it", "up")));
  EXPECT_EQ(settings.webhook_body_bytes, 2048);
  EXPECT_EQ(settings.guards.concurrent_attempts, 5);
  EXPECT_EQ(settings.retention.age, std::chrono::hours(24 * 30));
  EXPECT_EQ(settings.retention.max_bytes, 1 << 30);
  EXPECT_EQ(settings.watchdog_max_silence, minutes(7));
  EXPECT_TRUE(settings.protect_reads);
}

TEST_F(ConfigTest, NoneIsNeeded) {
  for (const auto& settings : {read_config(""), read(""), read("# nothing\n")}) {
    ASSERT_TRUE(settings.ok());
    EXPECT_EQ(settings->guards.max_attempts, 3);
    EXPECT_EQ(settings->guards.concurrent_attempts, 2);
    EXPECT_EQ(settings->guards.cooldown, seconds(30));
    EXPECT_EQ(settings->incident.lease, seconds(45));
    EXPECT_EQ(settings->incident.time_to_live, minutes(10));
    EXPECT_EQ(settings->verification.timeout, seconds(60));
    EXPECT_FALSE(settings->guards.dry_run);
    EXPECT_EQ(settings->retention.age, std::chrono::hours(24 * 90));
    EXPECT_EQ(settings->retention.max_bytes, 512 << 20);
    EXPECT_EQ(settings->watchdog_max_silence, minutes(5));
    EXPECT_FALSE(settings->protect_reads);
    EXPECT_TRUE(settings->evidence.enabled);
    EXPECT_EQ(settings->evidence.timeout, seconds(5));
    EXPECT_EQ(settings->evidence.log_lines, 100);
    EXPECT_EQ(settings->evidence.max_bytes, 65'536);
    EXPECT_TRUE(settings->evidence.mask.empty());
    EXPECT_TRUE(settings->evidence.queries.empty());
  }
}

TEST_F(ConfigTest, ReadsEverything) {
  const auto settings = read(kEverything);
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  expect_everything(*settings);
}

TEST_F(ConfigTest, ShowsItselfAsTheYamlThatBringsItAbout) {
  const auto settings = read(kEverything);
  ASSERT_TRUE(settings.ok());
  const auto again = read(to_yaml(*settings));
  ASSERT_TRUE(again.ok()) << again.error().message;
  expect_everything(*again);
  const auto defaults = read(to_yaml(RemediatorSettings{}));
  ASSERT_TRUE(defaults.ok()) << defaults.error().message;
  EXPECT_EQ(to_yaml(*defaults), to_yaml(RemediatorSettings{}));
}

TEST_F(ConfigTest, FaultsNameFileLineAndKey) {
  EXPECT_THAT(fault_of("guards:\n  max_atempts: 3\n"),
              StartsWith("remediator.yml:2: guards.max_atempts: unknown key"));
  EXPECT_THAT(fault_of("guards:\n  cooldown: 30\n"),
              StartsWith("remediator.yml:2: guards.cooldown: \"30\" is not a duration"));
  EXPECT_EQ(fault_of("\nlimits: {concurrent_attempts: many}\n"),
            "remediator.yml:2: limits.concurrent_attempts: expected a whole number from 1 to 256, "
            "not \"many\"");
  EXPECT_EQ(fault_of("lease: 45s\n"), "remediator.yml:1: lease: expected a mapping (key: value)");
  EXPECT_THAT(fault_of("guard: {}\nleases: {}\n"), HasSubstr("remediator.yml:2: leases"));
  EXPECT_THAT(fault_of("guards: [\n"), StartsWith("remediator.yml:"));
}

TEST_F(ConfigTest, WhatWouldSpinOrNeverVerifyIsRefused) {
  EXPECT_THAT(fault_of("limits: {webhook_body_bytes: 10}\n"), HasSubstr("from 1024"));
  EXPECT_THAT(fault_of("guards: {max_attempts: 0}\n"), HasSubstr("from 1 to 1000"));
  for (const auto& [text, key] :
       {std::pair("lease: {duration: 10ms}\n", "lease.duration"),
        std::pair("lease: {time_to_live: 0s}\n", "lease.time_to_live"),
        std::pair("verification: {poll_interval: 1ms}\n", "verification.poll_interval"),
        std::pair("prometheus: {timeout: 0s}\n", "prometheus.timeout"),
        std::pair("journal: {retention: 23h}\n", "journal.retention"),
        std::pair("journal: {max_bytes: 1000}\n", "journal.max_bytes")})
    EXPECT_THAT(fault_of(text), StartsWith(std::string("remediator.yml:1: ") + key));
  EXPECT_THAT(fault_of("verification: {settled: 2m}\n"), HasSubstr("verification.timeout"))
      << "it could never have settled in time";
}

TEST_F(ConfigTest, EvidenceThatCantBeCollectedIsRefused) {
  EXPECT_THAT(fault_of("evidence:\n  mask:\n    - FINE\n    - '('\n"),
              StartsWith("remediator.yml:4: evidence.mask: not a regular expression: missing )"));
  EXPECT_THAT(fault_of("evidence:\n  queries:\n    a: up\n    b: 'up{x={{pod}}}'\n"),
              StartsWith("remediator.yml:4: evidence.queries.b: {{pod}} is not known"));
  EXPECT_THAT(fault_of("evidence: {queries: {a: [up]}}\n"),
              StartsWith("remediator.yml:1: evidence.queries.a: expected a PromQL query"));
  EXPECT_THAT(fault_of("evidence: {queries: {" + std::string(65, 'n') + ": up}}\n"),
              HasSubstr("expected a shorter name"));
  std::string many = "evidence:\n  queries:\n";
  for (int i = 0; i < 17; ++i) many += "    q" + std::to_string(i) + ": up\n";
  EXPECT_THAT(fault_of(many), HasSubstr("evidence.queries: expected at most 16 queries"));
  EXPECT_THAT(fault_of("evidence: {max_bytes: 100}\n"), HasSubstr("from 16384"));
  EXPECT_THAT(fault_of("evidence: {timeout: 0s}\n"), HasSubstr("evidence.timeout"));
  EXPECT_THAT(fault_of("evidence: {log_line: 5}\n"), HasSubstr("evidence.log_line: unknown key"));
  EXPECT_THAT(fault_of("evidence: {enabled: perhaps}\n"), HasSubstr("expected true or false"));
}

TEST_F(ConfigTest, AllFaultsAreToldAtOnce) {
  const std::string all =
      fault_of("verification: {settled: 2m}\nguards: {max_attempts: 0}\nnone: 1\n");
  EXPECT_THAT(all, HasSubstr("remediator.yml:1: verification.timeout: expected at least"));
  EXPECT_THAT(all, HasSubstr(":2: guards.max_attempts: "));
  EXPECT_THAT(all, HasSubstr(":3: none: unknown key"));
}

TEST_F(ConfigTest, AMissingFileIsNamed) {
  EXPECT_THAT(read_config(folder_.path("none.yml")).error().message,
              StartsWith(folder_.path("none.yml") + ": can't be read"));
}

TEST(CurrentSettings, AreReplacedAsAWhole) {
  CurrentSettings current{RemediatorSettings{}};
  const auto before = current.get();
  RemediatorSettings changed;
  changed.guards.max_attempts = 9;
  current.set(changed);
  EXPECT_EQ(before->guards.max_attempts, 3) << "whoever holds the old ones keeps them";
  EXPECT_EQ(current.get()->guards.max_attempts, 9);
}

}  // namespace
}  // namespace selfheal
