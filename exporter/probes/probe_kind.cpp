#include "exporter/probes/probe_kind.h"

#include <array>
#include <utility>

namespace selfheal {
namespace {

constexpr std::array<std::pair<ProbeKind, std::string_view>, 7> kNames{{
    {ProbeKind::http, "http"},
    {ProbeKind::tcp, "tcp"},
    {ProbeKind::grpc, "grpc"},
    {ProbeKind::dns, "dns"},
    {ProbeKind::icmp, "icmp"},
    {ProbeKind::exec, "exec"},
    {ProbeKind::docker, "docker"},
}};

}  // namespace

std::string_view to_string(ProbeKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  return "";
}

std::optional<ProbeKind> probe_kind(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

}  // namespace selfheal
