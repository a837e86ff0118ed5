// What scrapes read: the present rows of all containers and their probes.
//
// Written by the probe loop alone, read by web server threads: every call locks the one mutex and
// is short. A scrape copies the rows (plain numbers and pointers) and renders them without the
// lock, so that the loop never waits for text being made, and all families of a scrape tell the
// same moment. Rows come and go as semantics.md says; the loop decides, this only holds them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/discovery/watched_container.h"
#include "exporter/health/probe_numbers.h"
#include "exporter/health/recovery.h"

namespace selfheal {

struct ContainerRow {
  WatchedContainerPtr container;
  std::shared_ptr<const std::string> labels;  // series_labels.h
  RecoveryCounts recoveries;
};

// Which probe of which container: shared between copies of the row.
struct ProbeIdentity {
  ContainerKey container;
  std::string group;
  Shared<ProbeSpec> spec;
  std::string labels;  // series_labels.h
};

struct ProbeRow {
  std::shared_ptr<const ProbeIdentity> identity;
  ProbeNumbers numbers;
  std::shared_ptr<const std::string> last_failure;  // or null
};

// Rows in slots that stay where they are, so that a copy is a plain vector's.
template <class Row>
class SlotTable {
 public:
  using Slot = size_t;
  Slot add(Row row) {
    if (free_.empty()) {
      rows_.push_back(std::move(row));
      return rows_.size() - 1;
    }
    const Slot slot = free_.back();
    free_.pop_back();
    rows_[slot] = std::move(row);
    return slot;
  }
  void remove(Slot slot) {
    rows_[slot].reset();
    free_.push_back(slot);
  }
  Row& at(Slot slot) { return *rows_[slot]; }
  const std::vector<std::optional<Row>>& rows() const { return rows_; }

 private:
  std::vector<std::optional<Row>> rows_;
  std::vector<Slot> free_;
};

// Seconds of the buckets of selfheal_recovery_duration_seconds.
inline constexpr std::array<double, 12> kRecoveryBuckets{0.5, 1,  2.5, 5,   10,  15,
                                                         30,  60, 120, 300, 900, 3600};

struct RecoveryDurations {
  std::array<uint64_t, kRecoveryBuckets.size() + 1> counts{};  // not cumulative
  double sum_s = 0;
};

struct DockerHostRow {
  bool connected = false;
  RecoveryDurations restarted;
  RecoveryDurations spontaneous;
};

struct HealthSnapshot {
  std::vector<ContainerRow> containers;  // ordered by host and name
  std::vector<ProbeRow> probes;          // ordered by host, container and probe
  std::map<std::string, DockerHostRow> hosts;
};

class HealthTable {
 public:
  using Slot = size_t;

  Slot add_container(ContainerRow row);
  void set_container(Slot slot, ContainerRow row);
  void remove_container(Slot slot);

  Slot add_probe(ProbeRow row);
  void set_probe(Slot slot, ProbeRow row);
  // Only what a result changes.
  void set_numbers(Slot slot, const ProbeNumbers& numbers,
                   std::shared_ptr<const std::string> last_failure);
  void remove_probe(Slot slot);

  void count_recovery(const std::string& host, const RecoveryEvent& event);
  // `host` is Docker's name for itself, or its address while that is unknown (then `before` is
  // empty); a row that had another name before is renamed.
  void set_connection(const std::string& host, bool connected, const std::string& before);

  HealthSnapshot snapshot() const;

 private:
  mutable std::mutex mutex_;
  SlotTable<ContainerRow> containers_;
  SlotTable<ProbeRow> probes_;
  std::map<std::string, DockerHostRow> hosts_;
};

}  // namespace selfheal
