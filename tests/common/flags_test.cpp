#include "common/base/flags.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// An environment variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

struct Parsed {
  CommonFlags flags;
  std::optional<int> status;
  std::string out;
  std::string err;
};

Parsed parse(std::vector<const char*> arguments) {
  Parsed parsed;
  CLI::App app("A test.", "selfheal-test");
  parsed.flags.add_to(app, ":10115");
  arguments.insert(arguments.begin(), "selfheal-test");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  parsed.status = parse_command_line(app, static_cast<int>(arguments.size()), arguments.data());
  if (!parsed.status && !parsed.flags.apply()) parsed.status = kExitBadUsage;
  parsed.out = testing::internal::GetCapturedStdout();
  parsed.err = testing::internal::GetCapturedStderr();
  return parsed;
}

TEST(EnvironmentName, IsTheFlagInCapitals) {
  EXPECT_EQ(environment_name("--log.level"), "SELFHEAL_LOG_LEVEL");
  EXPECT_EQ(environment_name("--web.listen-address"), "SELFHEAL_WEB_LISTEN_ADDRESS");
}

TEST(CommonFlags, HaveDefaults) {
  const Parsed parsed = parse({});
  EXPECT_EQ(parsed.status, std::nullopt);
  EXPECT_EQ(parsed.flags.config_file, "");
  EXPECT_FALSE(parsed.flags.config_check);
  EXPECT_THAT(parsed.flags.listen_addresses, ElementsAre(":10115"));
  EXPECT_EQ(parsed.flags.telemetry_path, "/metrics");
  EXPECT_FALSE(parsed.flags.enable_lifecycle);
  EXPECT_EQ(parsed.flags.log_level, "info");
  EXPECT_EQ(parsed.flags.log_format, "logfmt");
}

TEST(CommonFlags, ComeFromTheCommandLine) {
  const Parsed parsed = parse({"--config.file=a.yml", "--config.check", "--web.listen-address=:1",
                               "--web.listen-address", "[::1]:2", "--web.telemetry-path=/m",
                               "--web.enable-lifecycle", "--log.level=warn", "--log.format=json"});
  EXPECT_EQ(parsed.status, std::nullopt) << parsed.err;
  EXPECT_EQ(parsed.flags.config_file, "a.yml");
  EXPECT_TRUE(parsed.flags.config_check);
  EXPECT_THAT(parsed.flags.listen_addresses, ElementsAre(":1", "[::1]:2"));
  EXPECT_EQ(parsed.flags.telemetry_path, "/m");
  EXPECT_TRUE(parsed.flags.enable_lifecycle);
  EXPECT_EQ(parsed.flags.log_level, "warn");
  EXPECT_EQ(parsed.flags.log_format, "json");
}

TEST(CommonFlags, ComeFromTheEnvironment) {
  const Variable file("SELFHEAL_CONFIG_FILE", "env.yml");
  const Variable check("SELFHEAL_CONFIG_CHECK", "true");
  const Variable listen("SELFHEAL_WEB_LISTEN_ADDRESS", ":1,:2");
  const Variable path("SELFHEAL_WEB_TELEMETRY_PATH", "/env");
  const Variable lifecycle("SELFHEAL_WEB_ENABLE_LIFECYCLE", "true");
  const Variable level("SELFHEAL_LOG_LEVEL", "error");
  const Variable format("SELFHEAL_LOG_FORMAT", "json");
  const Parsed parsed = parse({});
  EXPECT_EQ(parsed.status, std::nullopt) << parsed.err;
  EXPECT_EQ(parsed.flags.config_file, "env.yml");
  EXPECT_TRUE(parsed.flags.config_check);
  EXPECT_THAT(parsed.flags.listen_addresses, ElementsAre(":1", ":2"));
  EXPECT_EQ(parsed.flags.telemetry_path, "/env");
  EXPECT_TRUE(parsed.flags.enable_lifecycle);
  EXPECT_EQ(parsed.flags.log_level, "error");
  EXPECT_EQ(parsed.flags.log_format, "json");
}

TEST(CommonFlags, TheCommandLineWins) {
  const Variable level("SELFHEAL_LOG_LEVEL", "error");
  EXPECT_EQ(parse({"--log.level=debug"}).flags.log_level, "debug");
}

TEST(CommonFlags, HelpAndVersionEndWithSuccess) {
  const Parsed help = parse({"--help"});
  EXPECT_EQ(help.status, kExitDone);
  EXPECT_THAT(help.out, HasSubstr("SELFHEAL_LOG_LEVEL"));
  const Parsed shown = parse({"--version"});
  EXPECT_EQ(shown.status, kExitDone);
  EXPECT_THAT(shown.out, HasSubstr("selfheal-test, version " + std::string(version())));
}

TEST(CommonFlags, BadUsageEndsWithStatus2AndSaysWhy) {
  const Parsed unknown = parse({"--log.levle=warn"});
  EXPECT_EQ(unknown.status, kExitBadUsage);
  EXPECT_THAT(unknown.err, HasSubstr("--log.levle"));
  const Parsed level = parse({"--log.level=loud"});
  EXPECT_EQ(level.status, kExitBadUsage);
  EXPECT_THAT(level.err, HasSubstr("--log.level: \"loud\" is not one of"));
  const Parsed format = parse({"--log.format=xml"});
  EXPECT_EQ(format.status, kExitBadUsage);
  EXPECT_THAT(format.err, HasSubstr("--log.format"));
  const Parsed path = parse({"--web.telemetry-path=metrics"});
  EXPECT_EQ(path.status, kExitBadUsage);
  EXPECT_THAT(path.err, HasSubstr("--web.telemetry-path"));
  EXPECT_EQ(parse({"stray"}).status, kExitBadUsage);
}

TEST(DefaultDockerHost, IsTheEnvironmentsElseTheSocket) {
  const char* outer = std::getenv("DOCKER_HOST");
  const std::string kept = outer == nullptr ? "" : outer;
  {
    const Variable host("DOCKER_HOST", "tcp://engine:2375");
    EXPECT_EQ(default_docker_host(), "tcp://engine:2375");
  }
  EXPECT_EQ(default_docker_host(), "unix:///var/run/docker.sock");
  {
    const Variable host("DOCKER_HOST", "");
    EXPECT_EQ(default_docker_host(), "unix:///var/run/docker.sock");
  }
  if (!kept.empty()) setenv("DOCKER_HOST", kept.c_str(), 1);
}

}  // namespace
}  // namespace selfheal
