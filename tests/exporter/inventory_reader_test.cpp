#include "exporter/discovery/inventory_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/fake_docker.h"
#include "tests/exporter/samples.h"
#include "tests/support/manual_clock.h"

namespace selfheal {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const DockerFailure kHangs{DockerFailureKind::timeout, "timed out"};
const DockerFailure kFails{DockerFailureKind::failed, "500"};

class InventoryReaderTest : public testing::Test {
 protected:
  InventoryReaderTest() {
    owner.labels.clear();  // not watched itself
    docker.set(owner);
  }
  void add_sidecar(const std::string& name) {
    ContainerDetails sidecar = running_container(name);
    sidecar.network_mode = "container:" + owner.id;
    sidecar.networks.clear();
    docker.set(sidecar);
  }
  std::vector<WatchedContainerPtr> read_all() {
    EXPECT_TRUE(reader.read_all());
    return inventory.take_changes().updated;
  }

  ManualClock clock;
  FakeDocker docker;
  Inventory inventory{DiscoverySettings{}};
  InventoryReader reader{docker, clock, inventory};
  ContainerDetails owner = running_container("owner");
};

TEST_F(InventoryReaderTest, WhileASharedNetworksOwnerCantBeInspectedWhatWasKnownStays) {
  add_sidecar("sidecar");
  const auto first = read_all();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0]->probes.at(0)->endpoints.at(0).address, "172.17.0.2");
  for (const DockerFailure& failure : {kFails, kHangs}) {
    docker.fail_inspect(owner.id, failure);
    EXPECT_THAT(read_all(), IsEmpty()) << failure.message;
  }
}

TEST_F(InventoryReaderTest, WherePublishedPortsAreOnlyAssumedToBeIsToldOnce) {
  const auto told = [&] {
    testing::internal::CaptureStderr();
    read_all();
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(told(), "") << "by a socket";
  docker.set_address("127.0.0.1");
  EXPECT_EQ(told(), "");
  docker.set_address("192.0.2.9");
  EXPECT_THAT(told(), AllOf(HasSubstr("docker.host_address"), HasSubstr("address=192.0.2.9")));
  EXPECT_EQ(told(), "") << "again";
  docker.set_address("192.0.2.10");
  EXPECT_THAT(told(), HasSubstr("address=192.0.2.10"));
  DiscoverySettings settings;
  settings.host_address = "127.0.0.1";
  inventory.reconfigure(settings);
  docker.set_address("192.0.2.11");
  EXPECT_EQ(told(), "") << "said by the configuration";
}

TEST_F(InventoryReaderTest, ASharedNetworksOwnerThatIsGoneHasNoAddresses) {
  add_sidecar("sidecar");
  ASSERT_THAT(read_all(), SizeIs(1));
  docker.erase(owner.id);
  const auto orphaned = read_all();
  ASSERT_THAT(orphaned, SizeIs(1));
  EXPECT_THAT(orphaned[0]->probes.at(0)->endpoints, IsEmpty());
}

TEST_F(InventoryReaderTest, AHangingOwnerIsWaitedForOnceAndHidesNoOther) {
  for (const char* name : {"a", "b", "c"}) add_sidecar(name);
  docker.set(running_container("web"));
  docker.fail_inspect(owner.id, kHangs);
  const auto first = read_all();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0]->key.name, "web");
  EXPECT_EQ(docker.inspects(owner.id), 1);
  EXPECT_THAT(read_all(), IsEmpty());
  EXPECT_EQ(docker.inspects(owner.id), 2);
  docker.fail_inspect(owner.id, std::nullopt);
  EXPECT_THAT(read_all(), SizeIs(3));
}

TEST_F(InventoryReaderTest, AHangingOwnerThatIsWatchedIsWaitedForOnce) {
  owner = running_container("owner");
  docker.set(owner);
  add_sidecar("first");  // by its id before its owner, the other after it
  add_sidecar("second");
  docker.fail_inspect(owner.id, kHangs);
  EXPECT_THAT(read_all(), IsEmpty());
  EXPECT_EQ(docker.inspects(owner.id), 1);
  docker.fail_inspect(owner.id, std::nullopt);
  EXPECT_THAT(read_all(), SizeIs(3));
}

TEST_F(InventoryReaderTest, PublishedPortsAreWhereTheEngineAnswered) {
  ContainerDetails web = running_container("web");
  web.networks.clear();
  web.published_tcp_ports = {{8080, "0.0.0.0", 18080}};
  docker.set(web);
  docker.set_address("192.0.2.9");
  const auto seen = read_all();
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0]->probes.at(0)->endpoints.at(0), (Endpoint{"192.0.2.9", 18080}));
}

// By Docker's clock: it would keep the answer open until its own had caught up with ours.
TEST_F(InventoryReaderTest, ThePastIsAskedForUpToTheDeath) {
  docker.set(exited(running_container("job"), 100, 1));
  EXPECT_THAT(read_all(), SizeIs(1));
  EXPECT_EQ(docker.past_until_ns(), to_unix_ns(at(100.5)));
}

TEST_F(InventoryReaderTest, APastThatIsNotToldHidesNoContainerAndIsAskedForAgain) {
  docker.hang_on_past_events(true);
  docker.set(exited(running_container("job"), 100, 1));
  EXPECT_THAT(read_all(), SizeIs(1));
  docker.hang_on_past_events(false);
  docker.emit(event("kill", "id-job", 99.9, {{"signal", "15"}}));
  docker.emit(event("die", "id-job", 100));
  EXPECT_THAT(read_all(), IsEmpty()) << "not at every look, for each may have to wait";
  clock.advance(std::chrono::seconds(60));
  const auto told = read_all();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_TRUE(told[0]->stop_requested);
}

}  // namespace
}  // namespace selfheal
