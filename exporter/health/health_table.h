// What scrapes read: the present rows of all containers and their probes.
//
// Written by the probe loop alone, read by other threads: every call locks the one mutex and is
// short. A scrape copies the rows (plain numbers and pointers) a piece at a time, so that the loop
// does not wait for more than that (only where containers come and go without a pause, for a whole
// copy), and renders them without the lock: all families of a scrape tell the same moment, and each
// container is there once and whole. Rows come and go as semantics.md says; the loop decides, this
// only holds them.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/shared.h"
#include "exporter/discovery/watched_container.h"
#include "exporter/health/probe_numbers.h"
#include "exporter/health/recovery.h"
#include "exporter/health/slot_table.h"

namespace selfheal {

struct ContainerRow {
  WatchedContainerPtr container;
  RecoveryCounts recoveries;
  std::optional<WallTime> stopping_since = {};
  bool present() const { return container != nullptr; }
};

// Which probe of which container: shared between copies of the row.
struct ProbeIdentity {
  WatchedContainerPtr container;
  Shared<ProbeSpec> spec;
};

struct ProbeRow {
  std::shared_ptr<const ProbeIdentity> identity;  // null while nothing is shown of it
  ProbeNumbers numbers;
  std::shared_ptr<const std::string> last_failure;  // the last failure's detail, or null
  bool present() const { return identity != nullptr; }
};

// Seconds of the buckets of selfheal_recovery_duration_seconds.
inline constexpr std::array<double, 12> kRecoveryBuckets{0.5, 1,  2.5, 5,   10,  15,
                                                         30,  60, 120, 300, 900, 3600};

struct RecoveryDurations {
  std::array<uint64_t, kRecoveryBuckets.size() + 1> counts{};  // not cumulative
  double sum_s = 0;
};

// A Docker host; under the empty name what the configured targets have instead.
struct HostRow {
  std::optional<bool> connected;
  uint64_t connects = 0;  // how often Docker answered for the first time, or again
  size_t dependency_cycles = 0;
  RecoveryDurations restarted;
  RecoveryDurations spontaneous;
};

struct HealthSnapshot {
  std::vector<ContainerRow> containers;
  std::vector<ProbeRow> probes;
  std::map<std::string, HostRow> hosts;
};

class HealthTable {
 public:
  using Slot = size_t;

  Slot add_container(ContainerRow row);
  void set_container(Slot slot, ContainerRow row);
  void remove_container(Slot slot);

  // The only home of a probe's counts: a row stays as long as its probe, shown or not.
  Slot add_probe(ProbeRow row);
  void show_probe(Slot slot, std::shared_ptr<const ProbeIdentity> identity,
                  const TargetHealth& health);
  // What became of it without a probe: shown from now on, if anything is.
  void set_health(Slot slot, const TargetHealth& health);
  void hide_probe(Slot slot);
  void record(Slot slot, const ProbeResult& result, const TargetHealth& health);
  void skip(Slot slot, uint64_t probes);
  void remove_probe(Slot slot);

  void count_recovery(const std::string& host, const RecoveryEvent& event);
  // `host` is Docker's name for itself, or its address while that is unknown. `before` is what it
  // was until now: the row of that name is renamed, and goes on counting.
  void set_connection(const std::string& host, bool connected, const std::string& before);
  void set_dependency_cycles(const std::string& host, size_t cycles);

  // In no particular order, but the same from one to the next.
  HealthSnapshot snapshot() const;

 private:
  HealthSnapshot copy_in_pieces(uint64_t& membership) const;
  HealthSnapshot copy_at_once() const;
  template <class Row>
  std::vector<Row> copy_rows(const SlotTable<Row>& table) const;

  mutable std::mutex mutex_;
  SlotTable<ContainerRow> containers_;
  SlotTable<ProbeRow> probes_;
  std::map<std::string, HostRow> hosts_;
  uint64_t membership_ = 0;  // counts what was added, shown, hidden or removed
};

// Ordered by host, container and probe, for people.
HealthSnapshot in_order(HealthSnapshot all);

}  // namespace selfheal
