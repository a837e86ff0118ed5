// Which engine an alert's host is, and the watch on each.
#include "remediator/act/docker_hosts.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/engines.h"
#include "tests/support/fake_docker.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Milliseconds kNeverAgain{3'600'000};
constexpr Milliseconds kLongestWait{20'000};

class DockerHostsTest : public testing::Test {
 protected:
  DockerHostsTest() {
    first_.set_host("web1");
    second_.set_host("web2");
  }
  DockerHosts& start(Milliseconds interval = kNeverAgain) {
    hosts_ = std::make_unique<DockerHosts>(
        std::vector{borrowed(first_, "web1"), borrowed(second_, "web2")}, clock_, interval);
    hosts_->start(kLongestWait);
    return *hosts_;
  }
  static std::string troubles(const DockerHosts& hosts) {
    std::string all;
    for (const HostStatus& status : hosts.statuses())
      all += status.name + ": " + (status.trouble.empty() ? "fine" : status.trouble) + "\n";
    return all;
  }

  ManualClock clock_;
  FakeDocker first_{clock_};
  FakeDocker second_{clock_};
  std::unique_ptr<DockerHosts> hosts_;
};

TEST_F(DockerHostsTest, TheAlertsHostChoosesTheEngine) {
  const DockerHosts& hosts = start();
  EXPECT_EQ(hosts.find("web1").docker, &first_);
  EXPECT_TRUE(hosts.find("web1").usable());
  const DockerHost second = hosts.find("web2");
  EXPECT_EQ(second.docker, &second_);
  EXPECT_EQ(second.engine_host, "web2");
  EXPECT_EQ(second.fault + second.away, "");
  EXPECT_EQ(troubles(hosts), "web1: fine\nweb2: fine\n");
  EXPECT_THAT(hosts.names(), ElementsAre("web1", "web2"));
  EXPECT_THAT(hosts.away(), IsEmpty());
}

TEST_F(DockerHostsTest, AnyOtherNameIsNobodys) {
  const DockerHost host = start().find("web3");
  EXPECT_EQ(host.docker, nullptr);
  EXPECT_FALSE(host.usable());
  EXPECT_EQ(host.fault, "there is no host \"web3\" in docker.hosts, only \"web1\", \"web2\"");
}

TEST_F(DockerHostsTest, AnEngineOfAnotherNameIsLeftAlone) {
  second_.set_host("db");
  const DockerHosts& hosts = start();
  const DockerHost host = hosts.find("web2");
  EXPECT_FALSE(host.usable());
  EXPECT_EQ(host.engine_host, "db");
  EXPECT_EQ(host.fault,
            "docker.hosts calls the engine at tcp://web2:2376 \"web2\", it calls itself \"db\"");
  EXPECT_TRUE(hosts.find("web1").usable());
  EXPECT_FALSE(hosts.find("db").usable()) << "the name that alerts say is the one given here";
  EXPECT_THAT(hosts.away(), ElementsAre("web2"));
}

TEST_F(DockerHostsTest, TheSameEngineTwiceIsOne) {
  second_.set_host("web1");
  const DockerHosts& hosts = start();
  EXPECT_FALSE(hosts.find("web2").usable());
  EXPECT_THAT(hosts.find("web2").fault, HasSubstr("the same engine must not be given twice"));
  EXPECT_TRUE(hosts.find("web1").usable());
}

TEST_F(DockerHostsTest, OneThatIsAwayIsNotAsked) {
  second_.fail_all(DockerFailureKind::timeout);
  const DockerHosts& hosts = start(Milliseconds(1));
  EXPECT_FALSE(hosts.find("web2").usable());
  EXPECT_EQ(hosts.find("web2").away, "the fake engine says timeout");
  EXPECT_EQ(hosts.find("web2").fault, "");
  EXPECT_EQ(troubles(hosts), "web1: fine\nweb2: Docker does not answer\n");
  EXPECT_THAT(hosts.away(), ElementsAre("web2"));
  EXPECT_TRUE(hosts.find("web1").usable());
  second_.fail_all(std::nullopt);
  while (!hosts.find("web2").usable()) std::this_thread::yield();
  EXPECT_EQ(hosts.find("web2").back_at, clock_.wall_now());
  EXPECT_FALSE(hosts.find("web1").back_at) << "that one was not away";
}

TEST_F(DockerHostsTest, WithoutNamesThereIsOneByWhateverName) {
  DockerHosts hosts({borrowed(first_)}, clock_, kNeverAgain);
  EXPECT_EQ(hosts.find("web1").away, "Docker has not answered yet");
  EXPECT_THAT(hosts.away(), IsEmpty()) << "its name is not known";
  hosts.start(kLongestWait);
  EXPECT_TRUE(hosts.find("web1").usable());
  EXPECT_EQ(hosts.find("anything").engine_host, "web1") << "the guard known_host compares";
  EXPECT_THAT(hosts.names(), IsEmpty());
  EXPECT_EQ(troubles(hosts), "web1: fine\n");
}

TEST_F(DockerHostsTest, ItStopsTwiceAndRemembers) {
  DockerHosts& hosts = start();
  hosts.stop();
  hosts.stop();
  EXPECT_EQ(hosts.find("web1").engine_host, "web1");
}

TEST(EngineWatch, GoesOnAsking) {
  const ManualClock clock;
  FakeDocker docker(clock);
  docker.fail_all(DockerFailureKind::unreachable);
  EngineWatch engine(docker, clock, Milliseconds(1));
  EXPECT_FALSE(engine.state().asked);
  engine.start();
  engine.await_first(kLongestWait);
  EXPECT_FALSE(engine.state().connected);
  EXPECT_EQ(engine.state().failure, "the fake engine says unreachable");
  EXPECT_EQ(engine.state().host, "");
  docker.fail_all(std::nullopt);
  while (!engine.state().connected) std::this_thread::yield();
  EXPECT_EQ(engine.state().host, "box");
  EXPECT_EQ(engine.state().back_at, clock.wall_now()) << "it was away when we began";
}

TEST(EngineWatch, ItsReturnIsAsLongAgoWhenTheClockIsSetBack) {
  ManualClock clock;
  FakeDocker docker(clock);
  docker.fail_all(DockerFailureKind::unreachable);
  EngineWatch engine(docker, clock, Milliseconds(1));
  engine.start();
  engine.await_first(kLongestWait);
  docker.fail_all(std::nullopt);
  while (!engine.state().connected) std::this_thread::yield();
  clock.set_wall(-std::chrono::hours(1));
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(engine.state().back_at, clock.wall_now() - std::chrono::seconds(5));
}

TEST(EngineWatch, AnEngineThatWasNeverAwayIsNotBack) {
  const ManualClock clock;
  FakeDocker docker(clock);
  EngineWatch engine(docker, clock, kNeverAgain);
  engine.start();
  engine.await_first(kLongestWait);
  EXPECT_TRUE(engine.state().connected);
  EXPECT_FALSE(engine.state().back_at.has_value());
}

}  // namespace
}  // namespace selfheal
