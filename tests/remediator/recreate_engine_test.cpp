// The same container once more, on the real engine: what is configured, and what is in its volumes.
#include <algorithm>
#include <fstream>

#include "tests/exporter/eventually.h"
#include "tests/remediator/docker_yard.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

// By what it is for, and without what is Docker's to choose for each container anew.
class Configuration {
 public:
  explicit Configuration(Json container) : all_(std::move(container)) {
    const auto id = all_["Id"].get<std::string>().substr(0, 12);
    for (const char* key :
         {"Id", "Created", "State", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath",
          "ExecIDs", "GraphDriver", "RestartCount", "Storage", "ImageManifestDescriptor"})
      all_.erase(key);
    if (all_["Config"]["Hostname"] == id) all_["Config"].erase("Hostname");
    read_networks(id);
    all_["HostConfig"].erase("Mounts");  // volumes by their names now; what is mounted stands below
    std::map<std::string, Json> mounts;
    for (Json mount : all_["Mounts"]) {
      mount.erase("Mode");  // "" of a volume without a name, else "z"
      mounts[mount["Destination"].get<std::string>()] = mount;
    }
    all_["Mounts"] = mounts;
  }
  const Json& json() const { return all_; }

 private:
  static Json or_null(const Json& value) { return value.empty() ? Json() : value; }
  void read_networks(const std::string& id) {
    Json networks;
    for (const auto& [name, network] : all_["NetworkSettings"]["Networks"].items()) {
      std::vector<std::string> aliases;
      if (network["Aliases"].is_array()) aliases = network["Aliases"].get<decltype(aliases)>();
      std::erase(aliases, id);
      std::sort(aliases.begin(), aliases.end());
      networks[name] = {{"Aliases", aliases},
                        {"IPAMConfig", or_null(network["IPAMConfig"])},
                        {"Links", or_null(network["Links"])},
                        {"NetworkID", network["NetworkID"]}};
      if (!or_null(network["IPAMConfig"]).is_null())
        networks[name]["IPAddress"] = network["IPAddress"];
    }
    const Json ports = all_["NetworkSettings"]["Ports"];
    all_["NetworkSettings"] = {{"Networks", networks}, {"Ports", Json::array()}};
    for (const auto& [port, unused] : ports.items()) all_["NetworkSettings"]["Ports"] += port;
  }
  Json all_;
};

class RecreateEngine : public DockerYard {
 protected:
  // Once for each test: the networks' addresses are this machine's.
  std::string with_everything() {
    const std::string subnet = "10.213." + std::to_string(getpid() % 120 * 2);
    const std::string other = "10.213." + std::to_string(getpid() % 120 * 2 + 1);
    docker("network create " + label() + " --subnet " + subnet + ".0/24 " + name + "-front");
    docker("network create " + label() + " --subnet " + other + ".0/24 " + name + "-back");
    docker("volume create " + label() + " " + name + "-data");
    const std::string id = docker(
        "create --name " + name + " " + label() + " --label 'odd=a=b \"c\"' --env A=1 " +
        "--env 'B=two words' --network " + name + "-front --ip " + subnet + ".10" +
        " --network-alias web --network-alias shop -v " + name + "-data:/data -v /anonymous -v " +
        folder_.path("") + ":/bound:ro --mount type=volume,dst=/mounted --tmpfs /scratch:size=1m" +
        " --mount type=tmpfs,dst=/scratch2 -p 127.0.0.1::8080 -p 9999/udp --expose 7000" +
        " --health-cmd true --health-interval 60s --health-retries 4 --cap-add NET_ADMIN" +
        " --cap-drop MKNOD --memory 64m --cpus 0.5 --pids-limit 200 --ulimit nofile=500:600" +
        " --hostname box7 --user 1000:1000 --workdir /data --log-driver json-file" +
        " --log-opt max-size=1m --add-host db:10.0.0.1 --dns 9.9.9.9 --dns-search example.org" +
        " --dns-option ndots:2 --sysctl net.core.somaxconn=500 --security-opt no-new-privileges" +
        " --restart on-failure:3 --stop-signal SIGQUIT --stop-timeout 3 --init --read-only" +
        " --shm-size 32m -t -i --group-add 33 --oom-score-adj 100 --device /dev/null:/dev/zilch" +
        " --entrypoint /sample-app " + app_image());
    docker("network connect --alias behind --ip " + other + ".10 " + name + "-back " + name);
    docker("start " + name);
    return id;
  }
  // Recreates it and finishes that; the same but for what Docker chooses.
  void expect_the_same(const std::string& id) {
    const Json before = Configuration(inspect(id)).json();
    const auto made = replacement(id).replace();
    ASSERT_TRUE(made) << made.error().cause.message;
    EXPECT_NE(*made, id);
    const Json after = Configuration(inspect(name)).json();
    EXPECT_EQ(Json::diff(before, after), Json::array()) << before.dump(1) << after.dump(1);
    ASSERT_TRUE(replacement(id).finish());
    EXPECT_FALSE(exists(id));
    EXPECT_EQ(inspect(name)["Id"], *made);
  }
  void put(const std::string& text, const std::string& place) {
    std::ofstream(folder_.path("note")) << text;
    docker("cp " + folder_.path("note") + " " + name + ":" + place + "/note");
  }
  std::string get(const std::string& place) {
    return docker("cp " + name + ":" + place + "/note - | tar -xO");
  }

  TempFolder folder_;
};

TEST_F(RecreateEngine, WithEverythingThatCanBeConfigured) {
  const std::string id = with_everything();
  for (const char* place : {"/data", "/anonymous", "/mounted"})
    put("from " + std::string(place), place);
  expect_the_same(id);
  for (const char* place : {"/data", "/anonymous", "/mounted"})
    EXPECT_EQ(get(place), "from " + std::string(place));
  EXPECT_TRUE(engine.inspect(name)->running());
}

TEST_F(RecreateEngine, AgainAndAgain) {
  std::string id = run("-v /anonymous");
  put("kept", "/anonymous");
  for (int i = 0; i < 3; ++i) {
    expect_the_same(id);
    id = inspect(name)["Id"].get<std::string>();
  }
  EXPECT_EQ(get("/anonymous"), "kept");
  EXPECT_EQ(inspect(name)["HostConfig"]["Mounts"].size(), 1U);
}

TEST_F(RecreateEngine, WithNothingConfigured) {
  const std::string id = run();
  expect_the_same(id);
  EXPECT_EQ(inspect(name)["Config"]["Hostname"],
            inspect(name)["Id"].get<std::string>().substr(0, 12));
}

TEST_F(RecreateEngine, WithoutTheImagesEntrypoint) {
  expect_the_same(run("--entrypoint ''", app_image(), "/sample-app"));
}

TEST_F(RecreateEngine, OnTheHostsNetwork) {
  expect_the_same(run("--network host --env PORT=0"));
}

TEST_F(RecreateEngine, OnNoNetwork) {
  expect_the_same(run("--network none --no-healthcheck"));
}

TEST_F(RecreateEngine, OnAnotherContainersNetwork) {
  docker("run -d --name " + name + "-owner " + label() + " " + app_image());
  expect_the_same(run("--env PORT=8081 --network container:" + name + "-owner"));
}

TEST_F(RecreateEngine, WithTheHostsName) {
  expect_the_same(run("--uts host"));
}

TEST_F(RecreateEngine, WithEveryRight) {
  expect_the_same(run("--privileged --pid host --ipc host"));
}

TEST_F(RecreateEngine, WithVolumesOfAnotherContainer) {
  docker("create --name " + name + "-data " + label() + " -v /shared " + app_image());
  expect_the_same(run("--volumes-from " + name + "-data"));
}

// It goes by the names of both on the networks, under its own name and not under the first one.
TEST_F(RecreateEngine, IsFoundByItsNameAndAliases) {
  docker("network create " + label() + " " + name + "-net");
  const std::string id = run("--network " + name + "-net --network-alias shop");
  ASSERT_TRUE(replacement(id).replace());
  const auto asks = [&](const std::string& host) {
    docker("run -d --name " + name + "-asks " + label() + " --network " + name +
           "-net --env UPSTREAM=" + host + ":8080 " + app_image());
    const bool found = serves(name + "-asks");
    docker("rm -f " + name + "-asks");
    return found;
  };
  EXPECT_TRUE(asks(name));
  EXPECT_TRUE(asks("shop"));
}

TEST_F(RecreateEngine, NotWhatOthersHangOn) {
  const std::string id = run();
  docker("run -d --name " + name + "-sidecar " + label() +
         " --env PORT=8081 --network container:" + name + " " + app_image());
  const auto made = replacement(id).replace();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().cause.message, HasSubstr("-sidecar is in its network namespace"));
  EXPECT_TRUE(made.error().old_in_place);
  EXPECT_TRUE(engine.inspect(id)->running());
}

TEST_F(RecreateEngine, NotWhatIsRemovedWhenItStops) {
  const std::string id = run("--rm");
  const auto made = replacement(id).replace();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().cause.message, HasSubstr("--rm"));
  EXPECT_TRUE(engine.inspect(id)->running());
  docker("stop -t 5 " + name);
  EXPECT_TRUE(eventually([&] { return !exists(id); }));
}

// A deployment is not what was asked for.
TEST_F(RecreateEngine, TheImageStaysWhenItsNameIsGivenToAnother) {
  docker("tag " + app_image() + " " + name + ":1");
  const std::string id = run("", name + ":1");
  const std::string image = inspect(id)["Image"];
  docker("commit --change 'ENV NEW=1' " + name + " " + name + ":1");
  ASSERT_TRUE(replacement(id).replace());
  EXPECT_EQ(inspect(name)["Image"], image);
  EXPECT_EQ(inspect(name)["Config"]["Image"], image);
  EXPECT_EQ(docker("inspect --format '{{.Config.Env}}' " + name).find("NEW=1"), std::string::npos);
}

}  // namespace
}  // namespace selfheal
