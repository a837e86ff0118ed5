// Judges the response of an HTTP probe by its module, in blackbox_exporter's order and words.
//
// No network, no time. The first fault found is the probe's reason; all of them are logged. Status
// counts as `status`, regular expressions and the body as `body`, the HTTP version as `protocol`,
// fail_if_ssl and fail_if_not_ssl as `tls`.
#pragma once

#include <string>

#include "common/http/http_client.h"
#include "exporter/probes/http/http_exchange.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

class HttpVerdict {
 public:
  HttpVerdict(const HttpModule& module, ProbeLog log) : module_(module), log_(std::move(log)) {}

  void judge_head(const ResponseHead& head);
  // Whether the body's text is still of interest.
  bool wants_body() const;
  void judge_body(const std::string& text);
  // It could not be read whole.
  void judge_body_failure(ProbeReason reason, const std::string& fault);
  void judge_version(double version);
  enum class Ssl { no, yes };
  void judge_ssl(Ssl ssl);

  void fail(ProbeReason reason, const std::string& detail);
  // Nothing can be said about the target; for those who judged nothing yet.
  void withhold(const std::string& detail) { result_ = inconclusive(detail); }
  bool failed_due_to_regex() const { return failed_due_to_regex_; }
  // Without status, trace and the like.
  const ProbeResult& result() const { return result_; }

 private:
  bool is_valid(int status) const;
  // What is wrong with the headers; or empty.
  std::string fault_of_headers(const ResponseHead& head) const;
  std::string fault_of_text(const std::string& text) const;
  bool passing() const { return result_.outcome == ProbeOutcome::passed; }

  const HttpModule& module_;
  const ProbeLog log_;
  ProbeResult result_ = passed();
  bool failed_due_to_regex_ = false;
};

}  // namespace selfheal
