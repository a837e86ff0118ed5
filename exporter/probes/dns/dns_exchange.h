// One DNS query and its reply, over UDP or over a TCP connection with or without TLS.
//
// Belongs to the loop's thread; destruction ends it. Calls back once, with the reply's bytes or the
// result of a probe that got none, never from within start(); may be destroyed by that. Deadlines
// are the caller's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/base/event_loop.h"
#include "common/base/result.h"
#include "exporter/probes/dns/dns_message.h"
#include "exporter/probes/net/probe_stream.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class DnsExchange {
 public:
  using Callback = std::function<void(Result<std::string, ProbeResult>)>;
  virtual ~DnsExchange() = default;
  // The error is the probe's result, and there will be no callback.
  virtual Outcome<ProbeResult> start(const DnsQuery& query) = 0;
  // Null without TLS.
  virtual const TlsChannel* tls() const { return nullptr; }
  // When the query went out; nothing before that.
  std::optional<SteadyTime> asked_at() const { return asked_at_; }

 protected:
  std::optional<SteadyTime> asked_at_;
};

// Datagrams that are no reply to the query, by its id and question, are passed over.
class UdpDnsExchange final : public DnsExchange {
 public:
  UdpDnsExchange(EventLoop& loop, Endpoint server, std::string source, Callback callback)
      : loop_(loop),
        server_(std::move(server)),
        source_(std::move(source)),
        callback_(std::move(callback)) {}
  ~UdpDnsExchange() override;
  Outcome<ProbeResult> start(const DnsQuery& query) override;

 private:
  int open();
  void read();
  ProbeResult failure(int os_error) const;

  EventLoop& loop_;
  const Endpoint server_;
  const std::string source_;
  const Callback callback_;
  UniqueFd socket_;
  DnsQuery query_;
};

// What a connection needs for TLS; without a client it stays plain.
struct DnsOverTls {
  std::shared_ptr<TlsClient> client;
  std::string server_name;
  Tracing tracing = Tracing::off;
};

class TcpDnsExchange final : public DnsExchange {
 public:
  TcpDnsExchange(EventLoop& loop, UniqueFd connected, DnsOverTls over_tls, Callback callback);
  Outcome<ProbeResult> start(const DnsQuery& query) override;
  const TlsChannel* tls() const override { return stream_.tls(); }

 private:
  void on_news(const StreamNews& news);
  Outcome<ProbeResult> ask();
  void settle(Result<std::string, ProbeResult> outcome);

  EventLoop& loop_;
  DnsOverTls over_tls_;
  const Callback callback_;
  DnsQuery query_;
  std::string buffer_;
  ProbeStream stream_;
};

}  // namespace selfheal
