#include "remediator/act/recreate/recreatable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/inspected.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

std::string why_not(const Json& container) {
  const auto reason = why_not_recreate(container.dump());
  EXPECT_TRUE(reason) << reason.error().message;
  return reason && *reason ? **reason : "";
}

TEST(Recreatable, WhatDockerTellsAllOf) {
  for (const char* engine : {"docker_20_10", "docker_28_5"})
    EXPECT_EQ(why_not(inspected(engine)), "") << engine;
}

// Of the same container Podman 4.3 tells no fixed address, no sysctl and no --init.
TEST(Recreatable, NotWhatPodmanTellsHalfOf) {
  EXPECT_THAT(why_not(inspected("podman_4_3")), HasSubstr("Podman"));
}

TEST(NeededNetworks, AreThoseOfPeople) {
  const Json networks{{"bridge", {{"NetworkID", "aa"}}},
                      {"host", {{"NetworkID", "bb"}}},
                      {"none", nullptr},
                      {"front", {{"NetworkID", "cc"}}},
                      {"never-ran", {{"NetworkID", ""}}}};
  const Json container{{"NetworkSettings", {{"Networks", networks}}}};
  const auto needed = needed_networks(container.dump());
  ASSERT_TRUE(needed) << needed.error().message;
  ASSERT_EQ(needed->size(), 2U);
  EXPECT_EQ((*needed)[0].name, "front");
  EXPECT_EQ((*needed)[0].reference, "cc");
  EXPECT_EQ((*needed)[1].reference, "never-ran") << "it has no id of it yet";
  EXPECT_TRUE(needed_networks("{}")->empty()) << "of another container's network";
  EXPECT_FALSE(needed_networks(R"({"NetworkSettings":{"Networks":[]}})"));
}

TEST(Recreatable, NotWhatIsGoneWhenItStops) {
  Json container = inspected("docker_28_5");
  container["HostConfig"]["AutoRemove"] = true;
  EXPECT_THAT(why_not(container), HasSubstr("--rm"));
}

TEST(Recreatable, NotWhatSwarmReplaces) {
  Json container = inspected("docker_28_5");
  container["Config"]["Labels"]["com.docker.swarm.task.id"] = "t1";
  EXPECT_THAT(why_not(container), HasSubstr("service-update"));
}

TEST(Recreatable, NotWhatHasLegacyLinks) {
  Json container = inspected("docker_20_10");
  container["HostConfig"]["Links"] = Json::array({"/db:/web/db"});
  EXPECT_THAT(why_not(container), HasSubstr("--link"));
}

TEST(Recreatable, WhatIsNoContainerIsAnError) {
  EXPECT_FALSE(why_not_recreate("[]"));
  EXPECT_FALSE(how_it_hangs_on("[]", "id", "web"));
}

const std::string kId = std::string(52, '0') + "abcdefabcdef";

std::string hangs(const Json& host_config) {
  const auto how =
      how_it_hangs_on(Json{{"Name", "/proxy"}, {"HostConfig", host_config}}.dump(), kId, "web");
  EXPECT_TRUE(how) << how.error().message;
  return how && *how ? **how : "";
}

TEST(Recreatable, OthersHangOnItByItsNamespaces) {
  EXPECT_EQ(hangs({{"NetworkMode", "container:" + kId}}), "proxy is in its network namespace");
  EXPECT_EQ(hangs({{"PidMode", "container:web"}}), "proxy is in its process namespace");
  EXPECT_EQ(hangs({{"IpcMode", "container:" + kId.substr(0, 12)}}),
            "proxy is in its IPC namespace");
  EXPECT_EQ(hangs({{"Links", Json::array({"/web:/proxy/web"})}}), "proxy is linked to it");
}

TEST(Recreatable, OthersThatDoNot) {
  EXPECT_EQ(hangs({{"NetworkMode", "default"}, {"PidMode", ""}, {"IpcMode", "private"}}), "");
  EXPECT_EQ(
      hangs({{"NetworkMode", "container:webshop"}, {"Links", Json::array({"/web2:/proxy/web"})}}),
      "");
  EXPECT_EQ(hangs({{"NetworkMode", "container:"}, {"PidMode", "container:0"}}), "");
  EXPECT_EQ(hangs(nullptr), "");
}

}  // namespace
}  // namespace selfheal
