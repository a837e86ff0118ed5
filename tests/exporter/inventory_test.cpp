// Which containers there are, and what changed of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/inventory_fixture.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

// Swarm puts another one in its place, and keeps it only to be looked at.
TEST_F(InventoryTest, ATaskThatHasEndedIsForgotten) {
  ContainerDetails task = running_container("web.1.a");
  task.labels["com.docker.swarm.service.name"] = "web";
  const InventoryChange first = observe(task);
  ASSERT_THAT(first.updated, SizeIs(1));
  EXPECT_EQ(first.updated[0]->group, "web");
  task.state = ContainerState::exited;
  EXPECT_THAT(observe(task).removed, SizeIs(1));
  EXPECT_TRUE(observe(task).empty());
  ContainerDetails alone = running_container("alone");
  observe(alone);
  alone.state = ContainerState::exited;
  EXPECT_THAT(observe(alone).removed, SizeIs(0)) << "others may be started again";
}

TEST_F(InventoryTest, TellsOnlyWhatChanged) {
  const ContainerDetails web = running_container("web");
  const InventoryChange first = observe(web);
  ASSERT_THAT(first.updated, SizeIs(1));
  EXPECT_EQ(first.updated[0]->key, (ContainerKey{"host", "web"}));
  EXPECT_TRUE(observe(web).empty());
  ContainerDetails sick = web;
  sick.health = ContainerHealth::unhealthy;
  EXPECT_THAT(observe(sick).updated, SizeIs(1));
}

TEST_F(InventoryTest, WhoDidNotOptInIsNotSeen) {
  ContainerDetails other = running_container("other");
  other.labels.clear();
  EXPECT_TRUE(observe(other).empty());
  EXPECT_FALSE(inventory.knows(other.id));
}

TEST_F(InventoryTest, RemovedIsGoneAtOnce) {
  const ContainerDetails web = running_container("web");
  observe(web);
  EXPECT_THAT(remove(web, 1).removed, ElementsAre(ContainerKey{"host", "web"}));
  EXPECT_TRUE(remove(web, 2).empty());
}

TEST_F(InventoryTest, TheListIsTheTruth) {
  const ContainerDetails a = running_container("a");
  const ContainerDetails b = running_container("b");
  observe(a);
  observe(b);
  inventory.keep_only({b.id}, steady(1));
  EXPECT_THAT(inventory.take_changes().removed, ElementsAre(ContainerKey{"host", "a"}));
}

TEST_F(InventoryTest, RecreatedSoonItGoesOnCounting) {
  ContainerDetails web = running_container("web");
  observe(web);
  web = started(web, 10);
  ASSERT_EQ(observe(web).updated[0]->restarts.api, 1U);
  remove(web, 20);
  web.id = "another";
  EXPECT_EQ(observe(started(web, 30), 30).updated[0]->restarts.api, 1U);
}

TEST_F(InventoryTest, RecreatedMuchLaterItIsANewOne) {
  ContainerDetails web = running_container("web");
  observe(web);
  observe(started(web, 10));
  remove(web, 20);
  web.id = "another";
  EXPECT_EQ(observe(started(web, 90), 90).updated[0]->restarts.api, 0U);
}

TEST_F(InventoryTest, TwoSeriesForOneNameNeverExist) {
  ContainerDetails old_web = running_container("web");
  observe(old_web);
  ContainerDetails new_web = old_web;
  new_web.id = "new";
  EXPECT_THAT(observe(started(new_web, 5)).updated, SizeIs(1));
  EXPECT_FALSE(inventory.knows(old_web.id));
  EXPECT_TRUE(remove(old_web, 6).empty());
}

TEST_F(InventoryTest, WhatAReplacementLeavesAsideIsNotSeen) {
  ContainerDetails web = running_container("web");
  observe(web);
  web.name = "web-selfheal-0123456789ab";
  EXPECT_THAT(observe(web, 1).removed, ElementsAre(ContainerKey{"host", "web"}));
  EXPECT_FALSE(inventory.knows(web.id));
  ContainerDetails next = running_container("web");
  next.id = "next";
  next.name = "web-selfheal-new-0123456789ab";
  EXPECT_TRUE(observe(next, 2).empty());
  next.name = "web";
  EXPECT_THAT(observe(next, 3).updated, SizeIs(1));
}

TEST_F(InventoryTest, ARenamedContainerChangesItsKey) {
  ContainerDetails web = running_container("web");
  observe(web);
  web.name = "www";
  const InventoryChange change = observe(web);
  EXPECT_THAT(change.removed, ElementsAre(ContainerKey{"host", "web"}));
  ASSERT_THAT(change.updated, SizeIs(1));
  EXPECT_EQ(change.updated[0]->key.name, "www");
  EXPECT_THAT(remove(web, 2).removed, ElementsAre(ContainerKey{"host", "www"}));
}

TEST_F(InventoryTest, DependenciesAreClosedOverAllContainers) {
  observe(running_container("web", {{"selfheal.depends-on", "api"}}));
  const InventoryChange change = observe(running_container("api", {{"selfheal.depends-on", "db"}}));
  ASSERT_THAT(change.updated, SizeIs(2));  // web depends on api only now that it is there
  EXPECT_THAT(change.updated[1]->dependencies, ElementsAre("api"));
  const InventoryChange whole = observe(running_container("db"));
  ASSERT_THAT(whole.updated, SizeIs(3));
  EXPECT_THAT(whole.updated[2]->dependencies, ElementsAre("api", "db"));
  const InventoryChange without = remove(running_container("db"), 1);
  ASSERT_THAT(without.updated, SizeIs(2));
  EXPECT_THAT(without.updated[1]->dependencies, ElementsAre("api"));
}

TEST_F(InventoryTest, ACycleIsToldWhenItComesAndWhenItGoes) {
  observe(running_container("a", {{"selfheal.depends-on", "b"}}));
  EXPECT_THAT(observe(running_container("b", {{"selfheal.depends-on", "a"}})).cycles,
              Optional(ElementsAre("a -> b -> a")));
  EXPECT_EQ(observe(running_container("c")).cycles, std::nullopt);
  EXPECT_THAT(observe(running_container("b")).cycles, Optional(IsEmpty()));
}

TEST_F(InventoryTest, ACycleThatChangesNothingElseIsAChange) {
  const ContainerDetails plain = running_container("b");
  observe(running_container("a", {{"selfheal.depends-on", "b"}}));
  observe(plain);
  const InventoryChange change = observe(running_container("b", {{"selfheal.depends-on", "a"}}));
  EXPECT_THAT(change.updated, IsEmpty());
  EXPECT_FALSE(change.empty());
  EXPECT_FALSE(observe(plain).empty());
}

TEST_F(InventoryTest, EventsChangeWhatIsPublished) {
  ContainerDetails web = running_container("web");
  observe(web);
  inventory.on_event(event("kill", web.id, 4, {{"signal", "15"}}));
  inventory.on_event(event("die", web.id, 5));
  EXPECT_TRUE(observe(exited(web, 5, 0)).updated[0]->stop_requested);
  inventory.on_event(event("kill", "unknown", 4));
  EXPECT_TRUE(inventory.take_changes().empty());
}

TEST_F(InventoryTest, SwappedNamesSwapTheContainers) {
  ContainerDetails a = running_container("a");
  ContainerDetails b = running_container("b");
  observe(a);
  observe(b);
  std::swap(a.name, b.name);
  observe(a);
  observe(b);
  EXPECT_TRUE(inventory.knows(a.id) && inventory.knows(b.id));
  a.exit_code = 3;
  const InventoryChange change = observe(a);
  ASSERT_THAT(change.updated, SizeIs(1));
  EXPECT_EQ(change.updated[0]->key.name, "b");
  EXPECT_EQ(change.updated[0]->id, "id-a");
  EXPECT_THAT(change.removed, IsEmpty());
}

TEST_F(InventoryTest, KnowsWhoSharesANetwork) {
  ContainerDetails sidecar = running_container("sidecar");
  sidecar.network_mode = "container:id-web";
  observe(sidecar);
  observe(running_container("other"));
  EXPECT_THAT(inventory.sharing_network_of("id-web"), ElementsAre("id-sidecar"));
  remove(sidecar, 1);
  EXPECT_THAT(inventory.sharing_network_of("id-web"), IsEmpty());
}

TEST_F(InventoryTest, MemoryIsOfThoseThatAskForItWhileTheyRun) {
  const ContainerDetails web = running_container("web", {{"selfheal.memory", "true"}});
  observe(web);
  observe(running_container("other"));
  EXPECT_THAT(inventory.wanting_memory(), ElementsAre("id-web"));
  inventory.set_memory("id-web", {10, 20});
  inventory.set_memory("unknown", {10, 20});
  const InventoryChange change = inventory.take_changes();
  ASSERT_THAT(change.updated, SizeIs(1));
  EXPECT_EQ(change.updated[0]->memory, (MemoryUsage{10, 20}));
  EXPECT_EQ(observe(exited(web, 1, 0)).updated[0]->memory, std::nullopt);
  EXPECT_THAT(inventory.wanting_memory(), IsEmpty());
  EXPECT_EQ(observe(started(web, 2)).updated[0]->memory, std::nullopt) << "of the run before";
}

}  // namespace
}  // namespace selfheal
