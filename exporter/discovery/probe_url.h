// Reads what is to be probed, as labels and the configuration file write it:
//
//   http://:8080/health   https://:8443/   tcp://:5432   grpc://:50051/service   grpcs://…
//   dns://:53/NAME?TYPE   icmp:   exec:CMD ARG…   exec:["CMD","ARG"]   docker:
//
// A label leaves the host out, for the container's own address is used; a target of the
// configuration file has one (`http://example:8080/`, `icmp://example`, IPv6 in brackets) and can't
// be exec: or docker:.
//
// [pure] The error says what was expected.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "exporter/probes/probe.h"

namespace selfheal {

// Of a container's label.
Result<ProbeUrl> parse_probe_url(std::string_view text);
// Of a target in the configuration file.
Result<ProbeUrl> parse_target_url(std::string_view text);

// What a grpc URL's path says; empty: nothing.
std::string grpc_service_of(const ProbeUrl& url);

// What a dns URL's path says, each possibly empty.
struct DnsQuestion {
  std::string name;
  std::string type;
};
DnsQuestion dns_question_of(const ProbeUrl& url);

}  // namespace selfheal
