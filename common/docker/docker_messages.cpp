#include "common/docker/docker_messages.h"

#include <algorithm>
#include <charconv>

#include "common/base/time_text.h"
#include "common/docker/docker_json.h"

namespace selfheal {
namespace {

using docker_json::as_object;
using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;
using docker_json::parse;

std::string without_slash(std::string name) {
  if (!name.empty() && name.front() == '/') name.erase(0, 1);
  return name;
}

// "8080/tcp" to 8080; 0 for other protocols.
int tcp_port(const std::string& key) {
  int port = 0;
  const auto [end, fault] = std::from_chars(key.data(), key.data() + key.size(), port);
  const std::string_view protocol(end, static_cast<size_t>(key.data() + key.size() - end));
  return fault == std::errc{} && (protocol.empty() || protocol == "/tcp") ? port : 0;
}

ContainerHealth parse_health(const std::string& text) {
  if (text == "healthy") return ContainerHealth::healthy;
  if (text == "unhealthy") return ContainerHealth::unhealthy;
  if (text == "starting") return ContainerHealth::starting;
  return ContainerHealth::none;
}

// As it was started: the entrypoint with what was given to it.
std::vector<std::string> command_of(const Json& container) {
  std::vector<std::string> command = get_or<std::vector<std::string>>(container, "Args", {});
  if (const auto path = get_or<std::string>(container, "Path", ""); !path.empty())
    command.insert(command.begin(), path);
  return command;
}

bool has_healthcheck(const Json& config) {
  const auto test = get_or<std::vector<std::string>>(object_at(config, "Healthcheck"), "Test", {});
  return !test.empty() && test.front() != "NONE";
}

std::optional<HealthCheckRun> last_check(const Json& health) {
  constexpr size_t kLongest = 1024;  // kept for every container
  const auto log = health.find("Log");
  if (log == health.end() || !log->is_array() || log->empty()) return std::nullopt;
  const Json& last = as_object(log->back());
  HealthCheckRun run{get_or<int>(last, "ExitCode", 0), get_or<std::string>(last, "Output", "")};
  run.cut = run.output.size() > kLongest;
  run.output.resize(std::min(run.output.size(), kLongest));
  return run;
}

void read_state(const Json& state, ContainerDetails& details) {
  details.state = parse_container_state(get_or<std::string>(state, "Status", ""));
  details.health = parse_health(get_or<std::string>(object_at(state, "Health"), "Status", ""));
  details.last_check = last_check(object_at(state, "Health"));
  details.started_at = parse_rfc3339(get_or<std::string>(state, "StartedAt", ""));
  details.finished_at = parse_rfc3339(get_or<std::string>(state, "FinishedAt", ""));
  details.exit_code = get_or<int>(state, "ExitCode", 0);
  details.oom_killed = get_or<bool>(state, "OOMKilled", false);
}

void read_config(const Json& config, ContainerDetails& details) {
  details.image = get_or<std::string>(config, "Image", "");
  details.labels = get_or<Labels>(config, "Labels", {});
  details.stop_signal = get_or<std::string>(config, "StopSignal", "SIGTERM");
  if (config.contains("StopTimeout") && config["StopTimeout"].is_number())
    details.stop_timeout = std::chrono::seconds(config["StopTimeout"].get<int>());
  details.has_healthcheck = has_healthcheck(config);
  details.has_terminal = get_or<bool>(config, "Tty", false);
  details.environment = get_or<std::vector<std::string>>(config, "Env", {});
  for (const auto& [port, unused] : object_at(config, "ExposedPorts").items())
    if (const int number = tcp_port(port); number > 0) details.exposed_tcp_ports.push_back(number);
  std::sort(details.exposed_tcp_ports.begin(), details.exposed_tcp_ports.end());
}

void read_network(const Json& settings, ContainerDetails& details) {
  for (const auto& [name, network] : object_at(settings, "Networks").items())
    details.networks.push_back({name, get_or<std::string>(as_object(network), "IPAddress", ""),
                                get_or<std::string>(as_object(network), "GlobalIPv6Address", "")});
  for (const auto& [port, bindings] : object_at(settings, "Ports").items()) {
    const int number = tcp_port(port);
    if (number == 0 || !bindings.is_array()) continue;
    for (const Json& binding : bindings) {
      const std::string host_port = get_or<std::string>(binding, "HostPort", "0");
      details.published_tcp_ports.push_back(
          {number, get_or<std::string>(binding, "HostIp", ""), tcp_port(host_port)});
    }
  }
}

// "engine" to "engine:2375"; a path behind it stays.
Result<std::string> with_port(std::string_view rest, const char* port) {
  while (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  if (rest.empty()) return std::string();
  const size_t slash = std::min(rest.find('/'), rest.size());
  std::string authority(rest.substr(0, slash));
  const bool ipv6 = authority.front() == '[';
  if (!ipv6 && std::count(authority.begin(), authority.end(), ':') > 1)
    return Error{"an IPv6 address stands in brackets: tcp://[::1]:2375"};
  const size_t colon =
      authority.find(':', ipv6 ? std::min(authority.find(']'), authority.size()) : 0);
  if (colon == std::string::npos) (authority += ':') += port;
  return authority + std::string(rest.substr(slash));
}

}  // namespace

Result<DockerAddress> parse_docker_host(std::string_view text, DockerSecurity security) {
  constexpr std::string_view kUnix = "unix://";
  if (text.starts_with(kUnix) && text.size() > kUnix.size())
    return DockerAddress{"http://localhost", std::string(text.substr(kUnix.size()))};
  if (text.starts_with("ssh://"))
    return Error{
        "ssh:// would take a program for each connection; forward the engine's socket "
        "instead, for example: ssh -nNT -L /run/engine.sock:/var/run/docker.sock " +
        std::string(text.substr(6)) + ", and unix:///run/engine.sock here"};
  for (const std::string_view scheme : {"tcp://", "http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const bool tls =
        scheme == "https://" || (scheme == "tcp://" && security == DockerSecurity::tls);
    const auto authority = with_port(text.substr(scheme.size()), tls ? "2376" : "2375");
    if (!authority) return authority.error();
    if (authority->empty()) continue;
    DockerAddress address{(tls ? "https://" : "http://") + *authority, ""};
    if (tls) address.tls.emplace();
    return address;
  }
  return Error{"\"" + std::string(text) +
               "\" is not a Docker host; expected unix:///path/to/docker.sock, tcp://host:port or "
               "https://host:port"};
}

Result<EngineInfo> parse_info(std::string_view json) {
  return parse<EngineInfo>(json, "info", [](const Json& info) {
    return EngineInfo{get_or<std::string>(as_object(info), "Name", ""),
                      get_or<std::string>(info, "ServerVersion", ""), ""};
  });
}

Result<std::vector<ContainerSummary>> parse_container_list(std::string_view json) {
  using Summaries = std::vector<ContainerSummary>;
  return parse<Summaries>(json, "the list of containers", [](const Json& list) {
    Summaries all;
    for (const Json& item : list.get_ref<const Json::array_t&>()) {
      // A container has one name per link; its own is the one with a single slash.
      std::string name;
      for (const auto& candidate : get_or<std::vector<std::string>>(item, "Names", {}))
        if (name.empty() || candidate.find('/', 1) == std::string::npos) name = candidate;
      all.push_back({get_or<std::string>(as_object(item), "Id", ""), without_slash(name),
                     parse_container_state(get_or<std::string>(item, "State", "")),
                     get_or<Labels>(item, "Labels", {}),
                     get_or<std::string>(object_at(item, "HostConfig"), "NetworkMode", "")});
    }
    return all;
  });
}

Result<ContainerDetails> parse_container_details(std::string_view json) {
  return parse<ContainerDetails>(json, "a container", [](const Json& container) {
    ContainerDetails details;
    details.id = get_or<std::string>(as_object(container), "Id", "");
    details.name = without_slash(get_or<std::string>(container, "Name", ""));
    details.created_at = parse_rfc3339(get_or<std::string>(container, "Created", ""));
    details.command = command_of(container);
    details.restart_count = get_or<int>(container, "RestartCount", 0);
    const Json& host = object_at(container, "HostConfig");
    details.network_mode = get_or<std::string>(host, "NetworkMode", "");
    details.auto_remove = get_or<bool>(host, "AutoRemove", false);
    read_state(object_at(container, "State"), details);
    read_config(object_at(container, "Config"), details);
    read_network(object_at(container, "NetworkSettings"), details);
    return details;
  });
}

Result<DockerEvent> parse_event(std::string_view json) {
  return parse<DockerEvent>(json, "an event", [](const Json& event) {
    const Json& actor = object_at(as_object(event), "Actor");
    return DockerEvent{
        get_or<std::string>(event, "Type", ""), get_or<std::string>(event, "Action", ""),
        get_or<std::string>(actor, "ID", ""), get_or<Labels>(actor, "Attributes", {}),
        get_or<int64_t>(event, "timeNano", 0)};
  });
}

std::string exec_request(const std::vector<std::string>& command) {
  const Json body{{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", command}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> parse_id(std::string_view json, const char* what) {
  return parse<std::string>(
      json, what, [](const Json& made) { return as_object(made).at("Id").get<std::string>(); });
}

Result<std::string> parse_exec_id(std::string_view json) {
  return parse_id(json, "a command");
}

std::string connect_request(const std::string& container, const std::string& endpoint_settings) {
  return R"({"Container":)" + Json(container).dump(-1, ' ', false, Json::error_handler_t::replace) +
         R"(,"EndpointConfig":)" + endpoint_settings + "}";
}

Result<ExecState> parse_exec_state(std::string_view json) {
  return parse<ExecState>(json, "a command's state", [](const Json& exec) {
    ExecState state{get_or<bool>(as_object(exec), "Running", false), std::nullopt};
    const auto code = exec.find("ExitCode");
    if (!state.running && code != exec.end() && code->is_number())
      state.exit_code = code->get<int>();
    return state;
  });
}

std::string parse_error_message(std::string_view body) {
  constexpr size_t kLongest = 300;
  const Json answer = Json::parse(body, nullptr, false);
  if (answer.is_object() && answer.contains("message") && answer["message"].is_string())
    return answer["message"].get<std::string>().substr(0, kLongest);
  return std::string(body.substr(0, kLongest));
}

std::string older_api_version(const std::string& a, const std::string& b) {
  const auto parts = [](const std::string& version) {
    int major = 0, minor = 0;
    const char* end = version.data() + version.size();
    const auto [dot, fault] = std::from_chars(version.data(), end, major);
    if (fault == std::errc{} && dot != end) std::from_chars(dot + 1, end, minor);
    return std::pair(major, minor);
  };
  return parts(a) < parts(b) ? a : b;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-_.~";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos)
      encoded += c;
    else
      ((encoded += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
  return encoded;
}

}  // namespace selfheal
