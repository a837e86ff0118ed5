// What became of an incident, as spans of time: what the timeline draws and lists. [pure]
//
//   failing    from the alert's starts_at until all probes succeeded, or the incident's end
//   waiting    until an attempt, by the decisions' reasons: one span for each in turn
//   attempt    from requested until Docker has done it
//   verifying  from there until the attempt's end
//
// `failing` lies beneath the others, which follow each other without a gap. No span ends before it
// begins, whatever the clocks of those who tell of it say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remediator/incident/incident.h"
#include "remediator/journal/decision_row.h"

namespace selfheal {

enum class SpanKind { failing, waiting, attempt, verifying };

std::string_view to_string(SpanKind kind);

struct Span {
  SpanKind kind = SpanKind::failing;
  WallTime begin;
  WallTime end;  // now, while it goes on
  std::string label;
};

struct Track {
  Incident incident;
  WallTime begin;               // the failure's, by its alerts
  std::optional<WallTime> end;  // nothing while it is open
  std::vector<Span> spans;      // the failing one first, then in the order of time
};

// `decisions` in the order of time; their facts are not looked at.
Track track_of(const Incident& incident, const std::vector<DecisionRow>& decisions, WallTime now);

// "open" or how it ended: "recovered", "stopped", "withdrawn", "expired".
std::string_view end_of(const Incident& incident);

// A span of time that is drawn, from its left to its right edge.
struct Window {
  WallTime begin;
  WallTime end;
};

// Where something lies in a window, in percent of its width.
struct Place {
  double left = 0;
  double width = 0;
};

// Cut off at the window's edges; nothing when it lies outside.
std::optional<Place> place(WallTime begin, WallTime end, const Window& window);

}  // namespace selfheal
