// Who races, how a container is broken, and what happens on the way from broken to healthy. [pure]
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "common/base/clock.h"

namespace selfheal::race {

enum class Contender {
  ours,   // exporter, Prometheus, Alertmanager, remediator
  loop,   // one process that polls, counts and restarts
  stock,  // blackbox_exporter, Prometheus, Alertmanager, webhook
};
inline constexpr std::array kContenders{Contender::ours, Contender::loop, Contender::stock};

enum class Mode { error, hang };
inline constexpr std::array kModes{Mode::error, Mode::hang};

// What a chain passes through, in this order; not every chain tells of every one.
enum class Mark {
  first_failed_probe,  // it began
  threshold,           // the prober has counted enough failures
  scraped,             // the scrape that brings them to Prometheus began
  alert_firing,        // the evaluation that sees them began
  webhook_accepted,
  restart_issued,  // by the chain
  stop_signal,     // Docker has begun with it
  restart_done,
  healthy,
};
inline constexpr std::array kMarks{
    Mark::first_failed_probe, Mark::threshold,        Mark::scraped,
    Mark::alert_firing,       Mark::webhook_accepted, Mark::restart_issued,
    Mark::stop_signal,        Mark::restart_done,     Mark::healthy,
};

// Milliseconds since the break.
using Marks = std::map<Mark, double>;
double ms_since(WallTime broken_at, WallTime at);

std::string_view to_string(Contender contender);
std::string_view to_string(Mode mode);
std::string_view to_string(Mark mark);

std::optional<Contender> parse_contender(std::string_view text);
std::optional<Mode> parse_mode(std::string_view text);
std::optional<Mark> parse_mark(std::string_view text);

}  // namespace selfheal::race
