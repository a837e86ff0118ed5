// A Docker Engine in memory that records what it is asked, for tests of what stands on DockerApi.
// Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/docker/docker_api.h"

namespace selfheal {

class FakeDocker final : public DockerApi {
 public:
  // What an action does to the container beside what it answers.
  enum class Effect { none, restarts, leaves_stopped, removes };
  struct ActionScript {
    Effect effect = Effect::restarts;
    std::optional<DockerFailureKind> failure = {};  // the answer; none: Done
    std::function<void()> meanwhile = {};           // what else happens before the answer
    int times = 1;                                  // for that many actions
  };

  explicit FakeDocker(const Clock& clock) : clock_(clock) {}

  // A running container that opted in, started an hour ago.
  ContainerDetails& add(const std::string& name);
  // Changes the container of that name, under the lock.
  void change(const std::string& name, const std::function<void(ContainerDetails&)>& how);
  void remove(const std::string& name);
  // A service that opted in, of three replicas that run, made an hour ago; and its tasks.
  ServiceDetails& add_service(const std::string& name);
  void change_service(const std::string& name, const std::function<void(ServiceDetails&)>& how);
  void set_tasks(const std::string& service, std::vector<TaskDetails> tasks);
  // As an engine outside any Swarm.
  void set_manager(bool is_manager);
  // For the next restarts or starts; later ones work.
  void next_action(ActionScript script);
  // Every call fails with it, until nothing is given.
  void fail_all(std::optional<DockerFailureKind> kind);
  void set_host(std::string host);
  // What there is to see of the running containers, in place of a line of log and one process.
  struct Evidence {
    DockerResult<LogText> log = LogText{"2026-01-31T12:00:00Z serving\n"};
    DockerResult<ProcessList> processes = ProcessList{{"PID", "CMD"}, {{"7", "/bin/web"}}};
    DockerResult<ContainerStats> stats = ContainerStats{MemoryUsage{4096, 65'536}, 1.5, {}, 3};
    std::function<void(Milliseconds timeout)> meanwhile = {};  // before each of these answers
  };
  void set_evidence(Evidence evidence);

  // "restart ID t=10", "kill ID", "start ID", "force_update ID 1"; inspects are counted only.
  std::vector<std::string> actions() const;
  // "logs ID", "top ID", "stats ID", in alphabetical order: they are asked for at the same time.
  std::vector<std::string> looks() const;
  std::optional<LogTail> last_log_tail() const;
  int inspects() const;

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
  DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                            const std::function<void(DockerEvent)>& on_event) override;
  void shut_down() override;

 private:
  using Containers = std::map<std::string, ContainerDetails>;  // by name
  struct Service {
    ServiceDetails details;
    std::vector<TaskDetails> tasks;
  };
  // The service, or why there is none to be had; with the lock held.
  DockerResult<Service*> find_service(const std::string& name_or_id);
  // Replaces all tasks at once.
  void update(Service& service, uint64_t force_update) const;
  Containers::iterator find(const std::string& name_or_id);
  DockerResult<Done> act(const std::string& container, const std::string& record);
  // Records the look, and what comes of it: the evidence as it is after its `meanwhile`.
  DockerResult<Evidence> look(const std::string& record, const std::string& container,
                              Milliseconds timeout);
  DockerFailure failure(DockerFailureKind kind) const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::string host_ = "box";
  Containers containers_;
  std::map<std::string, Service> services_;  // by name
  bool is_manager_ = true;
  std::optional<ActionScript> next_action_;
  std::optional<DockerFailureKind> fail_all_;
  std::vector<std::string> actions_;
  int inspects_ = 0;
  Evidence evidence_;
  std::vector<std::string> looks_;
  std::optional<LogTail> last_log_tail_;
};

}  // namespace selfheal
