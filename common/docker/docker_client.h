// DockerApi over HTTP, by unix socket, TCP or TLS, with the API version negotiated.
//
// Engines refuse versions that are too new (20.10 ends at 1.41) or too old (29 begins at 1.44 or
// 1.40): the first call asks the unversioned /_ping, and an answer that the version does not suit
// negotiates again. Safe from any thread.
#pragma once

#include <mutex>
#include <string>

#include "common/docker/docker_api.h"
#include "common/docker/docker_messages.h"
#include "common/http/blocking_http_client.h"

namespace selfheal {

class DockerClient final : public DockerApi {
 public:
  // Observes each finished call, for the histogram of their durations; from the caller's thread.
  using CallObserver = std::function<void(std::string_view call, std::chrono::duration<double>)>;

  DockerClient(DockerAddress address, const Clock& clock, CallObserver observer = nullptr);

  DockerResult<EngineInfo> info() override;
  DockerResult<std::vector<ContainerSummary>> list() override;
  DockerResult<ContainerDetails> inspect(const std::string& container) override;
  void inspect_async(const std::string& container, Milliseconds timeout,
                     Callback<ContainerDetails> callback) override;
  void memory_async(const std::string& container, Milliseconds timeout,
                    Callback<MemoryUsage> callback) override;
  void create_exec_async(const std::string& container, const std::vector<std::string>& command,
                         Milliseconds timeout, Callback<std::string> callback) override;
  void run_exec_async(const std::string& exec, Milliseconds timeout, OnOutput on_output,
                      Callback<Done> callback) override;
  void inspect_exec_async(const std::string& exec, Milliseconds timeout,
                          Callback<ExecState> callback) override;
  DockerResult<LogText> logs(const std::string& container, const LogTail& tail,
                             Milliseconds timeout) override;
  DockerResult<ProcessList> top(const std::string& container, Milliseconds timeout) override;
  DockerResult<ContainerStats> stats(const std::string& container, Milliseconds timeout) override;
  DockerResult<Done> restart(const std::string& container,
                             std::chrono::seconds stop_timeout) override;
  DockerResult<Done> kill(const std::string& container) override;
  DockerResult<Done> start(const std::string& container) override;
  DockerResult<ServiceDetails> inspect_service(const std::string& service) override;
  DockerResult<std::vector<TaskDetails>> tasks(const std::string& service) override;
  DockerResult<Done> force_update(const std::string& service, uint64_t force_update) override;
  DockerResult<Done> stop(const std::string& container, std::chrono::seconds stop_timeout) override;
  DockerResult<CommandResult> exec(const std::string& container,
                                   const std::vector<std::string>& command,
                                   Milliseconds timeout) override;
  DockerResult<std::string> inspect_raw(const std::string& container) override;
  DockerResult<std::string> image_id(const std::string& image) override;
  DockerResult<std::string> network_id(const std::string& network) override;
  DockerResult<std::string> create(const std::string& name, const std::string& request) override;
  DockerResult<Done> rename(const std::string& container, const std::string& name) override;
  DockerResult<Done> connect_network(const std::string& network, const std::string& container,
                                     const std::string& endpoint_settings) override;
  DockerResult<Done> set_restart_policy(const std::string& container,
                                        const std::string& policy) override;
  DockerResult<Done> remove(const std::string& container) override;
  DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                            const std::function<void(DockerEvent)>& on_event) override;
  void shut_down() override;

 private:
  HttpRequest request(std::string method, const std::string& path, Milliseconds timeout) const;
  // The versioned prefix of paths, "/v1.41"; asks the engine the first time.
  DockerResult<std::string> version_prefix();
  void forget_version();
  // One call; `call` names it in the histogram and in errors. `json` is what a POST carries.
  DockerResult<HttpResponse> perform(std::string_view call, const std::string& method,
                                     const std::string& path, Milliseconds timeout,
                                     const std::string& json = "");
  // One call that is over by `timeout`: no version is asked for and nothing is tried again.
  DockerResult<HttpResponse> look(std::string_view call, HttpRequest asked);
  DockerResult<HttpResponse> look_at_processes(const std::string& container, std::string_view query,
                                               Milliseconds timeout);
  // One call without waiting, its answer's body read by `parse`.
  template <class T>
  void ask_async(std::string_view call, HttpRequest asked, Result<T> (*parse)(std::string_view),
                 Callback<T> callback);
  // With the prefix that was negotiated; without one where nothing was yet, which is fine.
  std::string known_prefix();
  DockerResult<Done> act(std::string_view call, const std::string& path, Milliseconds timeout,
                         const std::string& json = "");
  // One call of a Swarm's; the error says what to do where the engine is no manager.
  DockerResult<HttpResponse> ask_manager(std::string_view call, HttpRequest asked);
  DockerFailure failure_of(std::string_view call, const HttpFailure& failure) const;

  const DockerAddress address_;
  const Clock& clock_;
  const CallObserver observer_;
  BlockingHttpClient http_;
  std::mutex mutex_;
  std::string version_prefix_;  // empty until negotiated
};

}  // namespace selfheal
