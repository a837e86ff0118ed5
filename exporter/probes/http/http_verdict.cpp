#include "exporter/probes/http/http_verdict.h"

#include <algorithm>
#include <functional>

namespace selfheal {
namespace {

// As Go has it in Response.Proto.
std::string version_text(double version) {
  return version >= 2 ? "HTTP/2.0" : version >= 1.1 ? "HTTP/1.1" : "HTTP/1.0";
}

std::string list_text(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers) text += (text.empty() ? "" : " ") + std::to_string(number);
  return "[" + text + "]";
}

bool has_body_regexps(const HttpModule& module) {
  return !module.fail_if_body_matches_regexp.empty() ||
         !module.fail_if_body_not_matches_regexp.empty();
}

bool any_matches(const std::vector<std::string_view>& values, const Regexp& regexp) {
  return std::any_of(values.begin(), values.end(),
                     [&](std::string_view value) { return regexp.matches(value); });
}

}  // namespace

void HttpVerdict::fail(ProbeReason reason, const std::string& detail) {
  if (passing()) result_ = failed(reason, detail);
}

bool HttpVerdict::is_valid(int status) const {
  const auto& valid = module_.valid_status_codes;
  if (valid.empty()) return status >= 200 && status < 300;
  return std::find(valid.begin(), valid.end(), status) != valid.end();
}

void HttpVerdict::judge_head(const ResponseHead& head) {
  const std::string code = std::to_string(head.status);
  if (log_) log_.info("Received HTTP response", {{"status_code", code}});
  if (!is_valid(head.status)) {
    const bool listed = !module_.valid_status_codes.empty();
    if (log_ && listed)
      log_.info(
          "Invalid HTTP response status code",
          {{"status_code", code}, {"valid_status_codes", list_text(module_.valid_status_codes)}});
    if (log_ && !listed)
      log_.info("Invalid HTTP response status code, wanted 2xx", {{"status_code", code}});
    fail(ProbeReason::status, "HTTP status " + code);
    return;
  }
  const auto lengths = head.values("Content-Length");
  if (std::adjacent_find(lengths.begin(), lengths.end(), std::not_equal_to<>()) != lengths.end())
    return fail(ProbeReason::protocol, "the response announces lengths that contradict each other");
  const std::string fault = fault_of_headers(head);
  if (fault.empty()) return;
  failed_due_to_regex_ = true;
  fail(ProbeReason::body, fault);
}

std::string HttpVerdict::fault_of_headers(const ResponseHead& head) const {
  const auto missing = [&](const HeaderMatch& wanted) {
    if (log_) log_.error("Missing required header", {{"header", wanted.header}});
    return "the header " + wanted.header + " is missing";
  };
  const auto fault = [&](const char* message, const HeaderMatch& wanted, size_t values,
                         const char* how) {
    if (log_)
      log_.error(message, {{"header", wanted.header},
                           {"regexp", wanted.regexp.text()},
                           {"value_count", std::to_string(values)}});
    return "the header " + wanted.header + how + wanted.regexp.text();
  };
  for (const HeaderMatch& refused : module_.fail_if_header_matches) {
    const auto values = head.values(refused.header);
    if (values.empty() && !refused.allow_missing) return missing(refused);
    if (any_matches(values, refused.regexp))
      return fault("Header matched regular expression", refused, values.size(), " matches ");
  }
  for (const HeaderMatch& wanted : module_.fail_if_header_not_matches) {
    const auto values = head.values(wanted.header);
    if (values.empty() && wanted.allow_missing) continue;
    if (values.empty()) return missing(wanted);
    if (!any_matches(values, wanted.regexp))
      return fault("Header did not match regular expression", wanted, values.size(),
                   " does not match ");
  }
  return "";
}

bool HttpVerdict::wants_body() const {
  return passing() && has_body_regexps(module_);
}

void HttpVerdict::judge_body(const std::string& text) {
  if (!wants_body()) return;
  const std::string mismatch = fault_of_text(text);
  if (mismatch.empty()) return;
  failed_due_to_regex_ = true;
  fail(ProbeReason::body, mismatch);
}

void HttpVerdict::judge_body_failure(ProbeReason reason, const std::string& fault) {
  if (wants_body()) {
    if (log_) log_.error("Error reading HTTP body", {{"err", fault}});
    failed_due_to_regex_ = true;
  }
  if (log_) log_.info("Failed to read HTTP response body", {{"err", fault}});
  fail(reason, fault);
}

std::string HttpVerdict::fault_of_text(const std::string& text) const {
  for (const Regexp& refused : module_.fail_if_body_matches_regexp) {
    if (!refused.matches(text)) continue;
    if (log_) log_.error("Body matched regular expression", {{"regexp", refused.text()}});
    return "the body matches " + refused.text();
  }
  for (const Regexp& wanted : module_.fail_if_body_not_matches_regexp) {
    if (wanted.matches(text)) continue;
    if (log_) log_.error("Body did not match regular expression", {{"regexp", wanted.text()}});
    return "the body does not match " + wanted.text();
  }
  return "";
}

void HttpVerdict::judge_version(double version) {
  const auto& valid = module_.valid_http_versions;
  if (valid.empty()) return;
  const std::string text = version_text(version);
  if (std::find(valid.begin(), valid.end(), text) != valid.end()) return;
  if (log_) log_.error("Invalid HTTP version number", {{"version", text}});
  fail(ProbeReason::protocol, "the response is " + text);
}

void HttpVerdict::judge_ssl(Ssl ssl) {
  if (ssl == Ssl::yes && module_.fail_if_ssl) {
    if (log_) log_.error("Final request was over SSL");
    fail(ProbeReason::tls, "the final request was over SSL");
  } else if (ssl == Ssl::no && module_.fail_if_not_ssl) {
    if (log_) log_.error("Final request was not over SSL");
    fail(ProbeReason::tls, "the final request was not over SSL");
  }
}

}  // namespace selfheal
