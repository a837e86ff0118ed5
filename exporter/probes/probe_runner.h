// Runs one probe of a target from its specification: picks the address where the container can be
// reached, hands it to the prober of its kind, and takes the time.
//
// Owned by ProbeLoop, belongs to its thread. One probe per target at most; the callback comes
// exactly once, never from within start(), and not after cancel(). It comes within the probe's
// timeout, and up to a second later where an address has to be picked first (address_picker.h).
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/event_loop.h"
#include "common/base/shared.h"
#include "common/docker/docker_api.h"
#include "exporter/probes/net/address_picker.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/prober_set.h"
#include "exporter/probes/target_id.h"

namespace selfheal {

class ProbeRunner {
 public:
  using Callback = Prober::Callback;

  ProbeRunner(EventLoop& loop, DockerApi& docker);
  ~ProbeRunner();
  ProbeRunner(const ProbeRunner&) = delete;
  ProbeRunner& operator=(const ProbeRunner&) = delete;

  void start(TargetId target, const Shared<ProbeSpec>& spec, Callback callback);
  // The probe under way ends without a callback.
  void cancel(TargetId target);
  // cancel(), for the container has started anew.
  void started_anew(TargetId target);
  // cancel(), and the picked address with it.
  void forget(TargetId target);
  bool running(TargetId target) const { return running_.contains(target); }
  size_t in_flight() const { return running_.size(); }
  void set_exec_limit(size_t in_flight) { probers_.set_exec_limit(in_flight); }

 private:
  struct Running {
    Callback callback;
    Prober* prober = nullptr;  // that makes it, while `probe` is set
    std::optional<Prober::ProbeId> probe;
    std::optional<AddressPicker::Id> pick;
    std::optional<EventLoop::TimerId> at_once;  // a result that needs no probe
    WallTime started_at{};
    SteadyTime begun{};
  };
  // It has connected once. In doubt, another one that connects takes its place, and none that does
  // not: a target that takes no connections is still where it was. Where a connection is all that
  // is asked for none takes it until the container's next start: Docker's proxy connects for what
  // takes none.
  struct Choice {
    std::vector<Endpoint> among;
    Endpoint chosen;
    bool for_the_run = false;
    bool in_doubt = false;
  };
  const Choice* choice_of(TargetId target, const ProbeSpec& spec) const;
  const Endpoint* known_endpoint(TargetId target, const ProbeSpec& spec) const;
  void pick_endpoint(TargetId target, const Shared<ProbeSpec>& spec);
  Endpoint endpoint_to_try(TargetId target, const ProbeSpec& spec,
                           std::optional<AddressPicker::Picked> picked);
  // Without an endpoint: to the host its URL names, or by Docker.
  void probe(TargetId target, const ProbeSpec& spec, const Endpoint* endpoint);
  void finish(TargetId target, ProbeResult result);
  void doubt(TargetId target);

  EventLoop& loop_;
  AddressPicker picker_;
  ProberSet probers_;
  std::unordered_map<TargetId, Running> running_;
  std::unordered_map<TargetId, Choice> choices_;  // of targets with several endpoints
};

}  // namespace selfheal
