// Pings a host, and passes when it replies. The target is a host name or an address literal.
//
// All pings of a family and a source address go through one socket, and are told apart by their
// sequence number and the host that answers. As blackbox_exporter, but an ICMP error ends the probe
// at once and says why. Belongs to the probe loop's thread; not to be destroyed by a callback.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "exporter/probes/icmp/icmp_socket.h"
#include "exporter/probes/net/address_search.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class IcmpProber final : public Prober {
 public:
  // `resolver` must outlive it.
  IcmpProber(EventLoop& loop, NameResolver& resolver) : loop_(loop), resolver_(resolver) {}
  ~IcmpProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override;

 private:
  // A socket and who waits for an answer on it, by sequence number.
  struct Lane {
    IcmpSocket socket;
    std::unordered_map<uint16_t, ProbeId> waiting;
    uint16_t next_sequence = 0;
    int sent_since_read = 0;
  };
  struct Probe {
    ModulePtr module;
    Callback callback;
    SteadyTime deadline{};
    ProbeLog log;
    IcmpTrace trace;
    EchoRequest request;
    Lane* lane = nullptr;  // that it waits on
    SteadyTime sent_at{};
    // What is under way, one of these.
    std::optional<NameResolver::Id> lookup;
    std::optional<EventLoop::TimerId> timer;
  };

  void located(ProbeId id, const Result<ResolvedAddress, ProbeResult>& answer);
  Result<Lane*, ProbeResult> lane_for(IpProtocol ip, const std::string& source);
  Outcome<ProbeResult> ping(ProbeId id, Probe& probe, const ResolvedAddress& host);
  void read(Lane& lane);
  void answered(ProbeId id, const EchoAnswer& answer);
  void finish(ProbeId id, ProbeResult result);
  // Frees what `probe` holds on to.
  void let_go(Probe& probe);

  EventLoop& loop_;
  NameResolver& resolver_;
  std::map<std::pair<IpProtocol, std::string>, Lane> lanes_;  // by the source address
  std::unordered_map<ProbeId, Probe> probes_;
  ProbeId next_id_ = 1;
  std::set<std::string> logged_;  // why sockets could not be opened
};

}  // namespace selfheal
