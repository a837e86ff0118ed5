// Another DockerApi, seen through a hook that is asked before and after each call that changes
// something.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "common/docker/docker_api.h"

namespace selfheal {

class ForwardingDocker final : public DockerApi {
 public:
  // A failure that the hook returns is the call's; before it, nothing was sent to Docker.
  using Hook = std::function<std::optional<DockerFailure>(const std::string& call)>;
  explicit ForwardingDocker(DockerApi& docker) : docker_(docker) {}
  Hook before = [](const std::string&) { return std::nullopt; };
  Hook after = [](const std::string&) { return std::nullopt; };
  bool networks_are_gone = false;
  bool outlives_its_user = false;  // it is not shut down with what it was given to

  DockerResult<EngineInfo> info() override { return docker_.info(); }
  DockerResult<std::vector<ContainerSummary>> list() override { return docker_.list(); }
  DockerResult<ContainerDetails> inspect(const std::string& container) override {
    return docker_.inspect(container);
  }
  void inspect_async(const std::string& container, Milliseconds timeout,
                     Callback<ContainerDetails> callback) override {
    docker_.inspect_async(container, timeout, std::move(callback));
  }
  void memory_async(const std::string& container, Milliseconds timeout,
                    Callback<MemoryUsage> callback) override {
    docker_.memory_async(container, timeout, std::move(callback));
  }
  void create_exec_async(const std::string& container, const std::vector<std::string>& command,
                         Milliseconds timeout, Callback<std::string> callback) override {
    docker_.create_exec_async(container, command, timeout, std::move(callback));
  }
  void run_exec_async(const std::string& exec, Milliseconds timeout, OnOutput on_output,
                      Callback<Done> callback) override {
    docker_.run_exec_async(exec, timeout, std::move(on_output), std::move(callback));
  }
  void inspect_exec_async(const std::string& exec, Milliseconds timeout,
                          Callback<ExecState> callback) override {
    docker_.inspect_exec_async(exec, timeout, std::move(callback));
  }
  DockerResult<LogText> logs(const std::string& container, const LogTail& tail,
                             Milliseconds timeout) override {
    return docker_.logs(container, tail, timeout);
  }
  DockerResult<ProcessList> top(const std::string& container, Milliseconds timeout) override {
    return docker_.top(container, timeout);
  }
  DockerResult<ContainerStats> stats(const std::string& container, Milliseconds timeout) override {
    return docker_.stats(container, timeout);
  }
  DockerResult<Done> restart(const std::string& container,
                             std::chrono::seconds stop_timeout) override {
    return act<Done>("restart", [&] { return docker_.restart(container, stop_timeout); });
  }
  DockerResult<Done> kill(const std::string& container) override {
    return act<Done>("kill", [&] { return docker_.kill(container); });
  }
  DockerResult<Done> start(const std::string& container) override {
    return act<Done>("start", [&] { return docker_.start(container); });
  }
  DockerResult<Done> stop(const std::string& container,
                          std::chrono::seconds stop_timeout) override {
    return act<Done>("stop", [&] { return docker_.stop(container, stop_timeout); });
  }
  DockerResult<CommandResult> exec(const std::string& container,
                                   const std::vector<std::string>& command,
                                   Milliseconds timeout) override {
    return act<CommandResult>("exec", [&] { return docker_.exec(container, command, timeout); });
  }
  DockerResult<std::string> inspect_raw(const std::string& container) override {
    return docker_.inspect_raw(container);
  }
  DockerResult<std::string> image_id(const std::string& image) override {
    return docker_.image_id(image);
  }
  DockerResult<std::string> network_id(const std::string& network) override {
    if (networks_are_gone)
      return DockerFailure{DockerFailureKind::not_found, "no such network: " + network};
    return docker_.network_id(network);
  }
  DockerResult<std::string> create(const std::string& name, const std::string& request) override {
    return act<std::string>("create", [&] { return docker_.create(name, request); });
  }
  DockerResult<Done> rename(const std::string& container, const std::string& name) override {
    return act<Done>("rename", [&] { return docker_.rename(container, name); });
  }
  DockerResult<Done> connect_network(const std::string& network, const std::string& container,
                                     const std::string& endpoint_settings) override {
    return act<Done>(
        "connect", [&] { return docker_.connect_network(network, container, endpoint_settings); });
  }
  DockerResult<Done> set_restart_policy(const std::string& container,
                                        const std::string& policy) override {
    return act<Done>("policy", [&] { return docker_.set_restart_policy(container, policy); });
  }
  DockerResult<Done> remove(const std::string& container) override {
    return act<Done>("remove", [&] { return docker_.remove(container); });
  }
  DockerResult<ServiceDetails> inspect_service(const std::string& service) override {
    return docker_.inspect_service(service);
  }
  DockerResult<std::vector<TaskDetails>> tasks(const std::string& service) override {
    return docker_.tasks(service);
  }
  DockerResult<Done> force_update(const std::string& service, uint64_t force_update) override {
    return act<Done>("force_update", [&] { return docker_.force_update(service, force_update); });
  }
  DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                            const std::function<void(DockerEvent)>& on_event) override {
    return docker_.events(since_ns, until_ns, on_event);
  }
  void shut_down() override {
    if (!outlives_its_user) docker_.shut_down();
  }

 private:
  template <class T, class Call>
  DockerResult<T> act(const std::string& name, Call call) {
    if (auto refused = before(name)) return *refused;
    auto result = call();
    if (auto lost = after(name)) return *lost;
    return result;
  }
  DockerApi& docker_;
};

}  // namespace selfheal
