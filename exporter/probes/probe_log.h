// The log and the trace of one probe, or nothing: without Tracing::on it costs a null pointer.
//
//   if (log) log.info("Resolving target address", {{"target", host}});
//
// A log has 64 KiB, and says so where it is cut off; a field has a thousand bytes.
//
// A handle; copies write to the same trace. Belongs to the thread of the probe.
#pragma once

#include <memory>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_trace.h"

namespace selfheal {

class ProbeLog {
 public:
  // Off.
  ProbeLog() = default;
  ProbeLog(const Clock& clock, Tracing tracing);

  explicit operator bool() const { return trace_ != nullptr; }
  // Only when on.
  ProbeTrace& trace() const { return *trace_; }
  const std::shared_ptr<ProbeTrace>& trace_ptr() const { return trace_; }

  void debug(std::string_view message, log::Fields fields = {}) const;
  void info(std::string_view message, log::Fields fields = {}) const;
  void error(std::string_view message, log::Fields fields = {}) const;

 private:
  void add(log::Level level, std::string_view message, log::Fields fields) const;

  const Clock* clock_ = nullptr;
  std::shared_ptr<ProbeTrace> trace_;
};

}  // namespace selfheal
