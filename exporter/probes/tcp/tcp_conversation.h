// What a tcp probe does with its connection: TLS at once or in the middle, and the dialogue of
// query_response, within one deadline.
//
// Made by TcpProber when it is connected, belongs to the loop's thread. Calls back once; its
// destruction ends it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/event_loop.h"
#include "exporter/probes/net/probe_stream.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"
#include "exporter/probes/tcp/tcp_dialogue.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class TcpConversation {
 public:
  // May destroy it.
  using Callback = std::function<void(ProbeResult)>;
  struct Terms {
    ModulePtr module;
    std::string server_name;  // that the peer's certificate must be for
    SteadyTime deadline{};
    ProbeLog log;
  };

  // `tls` must outlive it. Calls back from start() at the earliest.
  TcpConversation(EventLoop& loop, TlsContexts& tls, Terms terms, UniqueFd socket,
                  Callback callback);
  ~TcpConversation();
  TcpConversation(const TcpConversation&) = delete;
  TcpConversation& operator=(const TcpConversation&) = delete;

  void start();

 private:
  void on_news(const StreamNews& news);
  // As far as it goes without the peer. Nothing: it waits; the result when that is all.
  std::optional<ProbeResult> proceed();
  std::optional<ProbeResult> secure();
  void note_secured() const;
  void settle(std::optional<ProbeResult> result);
  ProbeResult overdue() const;
  void add_findings(ProbeResult& result) const;

  EventLoop& loop_;
  TlsContexts& tls_;
  const Terms terms_;
  const Callback callback_;
  ProbeStream stream_;
  TcpDialogue dialogue_;
  EventLoop::TimerId deadline_;
  bool shaking_hands_ = false;
};

}  // namespace selfheal
