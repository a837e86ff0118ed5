// Passes when a TCP connection comes about, and the dialogue and TLS that its module asks for.
//
// Belongs to the probe loop's thread. Connections are fresh, and closed with a reset.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "exporter/probes/net/dialer.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/tcp/tcp_conversation.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class TcpProber final : public Prober {
 public:
  // `resolver` and `tls` must outlive it.
  TcpProber(EventLoop& loop, NameResolver& resolver, TlsContexts& tls)
      : loop_(loop), tls_(tls), dialer_(loop, resolver) {}
  ~TcpProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override;

 private:
  struct Probe {
    TcpConversation::Terms terms;
    Callback callback;
    std::optional<Dialer::Id> dial;
    std::unique_ptr<TcpConversation> conversation;
    std::optional<EventLoop::TimerId> at_once;  // a result that needs no connection
  };
  void connected(ProbeId id, Result<Connection, ProbeResult> outcome);
  void finish(ProbeId id, ProbeResult result);

  EventLoop& loop_;
  TlsContexts& tls_;
  Dialer dialer_;
  std::unordered_map<ProbeId, Probe> probes_;
  ProbeId next_id_ = 1;
};

}  // namespace selfheal
