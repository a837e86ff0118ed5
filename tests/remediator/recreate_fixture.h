// A container whose label asks for a recreation, on fakes.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/remediator/workshop.h"

namespace selfheal {

class RecreateFixture : public testing::Test {
 protected:
  RecreateFixture() { set_up(shop_); }
  static void set_up(Workshop& shop) {
    // What is not yet a second old is not judged by its age here.
    RemediatorSettings settings;
    settings.guards.start_grace = settings.guards.create_grace = Milliseconds(0);
    shop.settings.set(settings);
    shop.docker.change("web", [](ContainerDetails& web) {
      web.network_mode = "bridge";
      web.networks = {{"bridge", "", ""}};
      web.labels["selfheal.action"] = "recreate 20s";
    });
  }
  void label(const std::string& name, const std::string& value) {
    shop_.docker.change("web", [&](ContainerDetails& web) { web.labels[name] = value; });
  }
  void become(Health health) {
    shop_.prometheus.set([&](FakePrometheus::State& state) { state.health = health; });
  }
  Attempt last_attempt() { return shop_.incident().attempts.back(); }

  Workshop shop_;
};

}  // namespace selfheal
