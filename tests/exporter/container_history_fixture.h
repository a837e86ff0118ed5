// The history of one container, told by events and inspects.
#pragma once

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "exporter/discovery/container_history.h"
#include "tests/exporter/samples.h"

namespace selfheal {

class History : public testing::Test {
 protected:
  History() { history.observe(web); }
  void see(const ContainerDetails& details) {
    web = details;
    history.observe(web);
  }
  void hear(const std::string& action, double seconds, Labels attributes = {}) {
    history.on_event(event(action, web.id, seconds, std::move(attributes)));
  }
  void kill(double seconds, const std::string& signal = "15") {
    hear("kill", seconds, {{"signal", signal}});
  }

  ContainerDetails web = running_container("web");
  ContainerHistory history;
};

}  // namespace selfheal
