#include "exporter/discovery/dependency_closure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DependencyClosure, GoesAllTheWayDown) {
  const Closure closure =
      close_dependencies({{"web", {"api"}}, {"api", {"db", "cache"}}, {"db", {}}, {"cache", {}}});
  EXPECT_THAT(closure.dependencies.at("web"), ElementsAre("api", "cache", "db"));
  EXPECT_THAT(closure.dependencies.at("api"), ElementsAre("cache", "db"));
  EXPECT_THAT(closure.dependencies.at("db"), IsEmpty());
  EXPECT_THAT(closure.cycles, IsEmpty());
}

TEST(DependencyClosure, ADiamondIsNoCycle) {
  const Closure closure =
      close_dependencies({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}, {"d", {}}});
  EXPECT_THAT(closure.dependencies.at("a"), ElementsAre("b", "c", "d"));
  EXPECT_THAT(closure.cycles, IsEmpty());
}

TEST(DependencyClosure, CyclesAreCutSoThatSomebodyIsHealedFirst) {
  const Closure closure = close_dependencies({{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}});
  EXPECT_THAT(closure.dependencies.at("a"), ElementsAre("b", "c"));
  EXPECT_THAT(closure.dependencies.at("b"), ElementsAre("c"));
  EXPECT_THAT(closure.dependencies.at("c"), IsEmpty());
  EXPECT_THAT(closure.cycles, ElementsAre("a -> b -> c -> a"));
}

TEST(DependencyClosure, ItselfAndTheUnwatchedAreLeftOut) {
  const Closure closure = close_dependencies({{"a", {"a", "gone"}}});
  EXPECT_THAT(closure.dependencies.at("a"), IsEmpty());
  EXPECT_THAT(closure.cycles, ElementsAre("a -> a"));
}

TEST(GroupGraph, NamesMayBeGroupsContainersOrServicesOfTheProject) {
  const GroupGraph graph = group_graph({
      {"shop_web_1", "shop/web", "shop", "web", {"shop/db", "redis", "cache", "unknown"}},
      {"shop_db_1", "shop/db", "shop", "db", {}},
      {"shop_cache_1", "shop/cache", "shop", "cache", {}},
      {"redis", "stores", "", "", {}},
  });
  EXPECT_THAT(graph.at("shop/web"), ElementsAre("shop/cache", "shop/db", "stores"));
  EXPECT_THAT(graph.at("stores"), IsEmpty());
}

TEST(GroupGraph, MembersOfOneGroupDontWaitForEachOther) {
  const GroupGraph graph =
      group_graph({{"a", "g", "", "", {"b"}}, {"b", "g", "", "", {"c"}}, {"c", "c", "", "", {}}});
  EXPECT_THAT(graph.at("g"), ElementsAre("c"));
}

TEST(GroupGraph, AServiceWithGroupsOfItsOwnIsStillFound) {
  const GroupGraph graph = group_graph({
      {"shop-web-1", "shop/web", "shop", "web", {"shop/db"}},  // as Compose's own label says it
      {"shop-api-1", "shop/api", "shop", "api", {"db"}},
      {"shop-db-1", "primary", "shop", "db", {}},
      {"shop-db-2", "standby", "shop", "db", {}},
  });
  EXPECT_THAT(graph.at("shop/web"), ElementsAre("primary", "standby"));
  EXPECT_THAT(graph.at("shop/api"), ElementsAre("primary", "standby"));
}

}  // namespace
}  // namespace selfheal
