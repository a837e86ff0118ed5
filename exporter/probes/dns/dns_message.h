// DNS messages: the query that a dns module describes, and replies taken apart. [pure]
//
// Records become text as in a zone file, the way blackbox_exporter's users match them:
//
//   example.org.\t300\tIN\tMX\t10 mail.example.org.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "exporter/modules/module.h"

namespace selfheal {

struct DnsQuery {
  std::string bytes;
  std::string type;  // "SOA"
};
// The error names the field of the module that can't be asked for.
Result<DnsQuery> make_dns_query(const DnsModule& module, uint16_t id);

// Whether `message` is a reply to the query, by its id and question. An error's reply may leave the
// question out.
bool answers_query(const DnsQuery& query, std::string_view message);

struct DnsReply {
  int rcode = 0;
  bool truncated = false;
  std::vector<std::string> answer, authority, additional;
  std::optional<uint32_t> serial;  // of the last SOA record in the answer
};
// As lenient as blackbox_exporter: a message that ends between two records, as truncated ones do,
// is read as far as it goes.
Result<DnsReply> decode_dns_reply(std::string_view message);

}  // namespace selfheal
