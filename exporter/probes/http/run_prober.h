// A prober whose probes are each a Run, which makes them all by itself: HttpRun, GrpcRun.
// Belongs to the loop's thread.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>

#include "exporter/probes/http/http_services.h"
#include "exporter/probes/probe.h"

namespace selfheal {

template <class Run>
class RunProber final : public Prober {
 public:
  explicit RunProber(const HttpServices& services) : services_(services) {}

  ProbeId start(ProbeRequest request, Callback callback) override {
    const ProbeId id = next_id_++;
    auto done = [this, id, callback = std::move(callback)](ProbeResult result) {
      runs_.erase(id);
      callback(std::move(result));
    };
    runs_.emplace(id, std::make_unique<Run>(services_, std::move(request), std::move(done)));
    return id;
  }
  void cancel(ProbeId id) override { runs_.erase(id); }

 private:
  const HttpServices services_;
  std::unordered_map<ProbeId, std::unique_ptr<Run>> runs_;
  ProbeId next_id_ = 1;
};

}  // namespace selfheal
