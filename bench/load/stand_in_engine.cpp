#include "bench/load/stand_in_engine.h"

#include <thread>

#include <nlohmann/json.hpp>

#include "bench/load/alert_payload.h"
#include "common/base/time_text.h"
#include "tests/support/stub_server.h"

namespace selfheal::bench {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kContainers = "/containers/";
constexpr std::chrono::hours kAge{1};
// A container's id is its name behind zeros, so that either finds it.
constexpr size_t kIdLength = 64;

std::string id_of(const std::string& name) {
  return std::string(kIdLength - name.size(), '0') + name;
}

std::string name_of(const std::string& name_or_id) {
  return name_or_id.size() == kIdLength ? name_or_id.substr(name_or_id.find_first_not_of('0'))
                                        : name_or_id;
}

// About as long as the real engine's, since the remediator reads all of it.
Json host_config() {
  Json config{{"NetworkMode", "bridge"},
              {"RestartPolicy", {{"Name", "unless-stopped"}, {"MaximumRetryCount", 0}}},
              {"LogConfig", {{"Type", "json-file"}, {"Config", Json::object()}}},
              {"CapAdd", nullptr},
              {"Binds", nullptr},
              {"ShmSize", 67'108'864},
              {"Runtime", "runc"},
              {"MaskedPaths", Json::array()},
              {"Ulimits", nullptr}};
  for (int i = 0; i < 12; ++i)
    config["MaskedPaths"].push_back("/proc/masked/path/" + std::to_string(i));
  for (int i = 0; i < 40; ++i) config["Limit" + std::to_string(i)] = 0;
  return config;
}

Json inspected(const std::string& name, WallTime created, WallTime started) {
  const Json network{{"IPAddress", "172.17.0.2"},
                     {"Gateway", "172.17.0.1"},
                     {"MacAddress", "02:42:ac:11:00:02"},
                     {"NetworkID", id_of("network")}};
  return {{"Id", id_of(name)},
          {"Name", "/" + name},
          {"Created", format_rfc3339(created)},
          {"Path", "/sample-app"},
          {"Args", {"--port", "8080"}},
          {"RestartCount", 0},
          {"State",
           {{"Status", "running"},
            {"Running", true},
            {"Pid", 4242},
            {"ExitCode", 0},
            {"StartedAt", format_rfc3339(started)},
            {"FinishedAt", "0001-01-01T00:00:00Z"}}},
          {"HostConfig", host_config()},
          {"Config",
           {{"Image", "selfheal.invalid/sample-app:dev"},
            {"Labels", {{"selfheal.enable", "true"}, {"selfheal.probe", "http://:8080/health"}}},
            {"Env", {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "MODE=good"}},
            {"ExposedPorts", {{"8080/tcp", Json::object()}}}}},
          {"NetworkSettings", {{"Networks", {{"bridge", network}}}, {"Ports", Json::object()}}}};
}

std::string not_found() {
  return http_response(404, R"({"message":"no such container"})");
}

// Without the version before it and the query behind it.
std::string path_of(const HttpText& request) {
  std::string path = request.target().substr(0, request.target().find('?'));
  if (path.starts_with("/v1.")) path.erase(0, path.find('/', 1));
  return path;
}

}  // namespace

std::string StandInEngine::answer(const HttpText& request) {
  std::this_thread::sleep_for(pace_.answer);
  const std::string path = path_of(request);
  if (path == "/_ping") return http_response(200, "OK", "Api-Version: 1.41\r\n");
  if (path == "/info")
    return http_response(200, Json{{"Name", kHost}, {"ServerVersion", "20.10"}}.dump());
  if (!path.starts_with(kContainers)) return not_found();
  const size_t slash = path.find('/', kContainers.size());
  const std::string name = name_of(path.substr(kContainers.size(), slash - kContainers.size()));
  const std::string_view what = std::string_view(path).substr(std::min(slash, path.size()));
  if (what == "/json") return inspect(name);
  if (what == "/restart") return restart(name);
  return not_found();
}

std::string StandInEngine::inspect(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto again = started_again_.find(name);
  const WallTime created = begun_at_ - kAge;
  const WallTime started = again == started_again_.end() ? created : again->second;
  return http_response(200, inspected(name, created, started).dump());
}

std::string StandInEngine::restart(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    asked_at_.emplace(name, std::chrono::steady_clock::now());
  }
  restarted_.notify_all();
  std::this_thread::sleep_for(pace_.restart);
  const std::lock_guard lock(mutex_);
  started_again_[name] = wall_now();
  return "HTTP/1.1 204 No Content\r\n\r\n";
}

std::optional<SteadyTime> StandInEngine::restart_of(const std::string& name,
                                                    Milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!restarted_.wait_for(lock, patience, [&] { return asked_at_.count(name) > 0; }))
    return std::nullopt;
  return asked_at_.at(name);
}

}  // namespace selfheal::bench
