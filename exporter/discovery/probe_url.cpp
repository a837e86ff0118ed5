#include "exporter/discovery/probe_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "common/base/shell_words.h"
#include "exporter/modules/dns_names.h"

namespace selfheal {
namespace {

enum class Host { left_out, needed };

constexpr std::string_view kExpectedOfLabel =
    "expected http://:PORT/PATH, https://:PORT/PATH, tcp://:PORT, grpc://:PORT/SERVICE, "
    "dns://:PORT/NAME?TYPE, icmp:, exec:COMMAND, docker: or none";
constexpr std::string_view kExpectedOfTarget =
    "expected http://HOST:PORT/PATH, https://HOST:PORT/PATH, tcp://HOST:PORT, "
    "grpc://HOST:PORT/SERVICE, dns://HOST:PORT/NAME?TYPE or icmp://HOST";

struct Scheme {
  std::string_view name;
  ProbeKind kind;
  int default_port;  // 0: it must be given
};
constexpr std::array<Scheme, 7> kSchemes{{{"http", ProbeKind::http, 80},
                                          {"https", ProbeKind::http, 443},
                                          {"tcp", ProbeKind::tcp, 0},
                                          {"grpc", ProbeKind::grpc, 0},
                                          {"grpcs", ProbeKind::grpc, 0},
                                          {"dns", ProbeKind::dns, 53},
                                          {"icmp", ProbeKind::icmp, 0}}};

std::string expected(Host host) {
  return std::string(host == Host::left_out ? kExpectedOfLabel : kExpectedOfTarget);
}

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, port);
  if (fault != std::errc{} || stop != end || port < 1 || port > 65535) return std::nullopt;
  return port;
}

bool has_blank_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_ipv6(std::string_view text) {
  return text.find(':') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') ||
                  c == ':' || c == '.';
         });
}

struct Authority {
  std::string host;
  std::string_view port;  // with its colon; or empty
};

Result<Authority> split_authority(std::string_view text) {
  // A password must not come to stand in labels and pages; the text is not quoted either.
  if (text.find('@') != std::string_view::npos)
    return Error{"it has a user or password in it; give them to a module as basic_auth"};
  if (!text.starts_with('[')) {
    const size_t colon = text.find(':');
    const std::string_view host = text.substr(0, colon);
    if (!host.empty() && !is_host(host)) return Error{"the host is neither a name nor an address"};
    return Authority{std::string(host), colon == std::string_view::npos ? "" : text.substr(colon)};
  }
  const size_t end = text.find(']');
  if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1)))
    return Error{"between [ and ] an IPv6 address was expected"};
  return Authority{std::string(text.substr(1, end - 1)), text.substr(end + 1)};
}

// ":8080" or nothing in labels: a host is refused, because the probe goes to the container itself,
// whose address changes with every start.
Outcome<> read_authority(std::string_view text, const Scheme& scheme, Host host, ProbeUrl& url) {
  auto authority = split_authority(text);
  if (!authority) return authority.error();
  if (host == Host::left_out && !authority->host.empty())
    return Error{"the host must be left out, the container's own address is used; " +
                 expected(host)};
  if (host == Host::needed && authority->host.empty())
    return Error{"the host is missing; " + expected(host)};
  url.host = std::move(authority->host);
  if (scheme.kind == ProbeKind::icmp) {
    if (authority->port.empty()) return Done{};
    return Error{"icmp has no ports"};
  }
  url.port = scheme.default_port;
  if (authority->port.empty()) {
    if (url.port != 0) return Done{};
    return Error{"the port is missing; " + expected(host)};
  }
  const auto port =
      authority->port.starts_with(':') ? parse_port(authority->port.substr(1)) : std::nullopt;
  if (!port) return Error{"the port is not a number from 1 to 65535"};
  url.port = *port;
  return Done{};
}

Outcome<> read_path(std::string_view path, ProbeUrl& url) {
  const bool empty = path.empty() || path == "/";
  switch (url.kind) {
    case ProbeKind::http:
      url.path = path.starts_with('/') ? "" : "/";
      url.path += path;
      return Done{};
    case ProbeKind::grpc:
      url.path = empty ? "" : path;
      return Done{};
    case ProbeKind::dns: {
      url.path = empty ? "" : path;
      const std::string type = dns_question_of(url).type;
      if (type.empty() || dns_type_of(type)) return Done{};
      return Error{"\"" + type + "\" is no type of DNS records"};
    }
    default:
      url.path.clear();
      if (empty) return Done{};
      return Error{"a path was not expected"};
  }
}

Result<ProbeUrl> parse_network_url(std::string_view text, Host host) {
  if (has_blank_or_control(text)) return Error{"it has a blank in it; " + expected(host)};
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) return Error{expected(host)};
  const std::string_view name = text.substr(0, colon);
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                   [&](const Scheme& known) { return known.name == name; });
  if (scheme == kSchemes.end())
    return Error{"there is no probe for the scheme \"" + std::string(name) + "\"; " +
                 expected(host)};
  const std::string_view rest = text.substr(colon + 3);
  const size_t slash = rest.find_first_of("/?");
  ProbeUrl url{scheme->kind, std::string(name), "", 0, "", {}};
  if (const auto done = read_authority(rest.substr(0, slash), *scheme, host, url); !done)
    return done.error();
  const std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  if (const auto done = read_path(path, url); !done) return done.error();
  return url;
}

Result<ProbeUrl> parse_exec(std::string_view command) {
  auto words = parse_command(command);
  if (!words) return words.error();
  return ProbeUrl{ProbeKind::exec, "exec", "", 0, "", *std::move(words)};
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

}  // namespace

Result<ProbeUrl> parse_probe_url(std::string_view text) {
  if (text == "docker:" || text == "docker")
    return ProbeUrl{ProbeKind::docker, "docker", "", 0, "", {}};
  if (text == "icmp:" || text == "icmp") return ProbeUrl{ProbeKind::icmp, "icmp", "", 0, "", {}};
  if (text.starts_with("exec:")) return parse_exec(text.substr(5));
  return parse_network_url(text, Host::left_out);
}

Result<ProbeUrl> parse_target_url(std::string_view text) {
  return parse_network_url(text, Host::needed);
}

std::string grpc_service_of(const ProbeUrl& url) {
  return url.path.empty() ? "" : url.path.substr(1);
}

DnsQuestion dns_question_of(const ProbeUrl& url) {
  const std::string_view path = url.path;
  const size_t mark = std::min(path.find('?'), path.size());
  const std::string_view name = path.substr(0, mark);
  return {std::string(name.substr(name.starts_with('/') ? 1 : 0)),
          upper(path.substr(std::min(mark + 1, path.size())))};
}

}  // namespace selfheal
