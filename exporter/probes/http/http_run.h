// One HTTP probe from its start to its result: a way and an exchange for each hop, the verdict.
//
// Owned by HttpProber, belongs to the loop's thread. Names and redirects mean what they mean to
// blackbox_exporter: at most ten redirects, the eleventh is reported and not followed; the response
// that ends it is judged.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "exporter/probes/http/http_body.h"
#include "exporter/probes/http/http_request.h"
#include "exporter/probes/http/http_route.h"
#include "exporter/probes/http/http_services.h"
#include "exporter/probes/http/http_verdict.h"
#include "exporter/probes/http/quick_exchange.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

class HttpRun final : HttpExchange::Listener {
 public:
  using Callback = Prober::Callback;

  // `callback` comes once, never from within the constructor, and may destroy the run; not after
  // that.
  HttpRun(const HttpServices& services, ProbeRequest request, Callback callback);
  ~HttpRun();
  HttpRun(const HttpRun&) = delete;
  HttpRun& operator=(const HttpRun&) = delete;

 private:
  const HttpCall& call() const { return redirected_ ? *redirected_ : first_; }
  Milliseconds time_left() const;

  void begin();
  void locate();
  void located(const Result<HttpWay, ProbeResult>& way);
  void send(const HttpWay& way);
  Outcome<> add_tls(ExchangeRequest& exchange) const;

  HttpExchange::Next on_head(const ResponseHead& head) override;
  HttpExchange::Next on_redirect(const ResponseHead& head, std::string location);
  HttpExchange::Next on_body(std::string_view piece) override;
  void on_end(const std::optional<HttpFailure>& failure) override;
  void no_response(const HttpFailure& failure);
  void give_up(const HttpFailure& failure);
  bool try_other_address(const HttpFailure& failure);
  void follow();
  void fail_to_follow(const std::string& detail);
  void judge_response(const std::optional<HttpFailure>& failure);

  void note_times();
  void note_response();
  // End the probe from the loop, where it fails before anything was sent; refuse() logs it.
  void refuse(ProbeReason reason, const std::string& detail);
  void fail_soon(ProbeReason reason, const std::string& detail);
  void finish();

  const HttpServices services_;
  const ProbeRequest request_;
  const HttpModule& module_;
  Callback callback_;
  const SteadyTime deadline_;
  const ProbeLog log_;
  HttpVerdict verdict_;
  ResponseBody body_;
  HttpRoute route_;
  HttpCall first_;
  std::optional<HttpCall> redirected_;
  QuickExchange exchange_;
  int redirects_ = 0;
  std::string next_location_;  // of a redirect to be followed
  bool body_skipped_ = false;
  bool connected_ = true;
  std::optional<EventLoop::TimerId> at_once_;
};

}  // namespace selfheal
