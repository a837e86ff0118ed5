#include "exporter/probes/probe_log.h"

namespace selfheal {
namespace {

// A peer that sends lines for as long as it may must not fill the memory with them: the history
// holds some hundred logs.
constexpr size_t kMostBytes = 64 << 10;
constexpr size_t kLongestField = 1'000;

// About what the line takes in memory.
size_t bytes_of(const TraceLine& line) {
  size_t bytes = sizeof(line) + line.message.size();
  for (const auto& field : line.fields)
    bytes += sizeof(field) + field.first.size() + field.second.size();
  return bytes;
}

}  // namespace

ProbeLog::ProbeLog(const Clock& clock, Tracing tracing) : clock_(&clock) {
  if (tracing == Tracing::on) trace_ = std::make_shared<ProbeTrace>();
}

void ProbeLog::debug(std::string_view message, log::Fields fields) const {
  add(log::Level::debug, message, fields);
}

void ProbeLog::info(std::string_view message, log::Fields fields) const {
  add(log::Level::info, message, fields);
}

void ProbeLog::error(std::string_view message, log::Fields fields) const {
  add(log::Level::error, message, fields);
}

void ProbeLog::add(log::Level level, std::string_view message, log::Fields fields) const {
  if (trace_ == nullptr || trace_->log_bytes > kMostBytes) return;
  TraceLine line{clock_->wall_now(), level, std::string(message), {}};
  for (const auto& [key, value] : fields)
    line.fields.emplace_back(key, value.substr(0, kLongestField));
  trace_->log_bytes += bytes_of(line);
  if (trace_->log_bytes > kMostBytes) {
    line.message = "The log is cut off here";
    line.fields.clear();
  }
  trace_->log.push_back(std::move(line));
}

}  // namespace selfheal
