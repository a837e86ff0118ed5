// Passes when a GET, redirects followed, ends with a 2xx. Over a connection of its own each time: a
// kept one proves less. Belongs to the probe loop's thread.
#pragma once

#include "common/http/http_client.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class HttpProber final : public Prober {
 public:
  explicit HttpProber(EventLoop& loop) : client_(loop) {}
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override { client_.cancel(id); }

 private:
  HttpClient client_;
};

}  // namespace selfheal
