// A TCP connection to a probe's target: the name looked up, unless the address is given, and
// connected to, within one deadline. What is found out on the way goes into the probe's log.
//
// One to a prober, belongs to the loop's thread. The callback comes exactly once, never from within
// dial(), and not after cancel().
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/event_loop.h"
#include "common/base/result.h"
#include "exporter/modules/module.h"
#include "exporter/probes/net/address_search.h"
#include "exporter/probes/net/tcp_connect.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

struct DialRequest {
  std::string host;
  int port = 0;
  std::optional<Endpoint> address;  // given: nothing is looked up
  IpPreference ip;
  std::string source;  // the address to connect from; empty: the kernel's choice
  SteadyTime deadline{};
  ProbeLog log;
};

struct Connection {
  UniqueFd socket;  // non-blocking, closes with a reset
  Endpoint peer;
  TraceSeconds lookup{0};
};

class Dialer {
 public:
  using Id = uint64_t;
  // The error is the result of a probe that got no further.
  using Callback = std::function<void(Result<Connection, ProbeResult>)>;

  // `resolver` must outlive it.
  Dialer(EventLoop& loop, NameResolver& resolver)
      : loop_(loop), resolver_(resolver), connector_(loop) {}
  ~Dialer();

  Id dial(DialRequest request, Callback callback);
  void cancel(Id id);

 private:
  struct Dial {
    DialRequest request;
    Callback callback;
    Endpoint peer;
    TraceSeconds lookup{0};
    std::optional<NameResolver::Id> lookup_id;
    std::optional<TcpConnector::Id> attempt;
  };
  void connect(Id id, Dial& dial);
  void connected(Id id, int os_error, UniqueFd socket);
  void finish(Id id, Result<Connection, ProbeResult> outcome);

  EventLoop& loop_;
  NameResolver& resolver_;
  TcpConnector connector_;
  std::unordered_map<Id, Dial> dials_;
  Id next_id_ = 1;
};

}  // namespace selfheal
