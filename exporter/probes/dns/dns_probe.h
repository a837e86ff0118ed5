// Asks a name server what its module says, and passes when the reply is as wanted. The target is
// the server, "host" or "host:port"; 53 is the default, 853 with DNS over TLS.
//
// As blackbox_exporter: over UDP, TCP or TLS, one query, not repeated; a truncated reply is judged
// as it is. Belongs to the probe loop's thread.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>

#include "exporter/probes/dns/dns_exchange.h"
#include "exporter/probes/net/dialer.h"
#include "exporter/probes/net/host_port.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class DnsProber final : public Prober {
 public:
  // `resolver` and `tls` must outlive it.
  DnsProber(EventLoop& loop, NameResolver& resolver, TlsContexts& tls);
  ~DnsProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override;

 private:
  struct Probe {
    ModulePtr module;
    Callback callback;
    DnsQuery query;
    HostPort server;
    std::string server_name;  // that the peer's certificate must be for
    std::optional<Endpoint> address;
    SteadyTime deadline{};
    ProbeLog log;
    DnsTrace trace;
    // What is under way, one of these.
    std::optional<NameResolver::Id> lookup;
    std::optional<Dialer::Id> dial;
    std::unique_ptr<DnsExchange> exchange;
    std::optional<EventLoop::TimerId> timer;
    SteadyTime dialed_at{};  // without the lookup
  };
  // The error is why nothing can be asked.
  Outcome<> prepare(Probe& probe, const ProbeRequest& request);
  void locate(ProbeId id, Probe& probe);
  void dial(ProbeId id, Probe& probe);
  void connected(ProbeId id, Result<Connection, ProbeResult> outcome);
  void ask(ProbeId id, Probe& probe, std::unique_ptr<DnsExchange> exchange);
  DnsExchange::Callback on_reply(ProbeId id);
  void replied(ProbeId id, const Result<std::string, ProbeResult>& outcome);
  ProbeResult overdue(const Probe& probe) const;
  static ProbeResult judge(Probe& probe, const std::string& message);
  void finish(ProbeId id, ProbeResult result);

  EventLoop& loop_;
  NameResolver& resolver_;
  TlsContexts& tls_;
  Dialer dialer_;
  std::minstd_rand ids_;
  std::unordered_map<ProbeId, Probe> probes_;
  ProbeId next_id_ = 1;
};

}  // namespace selfheal
