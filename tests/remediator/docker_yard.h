// A place on the real Docker Engine for one test: its containers, networks and volumes begin with a
// name of their own, carry the label selfheal.test-run, and go with the fixture.
//
// The engine is what docker's own variables say; SELFHEAL_TEST_IMAGE is the sample app's image.
#pragma once

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "common/docker/docker_client.h"
#include "remediator/act/recreate/replacement.h"

namespace selfheal {

// Through the command line, as a person would; what it prints. It has to work.
std::string docker(const std::string& arguments);

class DockerYard : public testing::Test {
 protected:
  DockerYard();
  ~DockerYard() override;

  // A container of the sample app, or of another image; its id.
  std::string run(const std::string& options = "", const std::string& image = app_image(),
                  const std::string& command = "");
  static std::string app_image();
  static std::string label();  // as an option
  nlohmann::json inspect(const std::string& container);
  bool exists(const std::string& container);
  // Whether a sample app says that it is healthy, by its own check in it: in time, or never.
  bool serves(const std::string& container, Milliseconds patience = std::chrono::seconds(10));
  Replacement replacement(DockerApi& through, const std::string& old_id) {
    return {through, old_id, name, std::chrono::seconds(2)};
  }
  Replacement replacement(const std::string& old_id) { return replacement(engine, old_id); }
  void expect_old_in_place(const std::string& id, const std::string& where = "");
  void expect_replaced(const std::string& id, const std::string& where = "");

  const std::string name = "selfheal-recreate-test-" + std::to_string(getpid());
  SystemClock clock;
  DockerClient engine;
};

}  // namespace selfheal
