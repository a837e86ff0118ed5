#include "exporter/health/health_table.h"

#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/exporter/samples.h"

namespace selfheal {
namespace {

class HealthTableTest : public testing::Test {
 protected:
  WatchedContainerPtr container(const std::string& name) const {
    WatchedContainer seen;
    seen.key = {"host", name};
    return std::make_shared<const WatchedContainer>(seen);
  }
  std::shared_ptr<const ProbeIdentity> identity(const WatchedContainerPtr& seen) const {
    return std::make_shared<const ProbeIdentity>(ProbeIdentity{seen, ProbeSpec{}});
  }

  HealthTable table;
  TargetHealth health{ProbeSettings{}, at(-3600), at(0)};
};

TEST_F(HealthTableTest, AHiddenProbeGoesOnCountingWhereItWas) {
  const auto slot = table.add_probe({});
  EXPECT_TRUE(table.snapshot().probes.empty());
  table.show_probe(slot, identity(container("web")), health);
  table.record(slot, fail_at(1), health);
  table.hide_probe(slot);
  EXPECT_TRUE(table.snapshot().probes.empty());
  table.skip(slot, 2);
  table.show_probe(slot, identity(container("web")), health);
  const HealthSnapshot all = table.snapshot();
  ASSERT_EQ(all.probes.size(), 1U);
  EXPECT_EQ(all.probes[0].numbers.attempts, 1U);
  EXPECT_EQ(all.probes[0].numbers.skipped, 2U);
  EXPECT_EQ(*all.probes[0].last_failure, "because");
}

TEST_F(HealthTableTest, ARemovedProbesSlotBeginsAnew) {
  const auto slot = table.add_probe({});
  table.show_probe(slot, identity(container("web")), health);
  table.record(slot, fail_at(1), health);
  table.remove_probe(slot);
  EXPECT_EQ(table.add_probe({identity(container("db")), {}, nullptr}), slot);
  const HealthSnapshot all = table.snapshot();
  EXPECT_EQ(all.probes.at(0).numbers.attempts, 0U);
  EXPECT_EQ(all.probes.at(0).last_failure, nullptr);
}

TEST_F(HealthTableTest, MoreRowsThanAPieceHoldsAreAllCopied) {
  for (int i = 0; i < 1'000; ++i) table.add_container({container("c" + std::to_string(i)), {}});
  for (HealthTable::Slot slot = 0; slot < 1'000; slot += 2) table.remove_container(slot);
  const HealthSnapshot all = in_order(table.snapshot());
  ASSERT_EQ(all.containers.size(), 500U);
  EXPECT_EQ(all.containers.front().container->key.name, "c1");
  EXPECT_EQ(all.containers.back().container->key.name, "c999");
}

TEST_F(HealthTableTest, ARenamedHostKeepsItsRow) {
  table.set_connection("unix:///socket", false, "unix:///socket");
  table.set_connection("old", true, "unix:///socket");
  table.set_dependency_cycles("old", 2);
  table.count_recovery("old", {RecoveryCause::restarted, std::chrono::seconds(3)});
  table.set_connection("new", true, "old");
  const HealthSnapshot all = table.snapshot();
  ASSERT_EQ(all.hosts.size(), 1U);
  const HostRow& row = all.hosts.at("new");
  EXPECT_EQ(row.connected, true);
  EXPECT_EQ(row.connects, 1U);
  EXPECT_EQ(row.dependency_cycles, 2U);
  EXPECT_EQ(row.restarted.sum_s, 3);
}

TEST_F(HealthTableTest, ConnectsAreCountedAndNotTheLooksInBetween) {
  const auto connects = [&] { return table.snapshot().hosts.at("h").connects; };
  for (const bool connected : {true, true, false, false, true, true})
    table.set_connection("h", connected, "h");
  EXPECT_EQ(connects(), 2U);
  table.set_connection("h", false, "h");
  EXPECT_EQ(connects(), 2U);
}

// Two change places over and over, in the first piece and the last: a copy in pieces meets one of
// them in both, or in none.
TEST_F(HealthTableTest, WhileRowsComeAndGoNoneIsShownTwiceAndNoOtherIsMissing) {
  constexpr size_t kOthers = 1'000;
  const WatchedContainerPtr one = container("one"), two = container("two");
  HealthTable::Slot first = table.add_container({one, {}});
  for (size_t i = 0; i < kOthers; ++i) table.add_container({container(std::to_string(i)), {}});
  HealthTable::Slot last = table.add_container({two, {}});
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done) {
      table.remove_container(first);
      table.remove_container(last);
      last = table.add_container({one, {}});  // the slot that was freed last
      first = table.add_container({two, {}});
      table.remove_container(first);
      table.remove_container(last);
      last = table.add_container({two, {}});
      first = table.add_container({one, {}});
    }
  });
  for (int i = 0; i < 200; ++i) {
    std::set<std::string> names;
    const HealthSnapshot all = table.snapshot();
    for (const ContainerRow& row : all.containers) names.insert(row.container->key.name);
    EXPECT_EQ(names.size(), all.containers.size()) << "one is there twice";
    names.erase("one");
    names.erase("two");
    EXPECT_EQ(names.size(), kOthers);
  }
  done = true;
  writer.join();
}

}  // namespace
}  // namespace selfheal
