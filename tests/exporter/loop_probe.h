// One probe with a prober of its own on a loop of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "common/base/event_loop.h"
#include "exporter/modules/module.h"
#include "exporter/probes/net/name_resolver.h"
#include "exporter/probes/probe.h"

namespace selfheal {

using MakeProber = std::function<std::unique_ptr<Prober>(EventLoop&)>;
using MakeResolvingProber = std::function<std::unique_ptr<Prober>(EventLoop&, NameResolver&)>;

inline ProbeResult run_probe_on(EventLoop& loop, Prober& prober, const ProbeRequest& request) {
  std::optional<ProbeResult> result;
  loop.post([&] {
    prober.start(request, [&](ProbeResult got) {
      EXPECT_FALSE(result) << "called back twice";
      result = std::move(got);
      loop.stop();
    });
    EXPECT_FALSE(result) << "called back from within start()";
  });
  loop.run();
  return *result;
}

inline ProbeResult run_probe(const MakeProber& make, const ProbeRequest& request) {
  SystemClock clock;
  EventLoop loop(clock);
  const std::unique_ptr<Prober> prober = make(loop);
  return run_probe_on(loop, *prober, request);
}

inline ProbeResult run_probe(const MakeResolvingProber& make, const ProbeRequest& request) {
  SystemClock clock;
  EventLoop loop(clock);
  NameResolver resolver(loop);
  const std::unique_ptr<Prober> prober = make(loop, resolver);
  return run_probe_on(loop, *prober, request);
}

// With all that a trace holds.
inline ProbeRequest probe_request(Module module, std::string target,
                                  Milliseconds timeout = Milliseconds(5'000)) {
  ProbeRequest request;
  request.module = std::make_shared<const Module>(std::move(module));
  request.target = std::move(target);
  request.timeout = timeout;
  request.tracing = Tracing::on;
  return request;
}

}  // namespace selfheal
