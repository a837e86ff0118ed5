#include "remediator/act/aftermath.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/text_list.h"
#include "remediator/act/engine_patience.h"
#include "remediator/act/recreate/replacement.h"
#include "remediator/incident/pause.h"

namespace selfheal {
namespace {

// An engine that is stuck for longer is restarted by somebody, which ends what it was asked for.
constexpr std::chrono::hours kLatestCreation{1};
// By then people have found what is down, or do without it, and a start would come as a surprise.
constexpr std::chrono::hours kLongestDebt{24};
// Of looks: the longer nothing has changed, the less is there any hurry.
constexpr Milliseconds kShortestPause{5'000};
constexpr Milliseconds kLongestPause{30'000};
constexpr int kPartOfTheTimeSince = 20;

// When Docker was asked last to create something, as far as it could be.
std::optional<WallTime> last_recreation(const Incident& incident) {
  std::optional<WallTime> last;
  for (const Attempt& attempt : incident.attempts)
    if (is_recreation(attempt)) last = attempt.requested_at;
  return last;
}

}  // namespace

Aftermath::Aftermath(Journal& journal, const DockerHosts& hosts, const AttemptSteps& steps,
                     const NetworkSharers& sharers, const CurrentSettings& settings,
                     const Clock& clock)
    : journal_(journal),
      hosts_(hosts),
      steps_(steps),
      sharers_(sharers),
      settings_(settings),
      clock_(clock) {}

void Aftermath::see_to(const Incident& incident) const {
  if (!incident.owes) return;
  const DockerHost host = hosts_.find(incident.host);
  if (!host.usable()) return;
  sharers_.start_left_stopped(*host.docker, incident);
  remove_late(*host.docker, incident);
}

Again Aftermath::put_in_order(const Incident& incident) const {
  if (!incident.owes) return std::nullopt;
  const WallTime now = clock_.wall_now();
  const DockerHost host = hosts_.find(incident.host);
  // One that was taken out of the configuration is nobody's any more.
  const bool is_ours = host.docker != nullptr;
  const auto since = std::chrono::duration_cast<Milliseconds>(now - *incident.closed_at);
  if (is_ours && since > kLongestDebt) return give_up(host, incident);
  if (!is_ours || is_in_order(host, incident))
    return steps_.owes_nothing(incident) ? Again() : now + kFaultPause;
  return now + std::clamp(since / kPartOfTheTimeSince, kShortestPause, kLongestPause);
}

bool Aftermath::is_in_order(const DockerHost& host, const Incident& incident) const {
  if (!host.usable()) return false;
  const bool all_run = sharers_.start_left_stopped(*host.docker, incident).empty();
  const bool none_is_late = remove_late(*host.docker, incident);
  const auto asked_at = last_recreation(incident);
  const bool may_come =
      asked_at && clock_.wall_now() < waits_until(*asked_at, host.back_at, kLatestCreation);
  return all_run && none_is_late && !may_come;
}

// Looks at what Docker has, and does nothing about it any more.
Again Aftermath::give_up(const DockerHost& host, const Incident& incident) const {
  const WallTime now = clock_.wall_now();
  std::vector<std::string> told{"not put in order within a day, and given up"};
  if (!host.usable()) told.push_back(host.fault.empty() ? host.away : host.fault);
  for (std::string& sharer : sharers_.may_be_stopped(incident)) told.push_back(std::move(sharer));
  if (last_recreation(incident) && !(host.usable() && none_is_late(*host.docker, incident)))
    told.emplace_back("what Docker has created too late for a recreation may still be there");
  // There may have been no process for all that time, and nothing has come of it.
  if (told.size() == 1) return steps_.owes_nothing(incident) ? Again() : now + kFaultPause;
  const std::string detail = joined(told, "; ");
  const DecisionRow row{now, "refuse", std::string(kGivenUp), detail, "{}"};
  if (!steps_.owes_nothing(incident, &row)) return now + kFaultPause;
  log::error("what an incident has left in Docker is given up; a person has to see to it",
             {{"incident", std::to_string(incident.id)},
              {"host", incident.host},
              {"container", incident.container},
              {"detail", detail}});
  return std::nullopt;
}

bool Aftermath::remove_late(DockerApi& docker, const Incident& incident) const {
  if (!last_recreation(incident)) return true;
  if (is_being_healed(incident)) return false;
  if (settings_.get()->guards.dry_run || is_paused(incident)) return none_is_late(docker, incident);
  bool none_is_left = true;
  for (const Attempt& attempt : incident.attempts) {
    if (!is_recreation(attempt)) continue;
    Replacement given_up(docker, attempt.container_id, incident.container, attempt.stop_timeout);
    const auto removed = given_up.remove_late();
    none_is_left = none_is_left && removed.ok();
    if (!removed)
      log::warn("a container that Docker has created too late can't be removed yet",
                {{"incident", std::to_string(incident.id)},
                 {"host", incident.host},
                 {"container", incident.container},
                 {"err", removed.error().message}});
  }
  return none_is_left;
}

bool Aftermath::none_is_late(DockerApi& docker, const Incident& incident) {
  return std::all_of(
      incident.attempts.begin(), incident.attempts.end(), [&](const Attempt& attempt) {
        if (!is_recreation(attempt)) return true;
        const auto late =
            Replacement(docker, attempt.container_id, incident.container, attempt.stop_timeout)
                .late();
        return late && !late->has_value();
      });
}

bool Aftermath::is_paused(const Incident& incident) const {
  bool paused = false;
  const auto read = journal_.read([&](JournalReader& reader) {
    const std::vector<Pause> pauses = reader.pauses(clock_.wall_now());
    paused = std::any_of(pauses.begin(), pauses.end(),
                         [&](const Pause& pause) { return covers(pause.target, incident); });
  });
  return !read || paused;
}

bool Aftermath::is_being_healed(const Incident& incident) const {
  bool healed = false;
  const auto read = journal_.read([&](JournalReader& reader) {
    const auto open = reader.open_incident(incident.host, incident.container);
    healed = open && open->attempt_under_way();
  });
  return !read || healed;
}

}  // namespace selfheal
