#include "tests/remediator/faulty_engine.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr std::string_view kIdPrefix = "id-of-";

// Longer than a client waits for an inspect; for an action it would wait for half a minute.
void wait_for_the_client(StubConnection& connection) {
  constexpr int kPatienceMs = 11'000;
  pollfd gone{connection.fd().get(), POLLIN, 0};
  poll(&gone, 1, kPatienceMs);
}

std::optional<FaultyEngine::Call> call_of(const std::string& method, const std::string& what) {
  if (method == "GET" && what == "json") return FaultyEngine::Call::inspect;
  if (method == "POST" && what == "restart") return FaultyEngine::Call::restart;
  if (method == "POST" && what == "start") return FaultyEngine::Call::start;
  return std::nullopt;
}

}  // namespace

FaultyEngine::FaultyEngine() {
  listen();
}

void FaultyEngine::listen() {
  server_ = std::make_unique<StubServer>([this](StubConnection& c) { serve(c); }, socket_path());
}

void FaultyEngine::go_away() {
  server_.reset();
  unlink(socket_path().c_str());
}

void FaultyEngine::come_back() {
  listen();
}

void FaultyEngine::add(const std::string& name, std::map<std::string, std::string> labels) {
  const std::lock_guard lock(mutex_);
  Container& added = containers_[name];
  added.labels = std::move(labels);
  added.labels["selfheal.enable"] = "true";
  added.started_at = std::chrono::system_clock::now() - std::chrono::hours(1);
}

void FaultyEngine::fault(const std::string& name, Call call, Fault fault) {
  const std::lock_guard lock(mutex_);
  containers_.at(name).faults[call] = fault;
}

void FaultyEngine::fault_after_action(const std::string& name, Call call, Fault fault) {
  const std::lock_guard lock(mutex_);
  containers_.at(name).faults_after_action[call] = fault;
}

void FaultyEngine::mend(const std::string& name) {
  const std::lock_guard lock(mutex_);
  containers_.at(name).faults.clear();
  containers_.at(name).faults_after_action.clear();
}

void FaultyEngine::finish_restart(const std::string& name) {
  const std::lock_guard lock(mutex_);
  bring_about(containers_.at(name), Effect::restarts);
}

void FaultyEngine::leave_stopped(const std::string& name) {
  const std::lock_guard lock(mutex_);
  bring_about(containers_.at(name), Effect::leaves_stopped);
}

int FaultyEngine::asked(const std::string& name, Call call) const {
  const std::lock_guard lock(mutex_);
  const std::map<Call, int>& asked = containers_.at(name).asked;
  const auto count = asked.find(call);
  return count == asked.end() ? 0 : count->second;
}

int FaultyEngine::starts(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return containers_.at(name).starts;
}

int FaultyEngine::busiest_second(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const std::vector<SteadyTime>& times = containers_.at(name).times;
  std::ptrdiff_t most = 0;
  for (auto first = times.begin(); first != times.end(); ++first) {
    const auto end = std::upper_bound(first, times.end(), *first + std::chrono::seconds(1));
    most = std::max(most, end - first);
  }
  return static_cast<int>(most);
}

void FaultyEngine::serve(StubConnection& connection) {
  while (const auto request = connection.read_request())
    if (!send(connection, reply_to(*request))) return;
}

bool FaultyEngine::send(StubConnection& connection, const Reply& reply) {
  if (!reply.faults) return connection.send(reply.bytes);
  switch (reply.how) {
    case How::stall:
      wait_for_the_client(connection);
      return false;
    case How::close:
      return false;
    case How::cut_short:
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{\"Id\":\"id-");
      return false;
    case How::server_error:
      return connection.send(http_response(500, R"({"message":"the engine is out of sorts"})"));
    case How::nonsense:
      return connection.send(http_response(200, "<html>welcome to the proxy</html>"));
  }
  return false;
}

FaultyEngine::Reply FaultyEngine::reply_to(const HttpText& request) {
  std::string path = request.target().substr(0, request.target().find('?'));
  if (path == "/_ping") return {http_response(200, "OK", "Api-Version: 1.41\r\n")};
  path.erase(0, path.find('/', 1));  // the version
  if (path == "/info") return {http_response(200, R"({"Name":"box","ServerVersion":"20.10"})")};
  constexpr std::string_view kContainers = "/containers/";
  const size_t slash = path.find('/', kContainers.size());
  std::string name = path.substr(kContainers.size(), slash - kContainers.size());
  if (name.starts_with(kIdPrefix)) name.erase(0, kIdPrefix.size());
  const std::lock_guard lock(mutex_);
  const auto container = containers_.find(name);
  const auto call = call_of(request.method(), path.substr(slash + 1));
  if (container == containers_.end() || !call)
    return {http_response(404, R"({"message":"no such page"})")};
  return reply_to_call(name, container->second, *call);
}

FaultyEngine::Reply FaultyEngine::reply_to_call(const std::string& name, Container& container,
                                                Call call) {
  ++container.asked[call];
  container.times.push_back(std::chrono::steady_clock::now());
  std::optional<Fault> fault;
  if (const auto set = container.faults.find(call); set != container.faults.end()) {
    fault = set->second;
    if (--set->second.times == 0) container.faults.erase(set);
  }
  if (call != Call::inspect) {
    bring_about(container, fault ? fault->effect : Effect::restarts);
    container.faults.merge(container.faults_after_action);
  }
  if (fault) return {"", fault->how, true};
  if (call == Call::inspect) return {http_response(200, details(name, container))};
  return {http_response(204, "")};
}

void FaultyEngine::bring_about(Container& container, Effect effect) {
  const WallTime now = std::chrono::system_clock::now();
  switch (effect) {
    case Effect::none:
      break;
    case Effect::restarts:
      container.running = true;
      container.started_at = now;
      ++container.starts;
      break;
    case Effect::leaves_stopped:
      container.running = false;
      container.finished_at = now;
      break;
  }
}

std::string FaultyEngine::details(const std::string& name, const Container& container) {
  const nlohmann::json inspected{{"Id", std::string(kIdPrefix) + name},
                                 {"Name", "/" + name},
                                 {"State",
                                  {{"Status", container.running ? "running" : "exited"},
                                   {"StartedAt", format_rfc3339(container.started_at)},
                                   {"FinishedAt", format_rfc3339(container.finished_at)}}},
                                 {"Config", {{"Labels", container.labels}}}};
  return inspected.dump();
}

}  // namespace selfheal
