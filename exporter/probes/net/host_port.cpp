#include "exporter/probes/net/host_port.h"

#include <charconv>

namespace selfheal {
namespace {

constexpr int kLastPort = 65'535;
constexpr auto npos = std::string_view::npos;

Error fault(std::string_view target, const std::string& what) {
  return Error{"the target \"" + std::string(target) + "\" " + what};
}

Result<int> parse_port(std::string_view target, std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 0 || port > kLastPort)
    return fault(target, "has no port from 0 to 65535 behind its last colon");
  return port;
}

// Where the colon before the port is; npos: there is none.
size_t colon_of(std::string_view target) {
  const size_t colon = target.rfind(':');
  if (colon == npos) return npos;
  if (target.front() == '[') return target[colon - 1] == ']' ? colon : npos;
  return target.find(':') == colon ? colon : npos;  // more of them: an IPv6 address
}

std::string without_brackets(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return std::string(host);
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view target) {
  const size_t colon = colon_of(target);
  if (colon == npos) return fault(target, "has no port: expected host:port or [IPv6]:port");
  const auto port = parse_port(target, target.substr(colon + 1));
  if (!port) return port.error();
  return HostPort{without_brackets(target.substr(0, colon)), *port};
}

Result<HostPort> parse_host_port(std::string_view target, int default_port) {
  if (colon_of(target) != npos) return parse_host_port(target);
  return HostPort{without_brackets(target), default_port};
}

}  // namespace selfheal
