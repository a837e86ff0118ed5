// Where containers are reached, against a real engine: networks and names that change.
#include "tests/exporter/engine_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

class EngineNetwork : public EngineFixture {
 protected:
  ~EngineNetwork() override {
    for (const std::string& container : made) {
      if (!docker("ps -aq --filter name=^" + container + "$").empty()) docker("rm -f " + container);
    }
    for (const std::string& network : networks) docker("network rm " + network);
  }
  std::string make_network(const std::string& suffix, const std::string& options = "") {
    networks.push_back(name + suffix);
    docker("network create --label selfheal.test-run=" +
           from_environment("SELFHEAL_TEST_RUN", "exporter-test") + " " + options + " " + name +
           suffix);
    return name + suffix;
  }
  std::string address(const std::string& suffix = "") {
    return docker("inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' " + name +
                  suffix);
  }

  std::vector<std::string> networks;
};

TEST_F(EngineNetwork, InTheHostsNetworkLoopbackIsProbed) {
  run("--label selfheal.enable=true --network host -e PORT=18923 --label "
      "selfheal.probe=http://:18923/health");
  EXPECT_TRUE(becomes_healthy());
}

TEST_F(EngineNetwork, ConnectedToAnotherNetworkAndTakenFromTheFirst) {
  const std::string first = make_network("-1");
  const std::string second = make_network("-2");
  run("--label selfheal.enable=true --network " + first);
  ASSERT_TRUE(becomes_healthy());
  docker("network connect " + second + " " + name);
  docker("network disconnect " + first + " " + name);
  // Healthy by probes made since: the old address is gone.
  const auto attempts = value("selfheal_probe_attempts_total").value_or(0);
  ASSERT_TRUE(eventually([&] { return value("selfheal_probe_attempts_total") > attempts + 3; }));
  EXPECT_TRUE(becomes("selfheal_probe_success", 1));
  EXPECT_TRUE(becomes("selfheal_probe_consecutive_failures", 0));
}

TEST_F(EngineNetwork, ASharedNetworkFollowsItsOwner) {
  // The owner is not watched; the sharer listens on a port of its own.
  const std::string network =
      make_network("-of-owner", "--subnet 10.214." + std::to_string(getpid() % 250) + ".0/24");
  run("--network " + network, "-owner");
  run("--label selfheal.enable=true --network container:" + name +
      "-owner -e PORT=8081 --label selfheal.probe=http://:8081/health");
  ASSERT_TRUE(becomes_healthy());
  const std::string before = address("-owner");
  docker("stop -t 1 " + name + "-owner");
  run("--network " + network + " --ip " + before, "-thief");
  docker("start " + name + "-owner");
  ASSERT_NE(address("-owner"), before);
  // What shares a network is cut off until it is restarted itself.
  docker("restart -t 1 " + name);
  EXPECT_TRUE(becomes("selfheal_probe_success", 1));
  EXPECT_TRUE(becomes_healthy());
}

TEST_F(EngineNetwork, AnIpv6AddressIsOneOfThem) {
  const std::string network = make_network("-6", "--ipv6 --subnet fd5e:1f:ea1::/64");
  run("--label selfheal.enable=true --network " + network);
  EXPECT_TRUE(becomes_healthy());
  const auto details = engine.inspect(name);
  ASSERT_TRUE(details);
  EXPECT_THAT(details->networks.at(0).ipv6, HasSubstr("fd5e:1f:ea1:"));
}

TEST_F(EngineNetwork, ARenamedContainerIsOneUnderItsNewName) {
  run("--label selfheal.enable=true", "-old");
  ASSERT_TRUE(becomes_healthy("-old"));
  docker("rename " + name + "-old " + name + "-new");
  made.push_back(name + "-new");
  ASSERT_TRUE(becomes_healthy("-new"));
  EXPECT_TRUE(eventually([&] { return !has_series("-old"); }));
}

TEST_F(EngineNetwork, SwappedNamesSwapTheSeries) {
  const std::string a = run("--label selfheal.enable=true", "-a");
  const std::string b = run("--label selfheal.enable=true", "-b");
  ASSERT_TRUE(becomes_healthy("-a") && becomes_healthy("-b"));
  made.push_back(name + "-tmp");
  docker("rename " + name + "-a " + name + "-tmp");
  docker("rename " + name + "-b " + name + "-a");
  docker("rename " + name + "-tmp " + name + "-b");
  EXPECT_TRUE(becomes("selfheal_container_info", 1, "container_id=\"" + b, "-a"));
  EXPECT_TRUE(becomes("selfheal_container_info", 1, "container_id=\"" + a, "-b"));
  EXPECT_TRUE(becomes_healthy("-a") && becomes_healthy("-b"));
  EXPECT_TRUE(eventually([&] { return !has_series("-tmp"); }));
}

}  // namespace
}  // namespace selfheal
