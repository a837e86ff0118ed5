#include "exporter/probes/probe.h"

namespace selfheal {

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
  const bool ipv6 = endpoint.address.find(':') != std::string::npos;
  return (ipv6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
         std::to_string(endpoint.port);
}

std::string to_string(const ProbeUrl& url) {
  switch (url.kind) {
    case ProbeKind::http:
      return url.scheme + "://" + url.host + ":" + std::to_string(url.port) + url.path;
    case ProbeKind::tcp:
    case ProbeKind::grpc:
    case ProbeKind::dns:
      return url.scheme + "://" + url.host + ":" + std::to_string(url.port);
    case ProbeKind::icmp:
      return url.host.empty() ? "icmp:" : "icmp://" + url.host;
    case ProbeKind::exec: {
      std::string text = "exec:";
      for (const std::string& word : url.command) text += (text.back() == ':' ? "" : " ") + word;
      return text;
    }
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
