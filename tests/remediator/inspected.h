// What real engines answered for one container with everything that can be configured.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

namespace selfheal {

// "docker_20_10", "docker_28_5" or "podman_4_3".
inline nlohmann::json inspected(const std::string& engine) {
  std::ifstream file(std::string(SELFHEAL_TEST_FOLDER) + "/inspected/" + engine + ".json");
  return nlohmann::json::parse(file);
}

}  // namespace selfheal
