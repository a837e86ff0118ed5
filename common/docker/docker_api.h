// What the daemons ask of a Docker Engine, as values and an interface.
//
// All calls block and are safe from any thread. A failure is a value; after a failed or timed-out
// action the caller inspects again and never trusts the message (moby wraps the causes away).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/docker/docker_service.h"

namespace selfheal {

enum class ContainerState { created, running, paused, restarting, removing, exited, dead, unknown };
enum class ContainerHealth { none, starting, healthy, unhealthy };
std::string_view to_string(ContainerState state);
std::string_view to_string(ContainerHealth health);
ContainerState parse_container_state(std::string_view text);

struct EngineInfo {
  std::string host_name;  // what the `host` label says
  std::string version;
  std::string address;  // where it answered: an address literal; empty by a unix socket
};

struct ContainerSummary {
  std::string id;
  std::string name;  // without the leading slash
  ContainerState state = ContainerState::unknown;
  Labels labels;
  std::string network_mode = {};  // "bridge", "host", "container:ID", …
};

struct PublishedPort {
  int container_port = 0;
  std::string host_ip;  // "0.0.0.0", "::", "127.0.0.1", …
  int host_port = 0;
};

struct NetworkAddress {
  std::string network;
  std::string ipv4;  // empty when it has none
  std::string ipv6;
};

// The last check that Docker made of a HEALTHCHECK.
struct HealthCheckRun {
  int exit_code = 0;
  std::string output;  // its beginning
  bool cut = false;    // the rest of it is missing
};

// As `docker stats` shows it: without the page cache that can be given back at any time.
struct MemoryUsage {
  uint64_t used_bytes = 0;
  uint64_t limit_bytes = 0;  // the host's memory where the container has no limit; 0: not told
  bool operator==(const MemoryUsage&) const = default;
};

// What a container uses at one moment; an engine does not tell all of it.
struct ContainerStats {
  std::optional<MemoryUsage> memory;
  std::optional<double> cpu_seconds;  // since its start
  std::optional<double> cpu_percent;  // 100 is one processor; only of engines that sample twice
  std::optional<uint64_t> tasks;      // processes and threads
};

// As `ps -ef` on the container's host shows them.
struct ProcessList {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> processes;  // each with a text for each title
};

// Which part of a container's log.
struct LogTail {
  int lines = 100;
  size_t max_bytes = 65'536;   // the last ones of these lines
  bool from_terminal = false;  // ContainerDetails::has_terminal
};

struct LogText {
  std::string text;  // the bytes that the container wrote, each line behind its time
  bool cut = false;  // its beginning is missing, by LogTail::max_bytes
};

// A command that was run in a container.
struct ExecState {
  bool running = false;
  std::optional<int> exit_code;  // nothing: it runs, or never began
};

// What became of a command that was waited for.
struct CommandResult {
  int exit_code = 0;
  std::string output;  // the end of it; which stream a piece came by is not told apart
  bool cut = false;    // its beginning is missing
};

struct ContainerDetails {
  std::string id;
  std::string name;
  std::string image;                     // as the container was created with
  std::vector<std::string> command;      // with its arguments
  std::vector<std::string> environment;  // NAME=value; there are secrets in it
  bool has_terminal = false;             // its output is raw then, and one stream
  Labels labels;
  ContainerState state = ContainerState::unknown;
  ContainerHealth health = ContainerHealth::none;
  bool has_healthcheck = false;
  std::optional<HealthCheckRun> last_check;
  std::optional<WallTime> created_at;
  std::optional<WallTime> started_at;   // of the present or last run
  std::optional<WallTime> finished_at;  // of the last run
  int exit_code = 0;
  bool oom_killed = false;
  int restart_count = 0;     // by Docker's policy; a manual restart sets it to 0
  bool auto_remove = false;  // --rm: Docker removes it once it has ended, but not in a restart
  std::string network_mode;
  std::vector<NetworkAddress> networks;
  std::vector<int> exposed_tcp_ports;  // ascending
  std::vector<PublishedPort> published_tcp_ports;
  std::string stop_signal;                           // "SIGTERM" unless set
  std::optional<std::chrono::seconds> stop_timeout;  // the container's own
  bool running() const { return state == ContainerState::running; }
};

struct DockerEvent {
  std::string type;    // "container", "network", …
  std::string action;  // "start", "die", "health_status: healthy", …
  std::string actor_id;
  Labels attributes;  // name, image, the container's labels, exitCode, signal, …
  int64_t time_ns = 0;
};

enum class DockerFailureKind {
  unreachable,  // no socket, no daemon, no permission: the daemon was not spoken to
  timeout,
  // The connection broke before the answer, or a proxy's did (502, 504): the call may have had its
  // effect.
  closed,
  not_found,
  conflict,
  refused,  // 400, 401, 403: this client, or a proxy in front, will not do it
  // 503, by the engine or what stands before it: not now. What was asked may have been done all the
  // same. Of a Swarm's calls: this engine is no manager, or not yet one again after its restart.
  unavailable,
  failed,  // 500 and what else says no
  malformed,
  aborted,  // this process is stopping
};
std::string_view to_string(DockerFailureKind kind);

struct DockerFailure {
  DockerFailureKind kind;
  std::string message;  // for a person: what was asked, of whom, what came back
};

template <class T>
using DockerResult = Result<T, DockerFailure>;

class DockerApi {
 public:
  template <class T>
  using Callback = std::function<void(DockerResult<T>)>;
  // Which stream a piece of a command's output came by is not told apart.
  using OnOutput = std::function<void(std::string_view)>;

  virtual ~DockerApi() = default;

  virtual DockerResult<EngineInfo> info() = 0;
  // All containers, stopped ones included.
  virtual DockerResult<std::vector<ContainerSummary>> list() = 0;
  // By id or name.
  virtual DockerResult<ContainerDetails> inspect(const std::string& container) = 0;

  // Without waiting: callbacks run on a thread of the client's and must only enqueue.
  virtual void inspect_async(const std::string& container, Milliseconds timeout,
                             Callback<ContainerDetails> callback) = 0;
  virtual void memory_async(const std::string& container, Milliseconds timeout,
                            Callback<MemoryUsage> callback) = 0;

  // A command in a container takes three calls: prepare it (which gives its id), run it, and ask
  // what became of it. Docker can't end a command: one that runs into the timeout of run_exec_async
  // goes on running in the container.
  virtual void create_exec_async(const std::string& container,
                                 const std::vector<std::string>& command, Milliseconds timeout,
                                 Callback<std::string> callback) = 0;
  // Done when the command has ended and all its output was handed to `on_output`.
  virtual void run_exec_async(const std::string& exec, Milliseconds timeout, OnOutput on_output,
                              Callback<Done> callback) = 0;
  virtual void inspect_exec_async(const std::string& exec, Milliseconds timeout,
                                  Callback<ExecState> callback) = 0;

  // What goes on in a container, within `timeout` whatever happens. Both streams of its log.
  virtual DockerResult<LogText> logs(const std::string& container, const LogTail& tail,
                                     Milliseconds timeout) = 0;
  virtual DockerResult<ProcessList> top(const std::string& container, Milliseconds timeout) = 0;
  virtual DockerResult<ContainerStats> stats(const std::string& container,
                                             Milliseconds timeout) = 0;

  // Returns when the container runs again; bounded by `stop_timeout` and 30 s.
  virtual DockerResult<Done> restart(const std::string& container,
                                     std::chrono::seconds stop_timeout) = 0;
  // By SIGKILL; returns when it has been sent. It is not restarted by Docker's policy.
  virtual DockerResult<Done> kill(const std::string& container) = 0;
  // Done as well when it already runs.
  virtual DockerResult<Done> start(const std::string& container) = 0;
  // Done as well when it does not run. Returns when it has ended; bounded as a restart is.
  virtual DockerResult<Done> stop(const std::string& container,
                                  std::chrono::seconds stop_timeout) = 0;
  // A command without a terminal or an input, waited for; what became of it may take another 10 s
  // to be told. A failure is Docker's, or the timeout, after which the command goes on running;
  // that it ends with an error is a result.
  virtual DockerResult<CommandResult> exec(const std::string& container,
                                           const std::vector<std::string>& command,
                                           Milliseconds timeout) = 0;

  // What puts a container in another one's place. JSON is passed as text, in the engine's terms.
  virtual DockerResult<std::string> inspect_raw(const std::string& container) = 0;
  // The id that an image's name, or its id, stands for now; not_found when there is none.
  virtual DockerResult<std::string> image_id(const std::string& image) = 0;
  // The id of the network of that name, or id; not_found when there is none.
  virtual DockerResult<std::string> network_id(const std::string& network) = 0;
  // Returns the id of what was created.
  virtual DockerResult<std::string> create(const std::string& name, const std::string& request) = 0;
  virtual DockerResult<Done> rename(const std::string& container, const std::string& name) = 0;
  virtual DockerResult<Done> connect_network(const std::string& network,
                                             const std::string& container,
                                             const std::string& endpoint_settings) = 0;
  // `policy` as in HostConfig.RestartPolicy.
  virtual DockerResult<Done> set_restart_policy(const std::string& container,
                                                const std::string& policy) = 0;
  // Its volumes stay, also those without a name. One that runs is a conflict.
  virtual DockerResult<Done> remove(const std::string& container) = 0;

  // A Swarm's calls, for which the engine has to be a manager; `unavailable` where it is none,
  // with what to do in the message. The service by id or name.
  virtual DockerResult<ServiceDetails> inspect_service(const std::string& service) = 0;
  // Those that the service wants to run now, at whatever stage they are.
  virtual DockerResult<std::vector<TaskDetails>> tasks(const std::string& service) = 0;
  // Has the service replace all its tasks, one after another as its own update configuration says:
  // its specification goes back as it is, but with that ForceUpdate. Returns when the manager has
  // taken it, and is done as well where the service has that number, or a higher one, already.
  // `conflict` where somebody else changes the service meanwhile.
  virtual DockerResult<Done> force_update(const std::string& service, uint64_t force_update) = 0;

  // The events of containers and networks since `since_ns` (0: from now on) up to `until_ns` (0: no
  // end), each handed to `on_event` on a thread of the client's, which must only enqueue. Returns
  // when the stream ends, with the failure that ended it, or Done at `until_ns`. A stream without
  // an end is ended as `timeout` after a minute, to be asked for again.
  virtual DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                                    const std::function<void(DockerEvent)>& on_event) = 0;

  // Ends every call under way as aborted, and all later ones.
  virtual void shut_down() = 0;
};

}  // namespace selfheal
