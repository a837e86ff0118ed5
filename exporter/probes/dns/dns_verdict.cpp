#include "exporter/probes/dns/dns_verdict.h"

#include <algorithm>
#include <utility>

#include "common/base/text_list.h"
#include "exporter/modules/dns_names.h"

namespace selfheal {
namespace {

using Records = std::vector<std::string>;
using Regexps = std::vector<Regexp>;

std::optional<std::string> rcode_fault(const DnsModule& module, int rcode) {
  if (module.valid_rcodes.empty() && rcode == 0) return std::nullopt;
  for (const std::string& name : module.valid_rcodes) {
    const auto valid = rcode_of(name);
    if (!valid) return "valid_rcodes: there is no rcode " + name;
    if (*valid == rcode) return std::nullopt;
  }
  return "the rcode is " + rcode_name(rcode) + ", expected " +
         (module.valid_rcodes.empty() ? "NOERROR" : joined(module.valid_rcodes));
}

bool any_matches(const Regexps& regexps, const std::string& record) {
  return std::any_of(regexps.begin(), regexps.end(),
                     [&](const Regexp& regexp) { return regexp.matches(record); });
}

bool all_match(const Regexps& regexps, const std::string& record) {
  return std::all_of(regexps.begin(), regexps.end(),
                     [&](const Regexp& regexp) { return regexp.matches(record); });
}

std::optional<std::string> record_fault(const DnsRecordsCheck& check, const std::string& record) {
  for (const Regexp& regexp : check.fail_if_matches_regexp) {
    if (regexp.matches(record)) return "\"" + record + "\" matches \"" + regexp.text() + "\"";
  }
  for (const Regexp& regexp : check.fail_if_not_matches_regexp) {
    if (!regexp.matches(record))
      return "\"" + record + "\" does not match \"" + regexp.text() + "\"";
  }
  return std::nullopt;
}

// Where there are no records only those checks fail that want a match. fail_if_all_match_regexp
// fails as in blackbox_exporter, which turns it around: when a record does not match.
std::optional<std::string> records_fault(const DnsRecordsCheck& check, const Records& records) {
  if (records.empty() && !check.fail_if_not_matches_regexp.empty())
    return "there are no records, but fail_if_not_matches_regexp wants some";
  if (records.empty() && !check.fail_if_none_matches_regexp.empty())
    return "there are no records, but fail_if_none_matches_regexp wants some";
  for (const std::string& record : records) {
    if (auto fault = record_fault(check, record)) return fault;
  }
  const auto matches_all = [&](const std::string& record) {
    return all_match(check.fail_if_all_match_regexp, record);
  };
  if (!std::all_of(records.begin(), records.end(), matches_all))
    return "not all records match fail_if_all_match_regexp";
  const auto matches_any = [&](const std::string& record) {
    return any_matches(check.fail_if_none_matches_regexp, record);
  };
  if (!check.fail_if_none_matches_regexp.empty() &&
      std::none_of(records.begin(), records.end(), matches_any))
    return "no record matches fail_if_none_matches_regexp";
  return std::nullopt;
}

}  // namespace

ProbeResult judge_dns_reply(const DnsModule& module, const DnsReply& reply, const ProbeLog& log) {
  if (auto fault = rcode_fault(module, reply.rcode)) {
    if (log) log.error("Rcode is not one of the valid rcodes", {{"err", *fault}});
    return failed(ProbeReason::status, std::move(*fault));
  }
  struct Section {
    const char* name;
    const DnsRecordsCheck& check;
    const Records& records;
  };
  for (const Section& section :
       {Section{"answer", module.validate_answer_rrs, reply.answer},
        {"authority", module.validate_authority_rrs, reply.authority},
        {"additional", module.validate_additional_rrs, reply.additional}}) {
    if (log) log.info("Validating RRs", {{"section", section.name}});
    if (const auto fault = records_fault(section.check, section.records)) {
      if (log) log.error("RRs validation failed", {{"section", section.name}, {"err", *fault}});
      return failed(ProbeReason::body, std::string(section.name) + " records: " + *fault);
    }
  }
  return passed();
}

}  // namespace selfheal
