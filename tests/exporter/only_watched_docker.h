// A Docker Engine that has nothing of what only the remediator asks for.
#pragma once

#include <string>
#include <vector>

#include "common/docker/docker_api.h"

namespace selfheal {

class OnlyWatchedDocker : public DockerApi {
 public:
  DockerResult<LogText> logs(const std::string&, const LogTail&, Milliseconds) override {
    return not_of_this_fake();
  }
  DockerResult<ProcessList> top(const std::string&, Milliseconds) override {
    return not_of_this_fake();
  }
  DockerResult<ContainerStats> stats(const std::string&, Milliseconds) override {
    return not_of_this_fake();
  }
  DockerResult<Done> restart(const std::string&, std::chrono::seconds) override { return Done{}; }
  DockerResult<Done> kill(const std::string&) override { return Done{}; }
  DockerResult<Done> start(const std::string&) override { return Done{}; }
  DockerResult<ServiceDetails> inspect_service(const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<std::vector<TaskDetails>> tasks(const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<Done> force_update(const std::string&, uint64_t) override { return Done{}; }
  DockerResult<Done> stop(const std::string&, std::chrono::seconds) override { return Done{}; }
  DockerResult<CommandResult> exec(const std::string&, const std::vector<std::string>&,
                                   Milliseconds) override {
    return not_of_this_fake();
  }
  DockerResult<std::string> inspect_raw(const std::string&) override { return not_of_this_fake(); }
  DockerResult<std::string> image_id(const std::string&) override { return not_of_this_fake(); }
  DockerResult<std::string> network_id(const std::string&) override { return not_of_this_fake(); }
  DockerResult<std::string> create(const std::string&, const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<Done> rename(const std::string&, const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<Done> connect_network(const std::string&, const std::string&,
                                     const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<Done> set_restart_policy(const std::string&, const std::string&) override {
    return not_of_this_fake();
  }
  DockerResult<Done> remove(const std::string&) override { return not_of_this_fake(); }

 private:
  static DockerFailure not_of_this_fake() {
    return {DockerFailureKind::failed, "not of this fake"};
  }
};

}  // namespace selfheal
