#include "exporter/blackbox/debug_output.h"

#include <sstream>
#include <utility>
#include <vector>

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "exporter/blackbox/trace_families.h"
#include "exporter/modules/module_file.h"

namespace selfheal {
namespace {

std::string seconds_text(std::chrono::duration<double> duration) {
  std::ostringstream text;
  text << duration.count();
  return std::move(text).str();
}

std::string line_of(const TraceLine& line) {
  std::vector<log::Field> fields;
  for (const auto& [name, value] : line.fields) fields.emplace_back(name, value);
  return log::render(log::Format::logfmt, format_rfc3339(line.at), line.level, line.message,
                     fields) +
         '\n';
}

TraceLine beginning(const RecentProbe& probe) {
  return {probe.result.started_at,
          log::Level::info,
          "Beginning probe",
          {{"module", probe.module->name},
           {"target", probe.target},
           {"probe", std::string(to_string(probe.module->prober))},
           {"timeout_seconds", seconds_text(probe.timeout)}}};
}

TraceLine ending(const RecentProbe& probe) {
  const ProbeResult& result = probe.result;
  TraceLine line{result.ended_at(),
                 log::Level::info,
                 "Probe succeeded",
                 {{"duration_seconds", seconds_text(result.duration)}}};
  if (result.outcome == ProbeOutcome::passed) return line;
  line.level = log::Level::error;
  line.message = "Probe failed";
  if (result.outcome == ProbeOutcome::failed)
    line.fields.emplace_back("reason", to_string(result.reason));
  else
    line.fields.emplace_back("outcome", to_string(result.outcome));
  line.fields.emplace_back("err", result.detail);
  return line;
}

}  // namespace

std::string log_lines(const std::vector<TraceLine>& log) {
  std::string text;
  for (const TraceLine& line : log) text += line_of(line);
  return text;
}

std::string debug_output(const RecentProbe& probe) {
  std::string text = "Logs for the probe:\n" + line_of(beginning(probe));
  if (probe.result.trace != nullptr) text += log_lines(probe.result.trace->log);
  text += line_of(ending(probe));
  text += "\n\n\nMetrics that would have been returned:\n" +
          trace_families(probe.module->prober, probe.result);
  text += "\n\n\nModule configuration:\n" + to_yaml(*probe.module);
  return text;
}

}  // namespace selfheal
