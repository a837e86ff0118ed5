// Passes when a TCP connection comes about. Belongs to the probe loop's thread.
#pragma once

#include "exporter/probes/probe.h"
#include "exporter/probes/tcp_connect.h"

namespace selfheal {

class TcpProber final : public Prober {
 public:
  explicit TcpProber(EventLoop& loop) : connector_(loop) {}
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override { connector_.cancel(id); }

 private:
  TcpConnector connector_;
};

}  // namespace selfheal
