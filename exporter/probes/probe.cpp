#include "exporter/probes/probe.h"

#include "common/base/shell_words.h"

namespace selfheal {
namespace {

std::string bracketed(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace

std::string_view to_string(ProbeOutcome outcome) {
  switch (outcome) {
    case ProbeOutcome::passed:
      return "passed";
    case ProbeOutcome::failed:
      return "failed";
    case ProbeOutcome::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::string_view to_string(ProbeReason reason) {
  switch (reason) {
    case ProbeReason::timeout:
      return "timeout";
    case ProbeReason::refused:
      return "refused";
    case ProbeReason::reset:
      return "reset";
    case ProbeReason::dns:
      return "dns";
    case ProbeReason::tls:
      return "tls";
    case ProbeReason::status:
      return "status";
    case ProbeReason::body:
      return "body";
    case ProbeReason::protocol:
      return "protocol";
    case ProbeReason::unreachable:
      return "unreachable";
    case ProbeReason::exec:
      return "exec";
    case ProbeReason::unhealthy:
      return "unhealthy";
  }
  return "";
}

std::string to_string(const Endpoint& endpoint) {
  return bracketed(endpoint.address) + ":" + std::to_string(endpoint.port);
}

std::string to_string(const ProbeUrl& url) {
  switch (url.kind) {
    case ProbeKind::http:
    case ProbeKind::tcp:
    case ProbeKind::grpc:
    case ProbeKind::dns:
      return url.scheme + "://" + to_string(Endpoint{url.host, url.port}) + url.path;
    case ProbeKind::icmp:
      return url.host.empty() ? "icmp:" : "icmp://" + bracketed(url.host);
    case ProbeKind::exec:
      return "exec:" + format_command(url.command);
    case ProbeKind::docker:
      return "docker:";
  }
  return "";
}

bool ProbeSpec::operator==(const ProbeSpec& other) const {
  return name == other.name && url == other.url && settings == other.settings &&
         container_id == other.container_id && endpoints == other.endpoints &&
         (module == other.module || *module == *other.module);
}

}  // namespace selfheal
