// A Docker Engine in memory that records what it is asked, for tests of what stands on DockerApi.
// Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/docker/docker_api.h"

namespace selfheal {

class FakeDocker final : public DockerApi {
 public:
  // What an action does to the container beside what it answers.
  enum class Effect { usual, none, restarts, leaves_stopped, removes };
  struct ActionScript {
    Effect effect = Effect::usual;                  // what was asked for
    std::optional<DockerFailureKind> failure = {};  // the answer; none: Done
    std::function<void()> meanwhile = {};           // what else happens before the answer
    int times = 1;                                  // for that many actions
  };

  explicit FakeDocker(const Clock& clock) : clock_(clock) {}

  // A running container that opted in, started an hour ago.
  ContainerDetails& add(const std::string& name);
  // Changes the container of that name, under the lock.
  void change(const std::string& name, const std::function<void(ContainerDetails&)>& how);
  // A service that opted in, of three replicas that run, made an hour ago; and its tasks.
  ServiceDetails& add_service(const std::string& name);
  void change_service(const std::string& name, const std::function<void(ServiceDetails&)>& how);
  void set_tasks(const std::string& service, std::vector<TaskDetails> tasks);
  // As an engine outside any Swarm.
  void set_manager(bool is_manager);
  void lose(const std::string& name);
  // For the next calls that change something; later ones work.
  void next_action(ActionScript script);
  // Every call fails with it, until nothing is given.
  void fail_all(std::optional<DockerFailureKind> kind);
  void fail_list(std::optional<DockerFailureKind> kind);
  // An inspect fails where this says so, which each of them asks.
  void fail_inspect_if(std::function<bool()> says);
  void set_host(std::string host);
  // What there is to see of the running containers, in place of a line of log and one process.
  struct Evidence {
    DockerResult<LogText> log = LogText{"2026-01-31T12:00:00Z serving\n"};
    DockerResult<ProcessList> processes = ProcessList{{"PID", "CMD"}, {{"7", "/bin/web"}}};
    DockerResult<ContainerStats> stats = ContainerStats{MemoryUsage{4096, 65'536}, 1.5, {}, 3};
    std::function<void(Milliseconds timeout)> meanwhile = {};  // before each of these answers
  };
  void set_evidence(Evidence evidence);
  // What becomes of commands from now on; nothing is written and 0 is returned unless told.
  void set_exec(DockerResult<CommandResult> result);
  // What images stand for: their name itself, unless told; an empty id is an image that is gone.
  void set_image(const std::string& image, std::string id);
  // There is no network of that name any more; all others there are.
  void lose_network(const std::string& network);
  // As set by set_restart_policy() or create(), or null.
  std::string restart_policy(const std::string& container) const;

  // "restart ID t=10", "kill ID", "start ID", "stop ID t=10", "exec ID: COMMAND", "create NAME",
  // "rename ID NAME", "connect ID NETWORK", "policy ID JSON", "remove ID", "force_update ID 1";
  // inspects are counted only.
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
  DockerResult<Done> stop(const std::string& container, std::chrono::seconds stop_timeout) override;
  DockerResult<CommandResult> exec(const std::string& container,
                                   const std::vector<std::string>& command,
                                   Milliseconds timeout) override;
  // Of what ContainerDetails has: state, image, labels, and the networks' names.
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
  using Change = std::function<void(Containers::iterator)>;
  // Records it and does what the test has scripted for it, else `usually`.
  DockerResult<Done> act(const std::string& container, const std::string& record,
                         const Change& usually);
  void apply(Effect effect, Containers::iterator container, const Change& usually);
  void restarts(Containers::iterator container);
  static void stops(Containers::iterator container);
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
  std::map<std::string, std::string> restart_policies_;  // by id
  std::map<std::string, std::string> images_;
  std::set<std::string> lost_networks_;
  DockerResult<CommandResult> exec_result_ = CommandResult{};
  int created_ = 0;
  std::optional<ActionScript> next_action_;
  std::optional<DockerFailureKind> fail_all_;
  std::optional<DockerFailureKind> fail_list_;
  std::function<bool()> fail_inspect_if_;
  std::vector<std::string> actions_;
  int inspects_ = 0;
  Evidence evidence_;
  std::vector<std::string> looks_;
  std::optional<LogTail> last_log_tail_;
};

}  // namespace selfheal
