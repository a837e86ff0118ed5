// A probe's result and trace as blackbox_exporter's metrics, all gauges. [pure]
//
// Names, help texts and labels are those of blackbox_exporter 0.23, and so is what is there at all
// when a probe ended early. Two things are more: probe_failure_reason, and the certificate's
// metrics when the handshake failed.
#pragma once

#include <string>

#include "exporter/probes/probe.h"

namespace selfheal {

// Prometheus' text format. A trace that is missing is one in which nothing happened.
std::string trace_families(ProbeKind kind, const ProbeResult& result);

}  // namespace selfheal
