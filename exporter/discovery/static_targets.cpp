#include "exporter/discovery/static_targets.h"

namespace selfheal {

InventoryChange changes(const TargetList& before, TargetList& now) {
  InventoryChange change;
  auto old = before.begin();
  const auto remove_up_to = [&](const ContainerKey* key) {
    while (old != before.end() && (key == nullptr || (*old)->key < *key))
      change.removed.push_back((*old++)->key);
  };
  for (WatchedContainerPtr& target : now) {
    remove_up_to(&target->key);
    const bool known = old != before.end() && (*old)->key == target->key;
    if (known && **old == *target)
      target = *old;
    else
      change.updated.push_back(target);
    if (known) ++old;
  }
  remove_up_to(nullptr);
  return change;
}

}  // namespace selfheal
