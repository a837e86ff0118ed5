// One gRPC health check from its start to its result. Owned by GrpcProber, belongs to the loop's
// thread.
#pragma once

#include <optional>
#include <string>

#include "exporter/probes/http/http_exchange.h"
#include "exporter/probes/http/http_services.h"
#include "exporter/probes/http/http_url.h"
#include "exporter/probes/net/address_search.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

class GrpcRun final : HttpExchange::Listener {
 public:
  using Callback = Prober::Callback;

  // `callback` comes once, never from within the constructor, and may destroy the run; not after
  // that.
  GrpcRun(const HttpServices& services, ProbeRequest request, Callback callback);
  ~GrpcRun();
  GrpcRun(const GrpcRun&) = delete;
  GrpcRun& operator=(const GrpcRun&) = delete;

 private:
  Outcome<> read_target();
  void locate();
  void located(const Result<ResolvedAddress>& address);
  void send(const std::string& address);

  HttpExchange::Next on_head(const ResponseHead& head) override;
  HttpExchange::Next on_body(std::string_view piece) override;
  void on_end(const std::optional<HttpFailure>& failure) override;
  ProbeResult judge(const std::optional<HttpFailure>& failure);
  ProbeResult judge_response();
  ProbeResult judge_message();

  void fail_soon(ProbeReason reason, const std::string& detail);
  void finish(ProbeResult result);

  const HttpServices services_;
  const ProbeRequest request_;
  const GrpcModule& module_;
  Callback callback_;
  const SteadyTime deadline_;
  const ProbeLog log_;
  AddressSearch search_;
  HttpUrl url_;
  std::string server_name_;
  std::string body_;
  HttpExchange exchange_;
  SteadyTime check_started_{};
  std::optional<EventLoop::TimerId> at_once_;
};

}  // namespace selfheal
