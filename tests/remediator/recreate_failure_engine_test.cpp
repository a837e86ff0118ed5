// A new one that never starts, on the real engine: the old one is back at once.
#include "tests/remediator/docker_yard.h"
#include "tests/support/forwarding_docker.h"
#include "tests/support/sockets.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class RecreateFailureEngine : public DockerYard {
 protected:
  // What happens right before a call, once.
  void meanwhile(const std::string& call, std::function<void()> what) {
    through_.before = [call, what = std::move(what), done = false](
                          const std::string& now) mutable -> std::optional<DockerFailure> {
      if (now == call && !std::exchange(done, true)) what();
      return std::nullopt;
    };
  }
  ForwardingDocker through_{engine};
};

TEST_F(RecreateFailureEngine, ItsPortWasTakenMeanwhile) {
  const std::string port = std::to_string(closed_port());
  const std::string id = run("--restart always -p 127.0.0.1:" + port + ":8080");
  meanwhile("start", [&] {
    docker("run -d --name " + name + "-thief " + label() + " -p 127.0.0.1:" + port + ":8080 " +
           app_image());
  });
  // The thief goes when the new one is removed.
  auto first = through_.before;
  through_.before = [this, first](const std::string& call) mutable {
    if (call == "remove") docker("rm -f " + name + "-thief");
    return first(call);
  };
  const auto made = replacement(through_, id).replace();
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().old_in_place) << made.error().cause.message;
  EXPECT_THAT(made.error().cause.message, HasSubstr("starting the new one"));
  expect_old_in_place(id);
  EXPECT_FALSE(engine.inspect(name)->published_tcp_ports.empty());
}

// The port stays taken: the old one can't be put back either, until it is free.
TEST_F(RecreateFailureEngine, WhatCantBePutBackYetIsPutBackLater) {
  const std::string port = std::to_string(closed_port());
  const std::string id = run("--restart always -p 127.0.0.1:" + port + ":8080");
  meanwhile("start", [&] {
    docker("run -d --name " + name + "-thief " + label() + " -p 127.0.0.1:" + port + ":8080 " +
           app_image());
  });
  const auto made = replacement(through_, id).replace();
  ASSERT_FALSE(made);
  EXPECT_FALSE(made.error().old_in_place);
  EXPECT_THAT(made.error().cause.message, HasSubstr("can't be put back"));
  docker("rm -f " + name + "-thief");
  ASSERT_TRUE(replacement(id).put_back());
  expect_old_in_place(id);
}

TEST_F(RecreateFailureEngine, ItsImageWasRemoved) {
  docker("create --name " + name + "-source " + label() + " " + app_image());
  docker("commit " + name + "-source " + name + ":1");
  const std::string id = run("--restart always", name + ":1");
  docker("stop -t 5 " + name);
  docker("rmi -f " + inspect(id)["Image"].get<std::string>());
  const auto made = replacement(id).replace();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().cause.kind, DockerFailureKind::not_found) << made.error().cause.message;
  EXPECT_TRUE(made.error().old_in_place);
  EXPECT_EQ(inspect(name)["Id"], id);
  EXPECT_FALSE(exists(ReplacementNames(name, id).ready));
}

// Neither could be started again; also where one was made anew under the network's name, since
// Docker goes by the id.
TEST_F(RecreateFailureEngine, ANetworkWasRemoved) {
  docker("network create " + label() + " " + name + "-net");
  const std::string id = run("--restart always");
  docker("network connect " + name + "-net " + name);
  docker("stop -t 5 " + name);
  docker("network rm " + name + "-net");
  for (const bool made_anew : {false, true}) {
    if (made_anew) docker("network create " + label() + " " + name + "-net");
    EXPECT_FALSE(engine.start(id)) << "what it is refused for is so";
    const auto made = replacement(id).replace();
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().old_in_place);
    EXPECT_EQ(made.error().cause.kind, DockerFailureKind::refused);
    EXPECT_THAT(made.error().cause.message, HasSubstr("its network " + name + "-net was removed"));
    EXPECT_EQ(inspect(name)["Id"], id);
    EXPECT_FALSE(exists(ReplacementNames(name, id).ready));
  }
}

// As Docker shows a network that somebody has taken from under it: it is told before the stop.
TEST_F(RecreateFailureEngine, WhatRunsWithoutItsNetworkRunsOn) {
  docker("network create " + label() + " " + name + "-net");
  const std::string id = run("--restart always --network " + name + "-net");
  through_.networks_are_gone = true;
  const auto made = replacement(through_, id).replace();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().cause.message, HasSubstr("was removed"));
  expect_old_in_place(id);
}

TEST_F(RecreateFailureEngine, SomebodyElseMadeOneOfThatName) {
  const std::string id = run("--restart always");
  int renames = 0;
  through_.before = [&](const std::string& call) -> std::optional<DockerFailure> {
    if (call == "rename" && ++renames == 3)  // right before the new one's last
      docker("create --name " + name + " " + label() + " --env NEW=1 " + app_image());
    return std::nullopt;
  };
  const auto made = replacement(through_, id).replace();
  ASSERT_FALSE(made);
  EXPECT_FALSE(made.error().old_in_place);
  EXPECT_EQ(made.error().cause.kind, DockerFailureKind::conflict);
  EXPECT_TRUE(exists(name)) << "theirs is left alone";
  EXPECT_TRUE(exists(id)) << "and the old one is kept";
}

}  // namespace
}  // namespace selfheal
