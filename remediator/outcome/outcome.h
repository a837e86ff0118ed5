// What people are told of an incident, and when there is something to tell. [pure]
//
//   an attempt was verified                                recovered
//   it was stopped, as its owner wants it                  stopped
//   an attempt failed, and another one is granted          failed
//   the last one failed, or the first refusal because
//   all are used                                           breaker_open, once until one is granted
//   an incident waited for too long                        expired, once for each failure
//
// So each end of an attempt is one message and never two. Nothing is told of an alert that resolved
// before anything was done; of a container that was removed during an attempt, which is somebody's
// deployment; of what waits in vain behind an open breaker, which has been told; and of what waits
// in vain because it is deliberately not touched.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "remediator/incident/incident.h"

namespace selfheal {

enum class OutcomeKind { recovered, stopped, failed, expired, breaker_open };

inline constexpr std::array<OutcomeKind, 5> kOutcomeKinds{
    OutcomeKind::recovered, OutcomeKind::stopped, OutcomeKind::failed, OutcomeKind::expired,
    OutcomeKind::breaker_open};

std::string_view to_string(OutcomeKind kind);
std::optional<OutcomeKind> parse_outcome_kind(std::string_view text);

// (incident, attempt, kind) is one outcome.
struct OutcomeMessage {
  int64_t incident = 0;
  int attempt = 0;  // over the incidents of the container, forgiven ones too; 0 before the first
  OutcomeKind kind = OutcomeKind::recovered;
  WallTime happened_at;
  std::string host;
  std::string container;  // or the service that was updated in its place
  std::string group;
  std::string summary;      // what happened, in a few words
  std::string description;  // the same in a sentence, with what a person asks next
  std::string reason;       // a name: of an attempt's result or of a decision's reason
  std::string attempts;     // "1 of 3", of those that count
};

// What there is to tell of the step that an incident has taken from `before` to `after`. What is
// told only once is marked in `after`, which is then to be saved together with the message.
std::optional<OutcomeMessage> outcome_of(const Incident& before, Incident& after, int max_attempts,
                                         WallTime now);

}  // namespace selfheal
