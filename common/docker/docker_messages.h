// Docker's JSON as values, and Docker's host names as addresses. [pure]
//
// Lenient in what is absent (engines differ), strict in what is there: a field of the wrong type is
// a malformed answer, never an exception.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/docker/docker_api.h"
#include "common/http/http_tls.h"

namespace selfheal {

// Where an engine listens.
struct DockerAddress {
  std::string base_url;     // "http://localhost" or "http://host:port", without a slash at the end
  std::string unix_socket;  // empty for TCP
  std::optional<HttpTls> tls = std::nullopt;
};

// Whether tcp:// means TLS.
enum class DockerSecurity { as_said, tls };

// "unix:///var/run/docker.sock", "tcp://host:2375", "http://host:2375", "https://host:2376"; the
// port may be left out, as with docker's own clients.
Result<DockerAddress> parse_docker_host(std::string_view text,
                                        DockerSecurity security = DockerSecurity::as_said);

Result<EngineInfo> parse_info(std::string_view json);
Result<std::vector<ContainerSummary>> parse_container_list(std::string_view json);
Result<ContainerDetails> parse_container_details(std::string_view json);
Result<DockerEvent> parse_event(std::string_view json);
// Asks for a command's output, without a terminal or an input.
std::string exec_request(const std::vector<std::string>& command);
// The "Id" of what was asked for, or made; `what` names it in errors.
Result<std::string> parse_id(std::string_view json, const char* what);
Result<std::string> parse_exec_id(std::string_view json);
// `endpoint_settings` is JSON.
std::string connect_request(const std::string& container, const std::string& endpoint_settings);
Result<ExecState> parse_exec_state(std::string_view json);
// The "message" of an error answer, or the answer itself, shortened.
std::string parse_error_message(std::string_view body);

// "1.41" against "1.44": the older of two API versions.
std::string older_api_version(const std::string& a, const std::string& b);

// For a path or a query: everything but letters, digits and -_.~ as %XX.
std::string url_encode(std::string_view text);

}  // namespace selfheal
