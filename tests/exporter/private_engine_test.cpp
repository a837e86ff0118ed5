// The exporter and an engine behind TLS with client certificates, and an engine that is restarted.
// Started by private_engine_test.sh, which makes both.
#include <algorithm>
#include <ctime>

#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

// In the engine's network namespace, which is the test's too: there is no bridge.
std::string on_port(int port) {
  const std::string text = std::to_string(port);
  return "--network host -e PORT=" + text + " --label selfheal.enable=true ";
}

class PrivateEngine : public EngineFixture {
 protected:
  static DockerFailure failure_with(const DockerFlags& flags) {
    const SystemClock clock;
    const auto address = flags.address();
    if (!address) return {DockerFailureKind::aborted, address.error().message};
    DockerClient client(*address, clock);
    const auto info = client.info();
    return info ? DockerFailure{DockerFailureKind::aborted, "it was let in"} : info.error();
  }
  // It may not: once in some 240 kills the state of an Engine 20.10 on cgroups of version 1 did not
  // say so.
  static bool engine_knows_of_oom_kill(const std::string& container) {
    const std::string now = std::to_string(std::time(nullptr));
    return docker("inspect -f {{.State.OOMKilled}} " + container) != "false" ||
           !docker("events --since 10m --until " + now +
                   " --filter event=oom --filter container=" + container)
                .empty();
  }
  void post(int port, const std::string& path) {
    fetch("http://127.0.0.1:" + std::to_string(port) + path, "POST");
  }
};

TEST_F(PrivateEngine, OverTlsContainersAreSeenAndEventsArrive) {
  run(on_port(18001) + "--label selfheal.probe=http://:18001/health");
  ASSERT_TRUE(becomes_healthy());
  docker("stop -t 1 " + name);
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited)) << "well before the next list";
  EXPECT_EQ(value("selfheal_container_stop_requested"), 1);
}

TEST_F(PrivateEngine, OverTlsCommandsAreRun) {
  run(on_port(18002) +
      "--label selfheal.probe='exec:/sample-app --healthcheck' --label "
      "selfheal.timeout=3s");
  ASSERT_TRUE(becomes_healthy());
  post(18002, "/break?mode=error");
  EXPECT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_THAT(targets(), HasSubstr("exit status 1"));
}

// Here, for on a shared engine another test's exporter may run the same command.
TEST_F(PrivateEngine, ACommandThatHangsIsATimeoutAndNoneIsStartedBesideIt) {
  run(on_port(18019) +
      "--label selfheal.probe='exec:/sample-app --healthcheck' --label "
      "selfheal.timeout=1s");
  ASSERT_TRUE(becomes_healthy());
  post(18019, "/break?mode=hang");
  ASSERT_TRUE(becomes("selfheal_probe_healthy", 0));
  EXPECT_EQ(value("selfheal_probe_last_failure_info", "reason=\"timeout\""), 1);
  // The server and at most one check.
  const std::string processes = docker("top " + name);
  EXPECT_LE(std::count(processes.begin(), processes.end(), '\n'), 2) << processes;
  post(18019, "/fix");
  EXPECT_TRUE(becomes_healthy());
}

TEST_F(PrivateEngine, AnIpv6AddressIsOne) {
  DockerFlags flags;
  flags.host = "tcp://[::1]:2376";
  DockerClient by_ipv6(*flags.address(), clock);
  const auto info = by_ipv6.info();
  EXPECT_TRUE(info) << info.error().message;
}

TEST_F(PrivateEngine, WithoutTheRightCertificatesItIsNotSpokenTo) {
  DockerFlags other;
  other.cert_path = from_environment("SELFHEAL_TEST_OTHER_CERTS", "");
  DockerFailure failure = failure_with(other);
  EXPECT_EQ(failure.kind, DockerFailureKind::unreachable) << failure.message;
  EXPECT_THAT(failure.message, HasSubstr("--docker.cert-path"));
  other.tls_verify = false;  // the engine still wants to know who asks
  failure = failure_with(other);
  EXPECT_THAT(failure.message, HasSubstr("certificate"));
  DockerFlags plain;
  plain.cert_path.clear();
  plain.tls_verify = false;
  EXPECT_THAT(failure_with(plain).message, HasSubstr("HTTPS"));
}

TEST_F(PrivateEngine, AfterItsRestartEverythingIsAsItWas) {
  run(on_port(18003) + "--restart always --label selfheal.probe=http://:18003/health");
  ASSERT_TRUE(becomes_healthy());
  const auto started_at = value("selfheal_container_start_time_seconds");
  const std::string restart = from_environment("SELFHEAL_TEST_ENGINE_RESTART", "false");
  ASSERT_EQ(std::system(restart.c_str()), 0);
  const auto connected = [&] {
    const std::string all = metrics();
    const size_t at = all.find("\nselfheal_exporter_docker_connected{");
    return at != std::string::npos && all.substr(all.find('}', at), 3) == "} 1";
  };
  ASSERT_TRUE(eventually(connected, std::chrono::seconds(20)));
  ASSERT_TRUE(
      eventually([&] { return value("selfheal_container_start_time_seconds") > started_at; },
                 std::chrono::seconds(20)));
  EXPECT_TRUE(becomes_healthy());
  EXPECT_TRUE(becomes("selfheal_container_state", 1, "state=\"running\""));
  // Events arrive again.
  docker("stop -t 1 " + name);
  EXPECT_TRUE(becomes("selfheal_container_state", 1, kExited));
  EXPECT_EQ(value("selfheal_container_stop_requested"), 1);
}

TEST_F(PrivateEngine, AnOomKillIsCountedOnce) {
  run(on_port(18004) +
      "--label selfheal.probe=http://:18004/health --memory 48m --memory-swap 48m");
  ASSERT_TRUE(becomes_healthy());
  EXPECT_EQ(value("selfheal_container_oom_kills_total"), 0);
  post(18004, "/break?mode=leak");
  ASSERT_TRUE(becomes("selfheal_container_state", 1, kExited));
  if (!becomes("selfheal_container_oom_kills_total", 1)) {
    ASSERT_FALSE(engine_knows_of_oom_kill(name));
    GTEST_SKIP() << "the engine itself has not noticed the kernel's kill";
  }
  EXPECT_EQ(value("selfheal_container_exit_code"), 137);
  EXPECT_EQ(value("selfheal_container_stop_requested"), 0) << "the kernel is nobody who asks";
  docker("start " + name);
  ASSERT_TRUE(becomes("selfheal_container_restarts_total", 1, "cause=\"api\""));
  EXPECT_EQ(value("selfheal_container_oom_kills_total"), 1);
}

TEST_F(PrivateEngine, MemoryIsReadForThoseThatAsk) {
  run(on_port(18005) +
      "--label selfheal.probe=http://:18005/health --label selfheal.memory=true --memory 64m");
  run(on_port(18006) + "--label selfheal.probe=http://:18006/health", "-other");
  ASSERT_TRUE(becomes("selfheal_container_memory_limit_bytes", 64.0 * 1024 * 1024));
  EXPECT_GT(value("selfheal_container_memory_usage_bytes"), 100'000);
  EXPECT_LT(value("selfheal_container_memory_usage_bytes"), 64.0 * 1024 * 1024);
  ASSERT_TRUE(becomes_healthy("-other"));
  EXPECT_FALSE(value("selfheal_container_memory_usage_bytes", "", "-other"));
}

}  // namespace
}  // namespace selfheal
