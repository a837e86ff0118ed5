#include "exporter/health/health_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace selfheal {
namespace {

template <class Row>
std::vector<Row> present_rows(const std::vector<std::optional<Row>>& slots) {
  std::vector<Row> rows;
  rows.reserve(slots.size());
  for (const auto& slot : slots) {
    if (slot) rows.push_back(*slot);
  }
  return rows;
}

void count(RecoveryDurations& durations, double seconds) {
  const auto bucket = std::lower_bound(kRecoveryBuckets.begin(), kRecoveryBuckets.end(), seconds);
  ++durations.counts[static_cast<size_t>(bucket - kRecoveryBuckets.begin())];
  durations.sum_s += seconds;
}

}  // namespace

HealthTable::Slot HealthTable::add_container(ContainerRow row) {
  const std::lock_guard lock(mutex_);
  return containers_.add(std::move(row));
}

void HealthTable::set_container(Slot slot, ContainerRow row) {
  const std::lock_guard lock(mutex_);
  containers_.at(slot) = std::move(row);
}

void HealthTable::remove_container(Slot slot) {
  const std::lock_guard lock(mutex_);
  containers_.remove(slot);
}

HealthTable::Slot HealthTable::add_probe(ProbeRow row) {
  const std::lock_guard lock(mutex_);
  return probes_.add(std::move(row));
}

void HealthTable::set_probe(Slot slot, ProbeRow row) {
  const std::lock_guard lock(mutex_);
  probes_.at(slot) = std::move(row);
}

void HealthTable::set_numbers(Slot slot, const ProbeNumbers& numbers,
                              std::shared_ptr<const std::string> last_failure) {
  const std::lock_guard lock(mutex_);
  ProbeRow& row = probes_.at(slot);
  row.numbers = numbers;
  row.last_failure = std::move(last_failure);
}

void HealthTable::remove_probe(Slot slot) {
  const std::lock_guard lock(mutex_);
  probes_.remove(slot);
}

void HealthTable::count_recovery(const std::string& host, const RecoveryEvent& event) {
  const std::lock_guard lock(mutex_);
  DockerHostRow& row = hosts_[host];
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
  hosts_[host].connected = connected;
}

HealthSnapshot HealthTable::snapshot() const {
  HealthSnapshot all;
  {
    const std::lock_guard lock(mutex_);
    all.containers = present_rows(containers_.rows());
    all.probes = present_rows(probes_.rows());
    all.hosts = hosts_;
  }
  std::sort(all.containers.begin(), all.containers.end(),
            [](const auto& a, const auto& b) { return a.container->key < b.container->key; });
  std::sort(all.probes.begin(), all.probes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.identity->container, a.identity->spec->name) <
           std::tie(b.identity->container, b.identity->spec->name);
  });
  return all;
}

}  // namespace selfheal
