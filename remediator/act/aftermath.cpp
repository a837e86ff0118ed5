#include "remediator/act/aftermath.h"

#include <algorithm>

#include "common/base/log.h"
#include "remediator/act/recreate/replacement.h"

namespace selfheal {
namespace {

// An engine that is stuck for longer is restarted by somebody, which ends what it was asked for.
constexpr std::chrono::hours kLatestCreation{1};
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
                     const NetworkSharers& sharers, const Clock& clock)
    : journal_(journal), hosts_(hosts), steps_(steps), sharers_(sharers), clock_(clock) {}

void Aftermath::see_to(const Incident& incident) const {
  if (!incident.owes) return;
  const DockerHost host = hosts_.find(incident.host);
  if (!host.usable()) return;
  sharers_.start_left_stopped(*host.docker, incident);
  remove_late(*host.docker, incident);
}

Again Aftermath::settle(const Incident& incident) const {
  if (!incident.owes) return std::nullopt;
  const DockerHost host = hosts_.find(incident.host);
  const WallTime now = clock_.wall_now();
  // One that was taken out of the configuration is nobody's any more.
  if (host.docker != nullptr) {
    if (!host.usable()) return now + kFaultPause;
    const bool is_down = !sharers_.start_left_stopped(*host.docker, incident).empty();
    if (may_be_created(host, incident) || is_down) {
      const auto since = std::chrono::duration_cast<Milliseconds>(now - *incident.closed_at);
      return now + std::clamp(since / kPartOfTheTimeSince, kShortestPause, kLongestPause);
    }
  }
  return steps_.settled(incident) ? Again() : now + kFaultPause;
}

bool Aftermath::may_be_created(const DockerHost& host, const Incident& incident) const {
  const auto asked_at = last_recreation(incident);
  if (!asked_at) return false;
  const WallTime since = std::max(*asked_at, host.back_at.value_or(*asked_at));
  const bool is_removed = remove_late(*host.docker, incident);
  return !is_removed || clock_.wall_now() < since + kLatestCreation;
}

bool Aftermath::remove_late(DockerApi& docker, const Incident& incident) const {
  if (!last_recreation(incident)) return true;
  if (is_being_healed(incident)) return false;
  bool all = true;
  for (const Attempt& attempt : incident.attempts) {
    if (!is_recreation(attempt)) continue;
    const auto done =
        Replacement(docker, attempt.container_id, incident.container, attempt.stop_timeout)
            .remove_late();
    if (!done)
      log::warn("a container that Docker has created too late can't be removed yet",
                {{"incident", std::to_string(incident.id)},
                 {"host", incident.host},
                 {"container", incident.container},
                 {"err", done.error().message}});
    all = all && done.ok();
  }
  return all;
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
