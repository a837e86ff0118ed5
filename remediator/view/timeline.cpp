#include "remediator/view/timeline.h"

#include <algorithm>

#include "common/base/text_list.h"

namespace selfheal {
namespace {

WallTime beginning_of(const Incident& incident) {
  WallTime begin = incident.opened_at;
  for (const IncidentAlert& alert : incident.alerts) begin = std::min(begin, alert.starts_at);
  return begin;
}

void add(std::vector<Span>& spans, SpanKind kind, WallTime begin, WallTime end, std::string label) {
  spans.push_back({kind, begin, std::max(begin, end), std::move(label)});
}

// The end of the failure: the first success of the last attempt, if it was the last word.
WallTime failing_until(const Incident& incident, WallTime end) {
  if (incident.attempts.empty()) return end;
  const Attempt& last = incident.attempts.back();
  const bool proved = last.result == AttemptResult::none || last.result == AttemptResult::verified;
  return proved ? last.seen_healthy_at.value_or(end) : end;
}

// Between `begin` and `end` nothing was under way: why, by each decision not to act.
void add_waiting(std::vector<Span>& spans, const std::vector<DecisionRow>& decisions,
                 WallTime begin, WallTime end) {
  const size_t first = spans.size();
  const auto go_on = [&](WallTime from, const std::string& reason) {
    if (spans.size() > first) {
      if (spans.back().label == reason) return;
      spans.back().end = from;
    }
    add(spans, SpanKind::waiting, from, end, reason);
  };
  for (const DecisionRow& decision : decisions) {
    if (!is_judgement(decision) || decision.verdict == "act" || decision.decided_at < begin ||
        decision.decided_at >= end)
      continue;
    // Until it was judged first, the reason to come is as good as any.
    go_on(spans.size() > first ? decision.decided_at : begin, decision.reason);
  }
  if (spans.size() == first && begin < end) go_on(begin, "queued");
}

void add_attempt(std::vector<Span>& spans, const Attempt& attempt, WallTime end) {
  const WallTime over = attempt.ended_at.value_or(end);
  const std::string name = attempt.action + " " + std::to_string(attempt.number);
  const std::string result(to_string(attempt.result));
  add(spans, SpanKind::attempt, attempt.requested_at, attempt.acted_at.value_or(over),
      attempt.acted_at || result.empty() ? name : name + ": " + result);
  if (attempt.acted_at) add(spans, SpanKind::verifying, *attempt.acted_at, over, result);
}

}  // namespace

std::string_view to_string(SpanKind kind) {
  switch (kind) {
    case SpanKind::failing:
      return "failing";
    case SpanKind::waiting:
      return "waiting";
    case SpanKind::attempt:
      return "attempt";
    case SpanKind::verifying:
      return "verifying";
  }
  return "";
}

Track track_of(const Incident& incident, const std::vector<DecisionRow>& decisions, WallTime now) {
  Track track{incident, beginning_of(incident), incident.closed_at, {}};
  const WallTime end = std::max(track.begin, incident.closed_at.value_or(now));
  std::vector<std::string> alerts;
  for (const IncidentAlert& alert : incident.alerts) {
    if (std::find(alerts.begin(), alerts.end(), alert.alertname) == alerts.end())
      alerts.push_back(alert.alertname);
  }
  add(track.spans, SpanKind::failing, track.begin, failing_until(incident, end), joined(alerts));
  WallTime idle_since = incident.opened_at;
  for (const Attempt& attempt : incident.attempts) {
    add_waiting(track.spans, decisions, idle_since, attempt.requested_at);
    add_attempt(track.spans, attempt, end);
    idle_since = attempt.ended_at.value_or(end);
  }
  add_waiting(track.spans, decisions, idle_since, end);
  return track;
}

std::string_view end_of(const Incident& incident) {
  return incident.state == IncidentState::closed ? to_string(incident.outcome) : "open";
}

std::optional<Place> place(WallTime begin, WallTime end, const Window& window) {
  const auto length = window.end - window.begin;
  if (length.count() <= 0 || end < window.begin || begin > window.end) return std::nullopt;
  const auto percent = [&](WallTime time) {
    const auto within = std::clamp(time, window.begin, window.end) - window.begin;
    return 100.0 * static_cast<double>(within.count()) / static_cast<double>(length.count());
  };
  return Place{percent(begin), percent(std::max(begin, end)) - percent(begin)};
}

}  // namespace selfheal
