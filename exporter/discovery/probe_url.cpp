#include "exporter/discovery/probe_url.h"

#include <charconv>
#include <optional>
#include <string>

namespace selfheal {
namespace {

constexpr std::string_view kExpected =
    "expected http://:PORT/PATH, https://:PORT/PATH, tcp://:PORT, docker: or none";

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, port);
  if (fault != std::errc{} || stop != end || port < 1 || port > 65535) return std::nullopt;
  return port;
}

bool has_blank_or_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return true;
  }
  return false;
}

// ":8080" or nothing. A host is refused: the probe goes to the container itself, whose address
// changes with every start.
Result<int> parse_authority(std::string_view authority, int default_port) {
  if (authority.empty()) {
    if (default_port != 0) return default_port;
    return Error{"the port is missing; expected tcp://:PORT"};
  }
  if (authority.front() != ':') {
    return Error{"the host must be left out, the container's own address is used; " +
                 std::string(kExpected)};
  }
  const auto port = parse_port(authority.substr(1));
  if (!port) return Error{"the port is not a number from 1 to 65535"};
  return *port;
}

Result<ProbeUrl> parse_http(std::string scheme, std::string_view rest) {
  const size_t slash = rest.find_first_of("/?");
  const auto port = parse_authority(rest.substr(0, slash), scheme == "https" ? 443 : 80);
  if (!port) return port.error();
  ProbeUrl url{ProbeKind::http, std::move(scheme), "", *port, "/", {}};
  if (slash != std::string_view::npos) url.path = rest.substr(slash);
  if (url.path.front() == '?') url.path.insert(0, "/");
  return url;
}

Result<ProbeUrl> parse_tcp(std::string_view rest) {
  const auto port = parse_authority(rest, 0);
  if (!port) return port.error();
  return ProbeUrl{ProbeKind::tcp, "tcp", "", *port, "", {}};
}

}  // namespace

Result<ProbeUrl> parse_probe_url(std::string_view text) {
  if (text == "docker:" || text == "docker")
    return ProbeUrl{ProbeKind::docker, "docker", "", 0, "", {}};
  if (has_blank_or_control(text)) return Error{"it has a blank in it; " + std::string(kExpected)};
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) return Error{std::string(kExpected)};
  const std::string_view scheme = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 3);
  if (scheme == "http" || scheme == "https") return parse_http(std::string(scheme), rest);
  if (scheme == "tcp") return parse_tcp(rest);
  return Error{"there is no probe for the scheme \"" + std::string(scheme) + "\"; " +
               std::string(kExpected)};
}

}  // namespace selfheal
