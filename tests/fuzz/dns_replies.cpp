#include <algorithm>

#include "common/base/utf8.h"
#include "exporter/modules/dns_names.h"
#include "exporter/probes/dns/dns_message.h"
#include "exporter/probes/dns/dns_verdict.h"
#include "exporter/probes/icmp/icmp_message.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

DnsModule strict_module() {
  DnsModule module;
  module.query_name = "example.org";
  module.query_type = "MX";
  module.validate_answer_rrs.fail_if_not_matches_regexp = {*Regexp::compile("MX\t10 .*")};
  module.validate_additional_rrs.fail_if_all_match_regexp = {*Regexp::compile("(a|b)*c")};
  return module;
}

void dns(std::string_view message) {
  static const DnsModule module = strict_module();
  static const DnsQuery query = *make_dns_query(module, 0x1234);
  answers_query(query, message);
  const auto reply = decode_dns_reply(message);
  if (!reply) return demand(!reply.error().message.empty(), "a fault says what it is");
  demand(!rcode_name(reply->rcode).empty(), "every rcode has a name");
  judge_dns_reply(module, *reply, ProbeLog());
}

void icmp(std::string_view message) {
  for (const IpProtocol ip : {IpProtocol::ip4, IpProtocol::ip6}) {
    if (const auto reply = parse_echo_reply(ip, message))
      demand(reply->payload.size() <= message.size(), "a payload is part of its message");
    parse_quoted_request(ip, message);
  }
  parse_echo_reply(IpProtocol::ip4, without_ipv4_header(message));
}

}  // namespace

void dns_replies(std::string_view input) {
  dns(input);
  icmp(input);
}

}  // namespace selfheal::fuzz
