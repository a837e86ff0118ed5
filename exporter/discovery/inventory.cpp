#include "exporter/discovery/inventory.h"

#include <utility>

#include "common/docker/left_aside.h"
#include "common/docker/opt_in.h"
#include "common/docker/swarm_task.h"
#include "exporter/discovery/dependency_closure.h"

namespace selfheal {

void Inventory::set_host(const std::string& host) {
  if (host == host_) return;
  for (auto& [name, entry] : entries_) {
    if (entry.published) pending_.removed.push_back(entry.published->key);
    entry.published.reset();
    entry.touched = true;
  }
  host_ = host;
}

void Inventory::set_engine_address(const std::string& address) {
  if (std::exchange(engine_address_, address) == address) return;
  for (auto& [name, entry] : entries_) discover_again(entry);
}

std::string Inventory::docker_host() const {
  const std::string& told = settings_->host_address;
  const std::string& host = told.empty() ? engine_address_ : told;
  return is_loopback(host) ? "" : host;
}

std::string Inventory::assumed_docker_host() const {
  return settings_->host_address.empty() ? docker_host() : "";
}

Inventory::Entry* Inventory::entry_of(const std::string& id) {
  const auto name = name_of_id_.find(id);
  if (name == name_of_id_.end()) return nullptr;
  Entry& entry = entries_.at(name->second);
  entry.touched = true;
  return &entry;
}

void Inventory::on_event(const DockerEvent& event) {
  if (Entry* entry = entry_of(event.actor_id)) entry->history.on_event(event);
}

void Inventory::on_past_event(const DockerEvent& event) {
  if (Entry* entry = entry_of(event.actor_id)) entry->history.on_past_event(event);
}

std::vector<ContainerHistory*> Inventory::wanting_evidence() {
  std::vector<ContainerHistory*> wanting;
  for (auto& [name, entry] : entries_) {
    if (entry.history.needs_evidence()) wanting.push_back(&entry.history);
  }
  return wanting;
}

Inventory::Entry& Inventory::entry_for(const std::string& name, SteadyTime now) {
  forget_retired(now);
  groups_changed_ = true;
  if (auto retired = retired_.extract(name)) {
    return entries_.insert_or_assign(name, std::move(retired.mapped().entry)).first->second;
  }
  return entries_[name];
}

void Inventory::observe(ContainerDetails details, std::optional<ContainerDetails> network_owner,
                        SteadyTime now) {
  const auto known = name_of_id_.find(details.id);
  if (known != name_of_id_.end() && known->second != details.name)
    remove_name(known->second, now);  // it was renamed
  if (!opted_in(details.labels) || is_left_aside(details.name)) return;
  if (is_ended_task(details)) return remove(details.id, now);  // another one takes its place
  Entry& entry =
      entries_.contains(details.name) ? entries_.at(details.name) : entry_for(details.name, now);
  // Recreated. Unless what had this name goes on under another.
  if (const auto former = name_of_id_.find(entry.details.id);
      former != name_of_id_.end() && former->second == details.name)
    name_of_id_.erase(former);
  name_of_id_[details.id] = details.name;
  if (!name_of_id_.contains(entry.details.id)) network_owners_.erase(entry.details.id);
  if (const auto owner = shared_network_owner(details)) network_owners_[details.id] = *owner;
  if (entry.details.id != details.id || entry.details.started_at != details.started_at)
    entry.memory.reset();
  entry.history.observe(details);
  entry.details = std::move(details);
  entry.network_owner = std::move(network_owner);
  discover_again(entry);
}

void Inventory::discover_again(Entry& entry) {
  const ContainerDetails* owner = entry.network_owner ? &*entry.network_owner : nullptr;
  DiscoveredContainer found = discover(entry.details, owner, *settings_, docker_host());
  if (found.labels.group != entry.discovered.labels.group ||
      found.labels.enabled != entry.discovered.labels.enabled ||
      found.labels.depends_on != entry.discovered.labels.depends_on)
    groups_changed_ = true;
  if (found.labels.errors != entry.logged) {
    entry.logged = found.labels.errors;
    entry.label_errors += found.labels.errors.size();
    for (const LabelError& error : found.labels.errors)
      pending_.label_errors.emplace_back(entry.details.name, error);
  }
  entry.discovered = std::move(found);
  entry.touched = true;
}

void Inventory::reconfigure(Shared<DiscoverySettings> settings) {
  settings_ = std::move(settings);
  for (auto& [name, entry] : entries_) discover_again(entry);
}

void Inventory::remove(const std::string& id, SteadyTime now) {
  const auto name = name_of_id_.find(id);
  if (name != name_of_id_.end()) remove_name(name->second, now);
}

void Inventory::remove_name(std::string name, SteadyTime now) {
  auto entry = entries_.extract(name);
  if (!entry) return;
  name_of_id_.erase(entry.mapped().details.id);
  network_owners_.erase(entry.mapped().details.id);
  if (entry.mapped().published) pending_.removed.push_back(entry.mapped().published->key);
  entry.mapped().published.reset();
  retired_[name] = {std::move(entry.mapped()), now + kHold};
  groups_changed_ = true;
}

void Inventory::keep_only(const std::set<std::string>& ids, SteadyTime now) {
  std::vector<std::string> gone;
  for (const auto& [id, name] : name_of_id_) {
    if (!ids.contains(id)) gone.push_back(id);
  }
  for (const std::string& id : gone) remove(id, now);
  forget_retired(now);
}

std::vector<std::string> Inventory::sharing_network_of(const std::string& id) const {
  std::vector<std::string> ids;
  for (const auto& [sharing, owner] : network_owners_) {
    if (owner == id) ids.push_back(sharing);
  }
  return ids;
}

std::set<std::string> Inventory::wanting_memory() const {
  std::set<std::string> ids;
  for (const auto& [name, entry] : entries_) {
    const ContainerLabels& labels = entry.discovered.labels;
    if (labels.enabled && labels.wants_memory && entry.details.running())
      ids.insert(entry.details.id);
  }
  return ids;
}

void Inventory::set_memory(const std::string& id, const MemoryUsage& usage) {
  if (Entry* entry = entry_of(id)) entry->memory = usage;
}

void Inventory::forget_retired(SteadyTime now) {
  std::erase_if(retired_, [&](const auto& item) { return item.second.until <= now; });
}

void Inventory::close_over_groups() {
  if (!groups_changed_) return;
  groups_changed_ = false;
  std::vector<DependencyNames> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) {
    const ContainerLabels& labels = entry.discovered.labels;
    if (!labels.enabled) continue;
    names.push_back(
        {name, labels.group, labels.compose_project, labels.compose_service, labels.depends_on});
  }
  Closure closure = close_dependencies(group_graph(names));
  closure_ = std::move(closure.dependencies);
  if (closure.cycles != cycles_) pending_.cycles = closure.cycles;
  cycles_ = std::move(closure.cycles);
  for (auto& [name, entry] : entries_) entry.touched = true;
}

WatchedContainer Inventory::present(const Entry& entry) const {
  const ContainerLabels& labels = entry.discovered.labels;
  WatchedContainer seen;
  seen.key = {host_, entry.details.name};
  seen.id = entry.details.id;
  seen.image = entry.details.image;
  seen.group = labels.group;
  seen.action = labels.action;
  seen.compose_project = labels.compose_project;
  seen.compose_service = labels.compose_service;
  seen.state = entry.details.state;
  seen.health = entry.details.health;
  seen.started_at = entry.details.started_at;
  seen.finished_at = entry.details.finished_at;
  seen.exit_code = entry.details.exit_code;
  seen.stop_requested = entry.history.stop_requested();
  seen.stop_asked_at = entry.history.stop_asked_at();
  seen.restarts = entry.history.restarts();
  seen.oom_kills = entry.history.oom_kills();
  seen.label_errors = entry.label_errors;
  seen.wants_memory = labels.wants_memory;
  if (entry.details.running()) seen.memory = entry.memory;
  const auto& dependencies = closure_.at(labels.group);
  seen.dependencies.assign(dependencies.begin(), dependencies.end());
  seen.probes = entry.discovered.probes;
  return seen;
}

void Inventory::publish(Entry& entry, InventoryChange& change) {
  if (!std::exchange(entry.touched, false)) return;
  if (!entry.discovered.labels.enabled) {  // an override took it out
    if (entry.published) change.removed.push_back(entry.published->key);
    entry.published.reset();
    return;
  }
  WatchedContainer seen = present(entry);
  if (entry.published && *entry.published == seen) return;
  entry.published = std::make_shared<const WatchedContainer>(std::move(seen));
  change.updated.push_back(entry.published);
}

InventoryChange Inventory::take_changes() {
  close_over_groups();
  InventoryChange change = std::exchange(pending_, {});
  for (auto& [name, entry] : entries_) publish(entry, change);
  return change;
}

}  // namespace selfheal
