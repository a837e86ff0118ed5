#include "bench/race/names.h"

namespace selfheal::race {
namespace {

template <class Values>
auto named(const Values& values, std::string_view text)
    -> std::optional<typename Values::value_type> {
  for (const auto value : values)
    if (to_string(value) == text) return value;
  return std::nullopt;
}

}  // namespace

double ms_since(WallTime broken_at, WallTime at) {
  return std::chrono::duration<double, std::milli>(at - broken_at).count();
}

std::string_view to_string(Contender contender) {
  switch (contender) {
    case Contender::ours:
      return "ours";
    case Contender::loop:
      return "loop";
    case Contender::stock:
      return "stock";
  }
  return "unknown";
}

std::string_view to_string(Mode mode) {
  return mode == Mode::error ? "error" : "hang";
}

std::string_view to_string(Mark mark) {
  switch (mark) {
    case Mark::first_failed_probe:
      return "first_failed_probe";
    case Mark::threshold:
      return "threshold";
    case Mark::scraped:
      return "scraped";
    case Mark::alert_firing:
      return "alert_firing";
    case Mark::webhook_accepted:
      return "webhook_accepted";
    case Mark::restart_issued:
      return "restart_issued";
    case Mark::stop_signal:
      return "stop_signal";
    case Mark::restart_done:
      return "restart_done";
    case Mark::healthy:
      return "healthy";
  }
  return "unknown";
}

std::optional<Contender> parse_contender(std::string_view text) {
  return named(kContenders, text);
}

std::optional<Mode> parse_mode(std::string_view text) {
  return named(kModes, text);
}

std::optional<Mark> parse_mark(std::string_view text) {
  return named(kMarks, text);
}

}  // namespace selfheal::race
