// What became of a payload that came at a time of the past, as the journal has it. [reads a
// journal]
//
// Each alert is delivered anew to what was known right before that time, in order, so that a later
// one of the payload meets what an earlier one opened. What was decided then is not decided again,
// since neither Docker nor Prometheus can be asked what they said: the journal has it, with the
// facts it was made from.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "remediator/explain/explanation.h"
#include "remediator/journal/journal_rows.h"

namespace selfheal {

class DeliveryHistory {
 public:
  // `at` is when the payload was received, as the webhook's answer and the journal have it; a
  // moment before it will mostly do. Throws SqliteError, as the reader does.
  DeliveryHistory(JournalReader& reader, WallTime at, const IncidentSettings& settings)
      : reader_(reader), at_(at), settings_(settings) {}

  // Nothing when the journal knows of no such delivery: the alert would have opened an incident,
  // and there is none.
  std::optional<Explanation> explain(const ReceivedAlert& alert);

 private:
  std::optional<Incident>& last_incident(const ReceivedAlert& alert);
  bool opened_by(const ReceivedAlert& alert, Incident& incident);

  JournalReader& reader_;
  const WallTime at_;
  const IncidentSettings& settings_;
  std::map<std::pair<std::string, std::string>, std::optional<Incident>> last_;
};

// [pure] Of an incident's decisions, in their order, the one that a delivery at `at` met: the last
// one since it began to wait, or else the next one. `incident` as it was after the delivery.
std::optional<DecisionRow> decision_in_force(const std::vector<DecisionRow>& decisions,
                                             const Incident& incident, WallTime at);

}  // namespace selfheal
