// An inventory of the host "host", of which the changes are taken after each step.
#pragma once

#include <gtest/gtest.h>

#include "exporter/discovery/inventory.h"
#include "tests/exporter/samples.h"

namespace selfheal {

class InventoryTest : public testing::Test {
 protected:
  InventoryTest() { inventory.set_host("host"); }
  InventoryChange observe(const ContainerDetails& details, double now = 0) {
    inventory.observe(details, std::nullopt, steady(now));
    return inventory.take_changes();
  }
  InventoryChange remove(const ContainerDetails& details, double now) {
    inventory.remove(details.id, steady(now));
    return inventory.take_changes();
  }

  Inventory inventory{DiscoverySettings{}};
};

}  // namespace selfheal
