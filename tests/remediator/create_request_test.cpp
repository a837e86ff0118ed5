#include "remediator/act/recreate/create_request.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/inspected.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

class CreateRequestTest : public testing::TestWithParam<const char*> {
 protected:
  Json body() {
    const auto made = create_request(container_.dump(), "shop:1");
    EXPECT_TRUE(made) << made.error().message;
    if (!made) return Json::object();
    further_ = made->further;
    return Json::parse(made->body);
  }
  // By their place.
  std::map<std::string, Json> mounts() {
    const Json asked = body();
    std::map<std::string, Json> all;
    for (const Json& mount : asked["HostConfig"]["Mounts"])
      all[mount["Target"].get<std::string>()] = mount;
    return all;
  }
  std::string fault() {
    const auto made = create_request(container_.dump(), "shop:1");
    return made ? "" : made.error().message;
  }

  Json container_ = inspected(GetParam());
  std::vector<NetworkEndpoint> further_;
};
INSTANTIATE_TEST_SUITE_P(Engines, CreateRequestTest, testing::Values("docker_20_10", "docker_28_5"),
                         [](const auto& engine) { return engine.param; });

TEST_P(CreateRequestTest, TheConfigurationIsTheSameButForTheImageThatIsAskedFor) {
  Json asked = body();
  EXPECT_EQ(asked["Image"], "shop:1");
  for (const auto& [key, value] : container_["Config"].items())
    if (key != "Image") {
      EXPECT_EQ(asked[key], value) << key;
    }
}

TEST_P(CreateRequestTest, LimitsAndTheRestOfTheHostsSideAreTheSame) {
  Json asked = body();
  for (const auto& [key, value] : container_["HostConfig"].items())
    if (key != "Mounts") {
      EXPECT_EQ(asked["HostConfig"][key], value) << key;
    }
}

TEST_P(CreateRequestTest, VolumesWithoutANameAreAskedForByTheOneTheyWereGiven) {
  std::map<std::string, std::string> names;
  for (const Json& mount : container_["Mounts"])
    if (mount["Type"] == "volume")
      names[mount["Destination"].get<std::string>()] = mount["Name"].get<std::string>();
  std::map<std::string, Json> asked = mounts();
  ASSERT_EQ(asked.size(), 3U) << "the named one and the folder stand in Binds";
  EXPECT_EQ(asked["/anonymous"]["Source"], names["/anonymous"]);
  EXPECT_EQ(asked["/mounted"]["Source"], names["/mounted"]);
  EXPECT_EQ(asked["/mounted"]["VolumeOptions"]["NoCopy"], true);
  EXPECT_FALSE(asked["/anonymous"].contains("ReadOnly"));
  EXPECT_EQ(asked["/scratch2"], (Json{{"Type", "tmpfs"}, {"Target", "/scratch2"}}));
}

TEST_P(CreateRequestTest, AVolumeThatMayOnlyBeReadStaysSo) {
  for (Json& mount : container_["Mounts"])
    if (mount["Destination"] == "/anonymous") mount["RW"] = false;
  EXPECT_EQ(mounts()["/anonymous"]["ReadOnly"], true);
}

TEST_P(CreateRequestTest, ABindOfAPlaceAloneIsAVolumeWithoutAName) {
  container_["HostConfig"]["Binds"] = Json::array({"shop-web-data:/data/", "/anonymous"});
  Json asked = body();
  EXPECT_EQ(asked["HostConfig"]["Binds"], Json::array({"shop-web-data:/data/"}));
  EXPECT_EQ(asked["HostConfig"]["Mounts"].size(), 3U) << "/data/ is /data";
}

TEST_P(CreateRequestTest, AVolumeOfAnotherDriverIsOneAgain) {
  for (Json& mount : container_["Mounts"])
    if (mount["Destination"] == "/anonymous") mount["Driver"] = "nfs";
  EXPECT_EQ(mounts()["/anonymous"]["VolumeOptions"]["DriverConfig"]["Name"], "nfs");
}

TEST_P(CreateRequestTest, IsCreatedOnItsNetworkAndConnectedToTheOthers) {
  const Json endpoints = body()["NetworkingConfig"]["EndpointsConfig"];
  ASSERT_EQ(endpoints.size(), 1U);
  const Json front = endpoints.at("shop-web-front");
  EXPECT_EQ(front["IPAMConfig"]["IPv4Address"], "10.213.7.10");
  EXPECT_EQ(front["Aliases"], Json::array({"web", "shop", "box7"})) << "not its own id";
  EXPECT_FALSE(front.contains("MacAddress")) << "Docker gives out another";
  ASSERT_EQ(further_.size(), 1U);
  EXPECT_EQ(further_[0].network, "shop-web-back");
  const Json back = Json::parse(further_[0].settings);
  EXPECT_EQ(back["IPAMConfig"]["IPv4Address"], "10.213.8.10");
  EXPECT_EQ(back["Aliases"], Json::array({"behind", "box7"}));
}

TEST_P(CreateRequestTest, TheNetworkMayBeGivenByItsId) {
  const std::string id = container_["NetworkSettings"]["Networks"]["shop-web-front"]["NetworkID"];
  container_["HostConfig"]["NetworkMode"] = id;
  EXPECT_TRUE(body()["NetworkingConfig"]["EndpointsConfig"].contains("shop-web-front"));
}

TEST_P(CreateRequestTest, OneThatWasDisconnectedFromItsNetworkIsNotMade) {
  container_["NetworkSettings"]["Networks"].erase("shop-web-front");
  EXPECT_THAT(fault(), HasSubstr("disconnected from shop-web-front"));
}

TEST_P(CreateRequestTest, DockersDefaultNetworkIsTheBridge) {
  for (const char* mode : {"", "default", "bridge"}) {
    container_["HostConfig"]["NetworkMode"] = mode;
    container_["NetworkSettings"]["Networks"] = {{"bridge", Json::object()}};
    EXPECT_EQ(body()["NetworkingConfig"]["EndpointsConfig"], (Json{{"bridge", Json::object()}}));
  }
}

TEST_P(CreateRequestTest, AHostNameThatIsItsIdIsTheNewOnesId) {
  EXPECT_EQ(body()["Hostname"], "box7");
  container_["Config"]["Hostname"] = container_["Id"].get<std::string>().substr(0, 12);
  EXPECT_FALSE(body().contains("Hostname"));
}

// Docker refuses what belongs to the other container.
TEST_P(CreateRequestTest, InAnotherContainersNetworkItHasNoneOfItsOwn) {
  container_["HostConfig"]["NetworkMode"] = "container:abc";
  container_["NetworkSettings"]["Networks"] = Json::object();
  const Json asked = body();
  EXPECT_FALSE(asked.contains("Hostname"));
  EXPECT_FALSE(asked.contains("ExposedPorts"));
  EXPECT_FALSE(asked.contains("NetworkingConfig"));
  EXPECT_EQ(asked["HostConfig"]["NetworkMode"], "container:abc");
}

TEST_P(CreateRequestTest, WithoutANetworkItIsConnectedToNone) {
  for (const char* mode : {"host", "none"}) {
    container_["HostConfig"]["NetworkMode"] = mode;
    container_["NetworkSettings"]["Networks"] = {{mode, Json::object()}};
    EXPECT_FALSE(body().contains("NetworkingConfig"));
    EXPECT_TRUE(further_.empty());
  }
}

// Where it is left out Docker takes the image's.
TEST_P(CreateRequestTest, AnEntrypointThatWasTakenAwayStaysAway) {
  container_["Config"]["Entrypoint"] = nullptr;
  EXPECT_EQ(body()["Entrypoint"], Json::array({""}));
}

TEST_P(CreateRequestTest, AMacAddressThatWasAskedForIsAskedForAgain) {
  container_["Config"]["MacAddress"] = "02:11:22:33:44:55";
  const Json asked = body();
  EXPECT_EQ(asked["MacAddress"], "02:11:22:33:44:55");
  EXPECT_EQ(asked["NetworkingConfig"]["EndpointsConfig"]["shop-web-front"]["MacAddress"],
            "02:11:22:33:44:55");
}

TEST_P(CreateRequestTest, WhatIsNoContainerIsAnError) {
  for (const char* text : {"", "null", "[]", R"({"Config":[]})", R"({"HostConfig":{"Binds":1}})",
                           R"({"Mounts":[{"Type":1}]})"})
    EXPECT_FALSE(create_request(text, "shop:1")) << text;
}

}  // namespace
}  // namespace selfheal
