// The kinds of probes. Names are those of a module's `prober:`.
#pragma once

#include <optional>
#include <string_view>

namespace selfheal {

enum class ProbeKind { http, tcp, grpc, dns, icmp, exec, docker };

std::string_view to_string(ProbeKind kind);
std::optional<ProbeKind> probe_kind(std::string_view name);

}  // namespace selfheal
