// The names that the journal, the API and the log have for what stands in incident.h.
#include "common/base/enum_names.h"
#include "remediator/incident/incident.h"

namespace selfheal {
namespace {

constexpr EnumNames<IncidentState, 4> kStates{{{IncidentState::waiting, "waiting"},
                                               {IncidentState::acting, "acting"},
                                               {IncidentState::verifying, "verifying"},
                                               {IncidentState::closed, "closed"}}};
constexpr EnumNames<IncidentOutcome, 5> kOutcomes{{{IncidentOutcome::none, ""},
                                                   {IncidentOutcome::recovered, "recovered"},
                                                   {IncidentOutcome::stopped, "stopped"},
                                                   {IncidentOutcome::withdrawn, "withdrawn"},
                                                   {IncidentOutcome::expired, "expired"}}};
constexpr EnumNames<AttemptResult, 12> kResults{
    {{AttemptResult::none, ""},
     {AttemptResult::verified, "verified"},
     {AttemptResult::stopped, "stopped"},
     {AttemptResult::relapsed, "relapsed"},
     {AttemptResult::action_failed, "action_failed"},
     {AttemptResult::no_effect, "no_effect"},
     {AttemptResult::container_gone, "container_gone"},
     {AttemptResult::not_healthy, "not_healthy"},
     {AttemptResult::restarted_again, "restarted_again"},
     {AttemptResult::not_scraped, "not_scraped"},
     {AttemptResult::no_prometheus, "no_prometheus"},
     {AttemptResult::unknown, "unknown"}}};
static_assert(names_each(kStates, IncidentState::closed) &&
              names_each(kOutcomes, IncidentOutcome::expired) &&
              names_each(kResults, AttemptResult::unknown));

}  // namespace

std::string_view to_string(IncidentState state) {
  return name_of(kStates, state);
}
std::string_view to_string(IncidentOutcome outcome) {
  return name_of(kOutcomes, outcome);
}
std::string_view to_string(AttemptResult result) {
  return name_of(kResults, result);
}
std::optional<IncidentState> parse_incident_state(std::string_view text) {
  return value_of(kStates, text);
}
std::optional<IncidentOutcome> parse_incident_outcome(std::string_view text) {
  return value_of(kOutcomes, text);
}
std::optional<AttemptResult> parse_attempt_result(std::string_view text) {
  return value_of(kResults, text);
}

}  // namespace selfheal
