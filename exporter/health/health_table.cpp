#include "exporter/health/health_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace selfheal {
namespace {

// Copies in pieces: one during which a container came or went may show it twice, or not at all, and
// is made anew. While they come and go all the time, the writer has to wait for a whole copy.
constexpr int kCopiesInPieces = 3;

void count(RecoveryDurations& durations, double seconds) {
  const auto bucket = std::lower_bound(kRecoveryBuckets.begin(), kRecoveryBuckets.end(), seconds);
  ++durations.counts[static_cast<size_t>(bucket - kRecoveryBuckets.begin())];
  durations.sum_s += seconds;
}

}  // namespace

HealthTable::Slot HealthTable::add_container(ContainerRow row) {
  const std::lock_guard lock(mutex_);
  ++membership_;
  return containers_.add(std::move(row));
}

void HealthTable::set_container(Slot slot, ContainerRow row) {
  const std::lock_guard lock(mutex_);
  containers_.at(slot) = std::move(row);
}

void HealthTable::remove_container(Slot slot) {
  const std::lock_guard lock(mutex_);
  ++membership_;
  containers_.remove(slot);
}

HealthTable::Slot HealthTable::add_probe(ProbeRow row) {
  const std::lock_guard lock(mutex_);
  ++membership_;
  return probes_.add(std::move(row));
}

void HealthTable::show_probe(Slot slot, std::shared_ptr<const ProbeIdentity> identity,
                             const TargetHealth& health) {
  const std::lock_guard lock(mutex_);
  ProbeRow& row = probes_.at(slot);
  if (!row.present()) ++membership_;
  row.identity = std::move(identity);
  row.numbers.show(health);
}

void HealthTable::set_health(Slot slot, const TargetHealth& health) {
  const std::lock_guard lock(mutex_);
  probes_.at(slot).numbers.show(health);
}

void HealthTable::hide_probe(Slot slot) {
  const std::lock_guard lock(mutex_);
  ProbeRow& row = probes_.at(slot);
  if (row.present()) ++membership_;
  row.identity.reset();
}

void HealthTable::record(Slot slot, const ProbeResult& result, const TargetHealth& health) {
  std::shared_ptr<const std::string> failure;
  if (result.outcome == ProbeOutcome::failed)
    failure = std::make_shared<const std::string>(result.detail);
  const std::lock_guard lock(mutex_);
  ProbeRow& row = probes_.at(slot);
  row.numbers.count(result);
  row.numbers.show(health);
  if (failure) row.last_failure.swap(failure);
}

void HealthTable::skip(Slot slot, uint64_t probes) {
  const std::lock_guard lock(mutex_);
  probes_.at(slot).numbers.skipped += static_cast<uint32_t>(probes);
}

void HealthTable::remove_probe(Slot slot) {
  const std::lock_guard lock(mutex_);
  ++membership_;
  probes_.remove(slot);
}

void HealthTable::count_recovery(const std::string& host, const RecoveryEvent& event) {
  const std::lock_guard lock(mutex_);
  HostRow& row = hosts_[host];
  count(event.cause == RecoveryCause::restarted ? row.restarted : row.spontaneous,
        std::chrono::duration<double>(event.duration).count());
}

void HealthTable::set_connection(const std::string& host, bool connected,
                                 const std::string& before) {
  const std::lock_guard lock(mutex_);
  if (before != host) {
    if (auto renamed = hosts_.extract(before)) {
      renamed.key() = host;
      hosts_.insert(std::move(renamed));
    }
  }
  HostRow& row = hosts_[host];
  if (connected && !row.connected.value_or(false)) ++row.connects;
  row.connected = connected;
}

void HealthTable::set_dependency_cycles(const std::string& host, size_t cycles) {
  const std::lock_guard lock(mutex_);
  hosts_[host].dependency_cycles = cycles;
}

HealthSnapshot HealthTable::snapshot() const {
  for (int copies = 0; copies < kCopiesInPieces; ++copies) {
    uint64_t membership = 0;
    HealthSnapshot all = copy_in_pieces(membership);
    const std::lock_guard lock(mutex_);
    if (membership == membership_) return all;
  }
  return copy_at_once();
}

HealthSnapshot HealthTable::copy_at_once() const {
  HealthSnapshot all;
  const std::lock_guard lock(mutex_);
  all.hosts = hosts_;
  all.containers = containers_.copy();
  all.probes = probes_.copy();
  return all;
}

HealthSnapshot HealthTable::copy_in_pieces(uint64_t& membership) const {
  HealthSnapshot all;
  {
    const std::lock_guard lock(mutex_);
    membership = membership_;
    all.hosts = hosts_;
  }
  all.containers = copy_rows(containers_);
  all.probes = copy_rows(probes_);
  return all;
}

template <class Row>
std::vector<Row> HealthTable::copy_rows(const SlotTable<Row>& table) const {
  std::vector<Row> rows, some;
  some.reserve(SlotTable<Row>::kPiece);
  for (size_t piece = 0;; ++piece) {
    size_t size = 0;
    {
      const std::lock_guard lock(mutex_);
      if (piece == table.pieces()) return rows;
      table.copy_piece(piece, some);
      size = table.size();
    }
    if (piece == 0) rows.reserve(size);
    std::move(some.begin(), some.end(), std::back_inserter(rows));
    some.clear();
  }
}

HealthSnapshot in_order(HealthSnapshot all) {
  std::sort(all.containers.begin(), all.containers.end(),
            [](const auto& a, const auto& b) { return a.container->key < b.container->key; });
  std::sort(all.probes.begin(), all.probes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.identity->container->key, a.identity->spec->name) <
           std::tie(b.identity->container->key, b.identity->spec->name);
  });
  return all;
}

}  // namespace selfheal
