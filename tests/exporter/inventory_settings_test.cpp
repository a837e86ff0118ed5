// What labels, the configuration and the engine's place make of the containers that there are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/inventory_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(InventoryTest, LabelErrorsAreToldAndCountedOnce) {
  const ContainerDetails web = running_container("web", {{"selfheal.interval", "soon"}});
  const InventoryChange first = observe(web);
  ASSERT_THAT(first.label_errors, SizeIs(1));
  EXPECT_EQ(first.label_errors[0].second.value, "soon");
  EXPECT_EQ(first.updated[0]->label_errors, 1U);
  ContainerDetails again = started(web, 10);
  const InventoryChange second = observe(again);
  EXPECT_THAT(second.label_errors, IsEmpty());
  EXPECT_EQ(second.updated[0]->label_errors, 1U);
}

TEST_F(InventoryTest, NewDefaultsReachThoseWithoutOwnSettings) {
  observe(running_container("a"));
  observe(running_container("b", {{"selfheal.interval", "2s"}, {"selfheal.edge-interval", "1s"}}));
  DiscoverySettings settings;
  settings.defaults.interval = std::chrono::seconds(9);
  inventory.reconfigure(settings);
  const InventoryChange change = inventory.take_changes();
  ASSERT_THAT(change.updated, SizeIs(1));
  EXPECT_EQ(change.updated[0]->probes[0]->settings.interval, std::chrono::seconds(9));
}

TEST_F(InventoryTest, AnotherHostNameMakesOtherSeries) {
  observe(running_container("web"));
  inventory.set_host("renamed");
  const InventoryChange change = inventory.take_changes();
  EXPECT_THAT(change.removed, ElementsAre(ContainerKey{"host", "web"}));
  ASSERT_THAT(change.updated, SizeIs(1));
  EXPECT_EQ(change.updated[0]->key.host, "renamed");
}

// Docker's labels can't change while the container lives; the configuration can.
TEST_F(InventoryTest, AnOverrideChangesAContainerAtOnce) {
  const ContainerDetails web = running_container("web", {{"selfheal.interval", "1s"}});
  const ContainerDetails db = running_container("db");
  observe(web);
  observe(db);
  DiscoverySettings settings;
  settings.overrides = {{"web", "", {{"selfheal.interval", "3s"}}}};
  inventory.reconfigure(settings);
  const InventoryChange change = inventory.take_changes();
  ASSERT_THAT(change.updated, SizeIs(1)) << "the other one stays as it is";
  EXPECT_EQ(change.updated[0]->probes.at(0)->settings.interval, std::chrono::seconds(3));
  inventory.reconfigure(DiscoverySettings{});
  EXPECT_EQ(inventory.take_changes().updated.at(0)->probes.at(0)->settings.interval,
            std::chrono::seconds(1));
}

TEST_F(InventoryTest, AnOverrideTakesAContainerOutAndInAgain) {
  const ContainerDetails web = running_container("web");
  observe(web);
  DiscoverySettings settings;
  settings.overrides = {{"", "web", {{"selfheal.enable", "false"}}}};
  inventory.reconfigure(settings);
  EXPECT_THAT(inventory.take_changes().removed, ElementsAre(ContainerKey{"host", "web"}));
  EXPECT_TRUE(observe(web).empty());
  inventory.reconfigure(DiscoverySettings{});
  EXPECT_THAT(inventory.take_changes().updated, SizeIs(1));
}

TEST_F(InventoryTest, PublishedPortsAreLookedForWhereTheEngineIs) {
  ContainerDetails web = running_container("web", {{"selfheal.probe", "http://:80/"}});
  web.networks.clear();
  web.published_tcp_ports = {{80, "0.0.0.0", 8080}};
  const auto endpoint = [&] {
    const auto updated = inventory.take_changes().updated;
    return updated.empty() ? "as before" : updated[0]->probes.at(0)->endpoints.at(0).address;
  };
  inventory.observe(web, std::nullopt, steady(0));
  EXPECT_EQ(endpoint(), "127.0.0.1");
  inventory.set_engine_address("127.0.0.1");  // a tunnel, perhaps
  EXPECT_EQ(endpoint(), "as before");
  inventory.set_engine_address("192.0.2.9");
  EXPECT_EQ(endpoint(), "192.0.2.9");
  DiscoverySettings settings;
  settings.host_address = "198.51.100.1";
  inventory.reconfigure(settings);
  EXPECT_EQ(endpoint(), "198.51.100.1");
}

TEST_F(InventoryTest, AMisspeltLabelIsToldOnceAndCounted) {
  const ContainerDetails web = running_container("web", {{"selfheal.intervall", "1s"}});
  const InventoryChange change = observe(web);
  ASSERT_THAT(change.label_errors, SizeIs(1));
  EXPECT_EQ(change.label_errors[0].second.label, "selfheal.intervall");
  EXPECT_EQ(change.updated.at(0)->label_errors, 1u);
  EXPECT_THAT(observe(web).label_errors, IsEmpty());
}

}  // namespace
}  // namespace selfheal
