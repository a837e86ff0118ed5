#include "common/docker/docker_client.h"

#include <utility>

#include "common/docker/docker_call.h"
#include "common/docker/docker_evidence_messages.h"
#include "common/docker/stream_demultiplexer.h"

namespace selfheal {
namespace {

using docker_call::container_path;
using docker_call::failure_of_status;
using docker_call::kActionMargin;
using docker_call::kLongestAnswer;
using docker_call::kLongestErrorAnswer;
using docker_call::kQuickTimeout;
using docker_call::kStatsQuery;
using docker_call::parsed;
using docker_call::post_of;

// The newest API this client was written against; engines answer with what they have.
constexpr const char* kNewestVersion = "1.44";

bool speaks_of_version(const HttpResponse& response) {
  return response.status == 400 && response.body.find("client version") != std::string::npos;
}

}  // namespace

DockerClient::DockerClient(DockerAddress address, const Clock& clock, CallObserver observer)
    : address_(std::move(address)),
      clock_(clock),
      observer_(std::move(observer)),
      http_(clock, "docker") {}

HttpRequest DockerClient::request(std::string method, const std::string& path,
                                  Milliseconds timeout) const {
  HttpRequest made;
  made.method = std::move(method);
  made.url = address_.base_url + path;
  made.unix_socket = address_.unix_socket;
  made.tls = address_.tls;
  made.timeout = timeout;
  made.max_body_bytes = kLongestAnswer;
  return made;
}

DockerFailure DockerClient::failure_of(std::string_view call, const HttpFailure& failure) const {
  DockerFailureKind kind = DockerFailureKind::closed;
  switch (failure.kind) {
    case HttpFailureKind::unreachable:
    case HttpFailureKind::refused:
    case HttpFailureKind::dns:
    case HttpFailureKind::tls:
      kind = DockerFailureKind::unreachable;
      break;
    case HttpFailureKind::timeout:
      kind = DockerFailureKind::timeout;
      break;
    case HttpFailureKind::aborted:
      kind = DockerFailureKind::aborted;
      break;
    case HttpFailureKind::too_large:
      kind = DockerFailureKind::malformed;
      break;
    case HttpFailureKind::reset:
    case HttpFailureKind::protocol:
      break;
  }
  std::string message = "Docker's " + std::string(call) + ": " + failure.message;
  if (failure.os_error == EACCES)
    message += " (is this user in the group that owns the socket, usually docker?)";
  else if (failure.os_error == ENOENT || failure.os_error == ECONNREFUSED)
    message += " (is the Docker daemon running, and " + address_.said_by.address + " right?)";
  else if (failure.kind == HttpFailureKind::tls)
    message += " (are " + address_.said_by.certificates + " right?)";
  return {kind, message};
}

DockerResult<std::string> DockerClient::version_prefix() {
  {
    const std::lock_guard lock(mutex_);
    if (!version_prefix_.empty()) return version_prefix_;
  }
  const HttpResult pong = http_.fetch(request("GET", "/_ping", kQuickTimeout));
  if (!pong) return failure_of("ping", pong.error());
  if (pong->status != 200) return failure_of_status("ping", *pong);
  const std::string offered = pong->header("Api-Version");
  const std::string version =
      offered.empty() ? kNewestVersion : older_api_version(offered, kNewestVersion);
  const std::lock_guard lock(mutex_);
  version_prefix_ = "/v" + version;
  return version_prefix_;
}

void DockerClient::forget_version() {
  const std::lock_guard lock(mutex_);
  version_prefix_.clear();
}

DockerResult<HttpResponse> DockerClient::perform(std::string_view call, const std::string& method,
                                                 const std::string& path, Milliseconds timeout,
                                                 const std::string& json) {
  // libcurl sends again by itself when a connection it reused turns out to be dead: fine for a
  // read, a second restart for an action.
  const HttpConnection connection = method == "GET" ? HttpConnection::reuse : HttpConnection::fresh;
  for (int round = 0;; ++round) {
    const DockerResult<std::string> prefix = version_prefix();
    if (!prefix) return prefix.error();
    const SteadyTime begun = clock_.steady_now();
    HttpRequest asked = request(method, *prefix + path, timeout);
    if (!json.empty()) asked = post_of(std::move(asked), json);
    asked.connection = connection;
    HttpResult answer = http_.fetch(std::move(asked));
    if (observer_) observer_(call, clock_.steady_now() - begun);
    if (!answer) {
      // The daemon may come back as another version.
      if (answer.error().kind != HttpFailureKind::timeout) forget_version();
      return failure_of(call, answer.error());
    }
    if (speaks_of_version(*answer) && round == 0) {
      forget_version();
      continue;
    }
    if (answer->status >= 200 && answer->status < 400) return std::move(*answer);
    return failure_of_status(call, *answer);
  }
}

DockerResult<EngineInfo> DockerClient::info() {
  const auto answer = perform("info", "GET", "/info", kQuickTimeout);
  if (!answer) return answer.error();
  DockerResult<EngineInfo> info = parsed(parse_info(answer->body));
  if (info) info->address = answer->peer;
  return info;
}

DockerResult<std::vector<ContainerSummary>> DockerClient::list() {
  const auto answer = perform("list", "GET", "/containers/json?all=1", kQuickTimeout);
  if (!answer) return answer.error();
  return parsed(parse_container_list(answer->body));
}

DockerResult<ContainerDetails> DockerClient::inspect(const std::string& container) {
  const auto answer = perform("inspect", "GET", container_path(container, "/json"), kQuickTimeout);
  if (!answer) return answer.error();
  return parsed(parse_container_details(answer->body));
}

std::string DockerClient::known_prefix() {
  const std::lock_guard lock(mutex_);
  return version_prefix_;
}

template <class T>
void DockerClient::ask_async(std::string_view call, HttpRequest asked,
                             Result<T> (*parse)(std::string_view), Callback<T> callback) {
  http_.fetch_async(std::move(asked),
                    [this, call, parse, callback = std::move(callback)](HttpResult answer) {
                      if (!answer)
                        callback(failure_of(call, answer.error()));
                      else if (answer->status < 200 || answer->status >= 300)
                        callback(failure_of_status(call, *answer));
                      else
                        callback(parsed(parse(answer->body)));
                    });
}

void DockerClient::inspect_async(const std::string& container, Milliseconds timeout,
                                 Callback<ContainerDetails> callback) {
  ask_async("inspect", request("GET", known_prefix() + container_path(container, "/json"), timeout),
            &parse_container_details, std::move(callback));
}

void DockerClient::memory_async(const std::string& container, Milliseconds timeout,
                                Callback<MemoryUsage> callback) {
  ask_async("stats",
            request("GET", known_prefix() + container_path(container, kStatsQuery), timeout),
            &parse_memory_usage, std::move(callback));
}

void DockerClient::create_exec_async(const std::string& container,
                                     const std::vector<std::string>& command, Milliseconds timeout,
                                     Callback<std::string> callback) {
  ask_async("exec",
            post_of(request("POST", known_prefix() + container_path(container, "/exec"), timeout),
                    exec_request(command)),
            &parse_exec_id, std::move(callback));
}

void DockerClient::run_exec_async(const std::string& exec, Milliseconds timeout, OnOutput on_output,
                                  Callback<Done> callback) {
  HttpRequest asked =
      post_of(request("POST", known_prefix() + "/exec/" + url_encode(exec) + "/start", timeout),
              R"({"Detach":false,"Tty":false})");
  // An error answer comes through on_data too; it is short.
  const auto beginning = std::make_shared<std::string>();
  asked.on_data = [beginning, demultiplexer = StreamDemultiplexer(),
                   on_output = std::move(on_output)](std::string_view piece) mutable {
    if (beginning->size() < kLongestErrorAnswer) *beginning += piece.substr(0, kLongestErrorAnswer);
    demultiplexer.feed(piece, on_output);
    return true;
  };
  http_.fetch_async(std::move(asked),
                    [this, beginning, callback = std::move(callback)](HttpResult answer) {
                      if (!answer) return callback(failure_of("exec start", answer.error()));
                      if (answer->status < 300) return callback(Done{});
                      answer->body = *beginning;
                      callback(failure_of_status("exec start", *answer));
                    });
}

void DockerClient::inspect_exec_async(const std::string& exec, Milliseconds timeout,
                                      Callback<ExecState> callback) {
  ask_async("exec inspect",
            request("GET", known_prefix() + "/exec/" + url_encode(exec) + "/json", timeout),
            &parse_exec_state, std::move(callback));
}

DockerResult<Done> DockerClient::act(std::string_view call, const std::string& path,
                                     Milliseconds timeout, const std::string& json) {
  const auto answer = perform(call, "POST", path, timeout, json);
  if (!answer) return answer.error();
  return Done{};  // 304, "already so", included
}

DockerResult<Done> DockerClient::restart(const std::string& container,
                                         std::chrono::seconds stop_timeout) {
  // Podman kills at once without t, and the engine's default is not the container's wish.
  const std::string query = "/restart?t=" + std::to_string(stop_timeout.count());
  return act("restart", container_path(container, query), stop_timeout + kActionMargin);
}

DockerResult<Done> DockerClient::stop(const std::string& container,
                                      std::chrono::seconds stop_timeout) {
  const std::string query = "/stop?t=" + std::to_string(stop_timeout.count());
  return act("stop", container_path(container, query), stop_timeout + kActionMargin);
}

DockerResult<Done> DockerClient::kill(const std::string& container) {
  return act("kill", container_path(container, "/kill?signal=SIGKILL"), kActionMargin);
}

DockerResult<Done> DockerClient::start(const std::string& container) {
  return act("start", container_path(container, "/start"), kActionMargin);
}

void DockerClient::shut_down() {
  http_.shut_down();
}

}  // namespace selfheal
