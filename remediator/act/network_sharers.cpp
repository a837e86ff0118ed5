#include "remediator/act/network_sharers.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/base/log.h"
#include "common/docker/container_group.h"
#include "common/docker/namespace_mode.h"
#include "remediator/act/engine_patience.h"
#include "remediator/act/remedies/docker_word.h"

namespace selfheal {
namespace {

// A process can die between writing it down and asking.
constexpr auto kTimesAsked = 2;

// A proxy before the engine, say, that does not let it be asked will not later either.
bool may_answer_yet(DockerFailureKind kind) {
  return kind != DockerFailureKind::refused && kind != DockerFailureKind::not_found &&
         kind != DockerFailureKind::malformed;
}

std::string head_of(const std::string& name) {
  return name + ", which shares its network, ";
}

const Remedy& remedy() {
  return remedy_of(to_string(Action::restart));
}

// Docker starts nothing in the network of one that is down.
enum class Network { is_up, is_down, is_gone };
Network network_of(DockerApi& docker, const ContainerDetails& sharer) {
  const auto owner = namespace_owner(sharer.network_mode);
  if (!owner) return Network::is_up;
  const auto live = docker.inspect(*owner);
  if (!live && live.error().kind == DockerFailureKind::not_found) return Network::is_gone;
  return live && live->running() ? Network::is_up : Network::is_down;
}

std::string objection_of(JournalReader& reader, const Facts& facts, const GuardSettings& settings) {
  const auto own = reader.open_incident(facts.host, facts.container);
  if (own && own->attempt_under_way())
    return "it is being healed itself, by incident " + std::to_string(own->id);
  const Objection objection = object_to_following(facts, settings);
  return objection ? objection->detail : "";
}

}  // namespace

NetworkSharers::NetworkSharers(Journal& journal, const AttemptSteps& steps,
                               const FactsReader& facts_reader, const CurrentSettings& settings,
                               const Clock& clock)
    : journal_(journal),
      steps_(steps),
      facts_reader_(facts_reader),
      settings_(settings),
      clock_(clock) {}

NetworkSharers::Followed NetworkSharers::follow(DockerApi& docker, const Incident& incident,
                                                const ContainerDetails& owner,
                                                std::optional<WallTime> engine_back_at) const {
  const Attempt& attempt = incident.attempts.back();
  // Before that none of them could be asked for.
  const WallTime begun =
      std::max(attempt.requested_at, owner.started_at.value_or(attempt.requested_at));
  const Milliseconds patience = attempt.stop_timeout + settings_.get()->guards.longest_acting;
  const auto may_come_yet = [&](WallTime asked_at) {
    return clock_.wall_now() <= waits_until(asked_at, engine_back_at, patience);
  };
  std::vector<DecisionRow> decisions;
  const auto read =
      journal_.read([&](JournalReader& reader) { decisions = reader.decisions(incident.id); });
  const auto all = docker.list();
  if (!read || !all) {
    if (!read || (may_answer_yet(all.error().kind) && may_come_yet(begun)))
      return {kFaultPause, {}};
    return {{}, {"whether others share its network is not known: " + all.error().message}};
  }
  Followed followed;
  for (const ContainerSummary& other : *all) {
    if (!is_in_namespace_of(other.network_mode, owner.id, owner.name)) continue;
    std::vector<SharerRestart> asked = sharer_restarts(decisions);
    std::erase_if(asked, [&](const SharerRestart& restart) { return restart.id != other.id; });
    Fate fate = follow_one(docker, incident, owner, other.id, asked);
    const auto* not_yet = std::get_if<NotYet>(&fate);
    const WallTime asked_at = asked.empty() ? begun : std::max(begun, asked.back().requested_at);
    // The proof of the owner's health must not wait for ever for what another one's start needs.
    if (not_yet != nullptr && may_come_yet(asked_at))
      followed.look_again =
          std::min(followed.look_again.value_or(not_yet->look_again), not_yet->look_again);
    else if (not_yet != nullptr)
      followed.told.push_back(
          head_of(other.name) +
          (asked.empty() ? "was not restarted: it could not be looked at, or written down, in time"
                         : "could not be seen to have been restarted"));
    else if (auto& became = std::get<std::string>(fate); !became.empty())
      followed.told.push_back(std::move(became));
  }
  return followed;
}

NetworkSharers::Fate NetworkSharers::follow_one(DockerApi& docker, const Incident& incident,
                                                const ContainerDetails& owner,
                                                const std::string& id,
                                                const std::vector<SharerRestart>& asked) const {
  const auto live = docker.inspect(id);
  if (!live && live.error().kind == DockerFailureKind::not_found) return "";
  if (!live) return NotYet{kFaultPause};
  const auto times = std::count_if(asked.begin(), asked.end(), [&](const SharerRestart& restart) {
    return restart.requested_at >= incident.attempts.back().requested_at;
  });
  // Those of earlier attempts are over, but for what they left stopped.
  if (times == 0 && (asked.empty() || !remedies::is_down(*live))) {
    // Stopped, it is a person's; newer than the owner, it is in the right network already.
    if (!live->running() || live->started_at >= owner.started_at) return "";
    return ask(docker, incident, *live);
  }
  const Effect effect = remedy().look(docker, as_attempt(asked.back(), incident), clock_);
  if (std::holds_alternative<NoEffect>(effect) && live->running() && times < kTimesAsked)
    return ask(docker, incident, *live);
  return told_of(asked.back(), effect);
}

NetworkSharers::Fate NetworkSharers::ask(DockerApi& docker, const Incident& incident,
                                         const ContainerDetails& sharer) const {
  const auto settings = settings_.get();
  Facts facts;
  std::string objection;
  const auto read = journal_.read([&](JournalReader& reader) {
    facts = look(reader, incident, sharer);
    objection = objection_of(reader, facts, settings->guards);
  });
  if (!read) return NotYet{kFaultPause};
  if (!objection.empty()) return head_of(sharer.name) + "was left alone: " + objection;
  const SharerRestart restart = sharer_restart(facts);
  // What people say, or begin to heal, meanwhile counts.
  const bool noted = steps_.note(incident, row_of(restart, facts), [&](JournalReader& reader) {
    return objection_of(reader, look(reader, incident, sharer), settings->guards).empty();
  });
  if (!noted) return NotYet{kFaultPause};
  return told_of(restart, remedy().perform(docker, as_attempt(restart, incident), clock_));
}

NetworkSharers::Fate NetworkSharers::told_of(const SharerRestart& asked, const Effect& effect) {
  if (const auto* not_yet = std::get_if<NotYet>(&effect)) return *not_yet;
  if (const auto* none = std::get_if<NoEffect>(&effect))
    return head_of(asked.name) + "could not be restarted: " + none->detail;
  return head_of(asked.name) + "was restarted after it";
}

std::vector<std::string> NetworkSharers::may_be_stopped(const Incident& incident) const {
  std::vector<DecisionRow> decisions;
  const auto read =
      journal_.read([&](JournalReader& reader) { decisions = reader.decisions(incident.id); });
  if (!read) return {"whether others that share its network were left stopped is not known"};
  std::set<std::string> told;
  for (const SharerRestart& asked : sharer_restarts(decisions))
    told.insert(head_of(asked.name) + "may have been left stopped");
  return {told.begin(), told.end()};
}

std::vector<std::string> NetworkSharers::start_left_stopped(DockerApi& docker,
                                                            const Incident& incident) const {
  std::vector<DecisionRow> decisions;
  const auto read =
      journal_.read([&](JournalReader& reader) { decisions = reader.decisions(incident.id); });
  if (!read) return {"whether others that share its network were left stopped is not known"};
  std::map<std::string, SharerRestart> asked_last;  // by id
  for (SharerRestart& asked : sharer_restarts(decisions))
    asked_last.insert_or_assign(asked.id, std::move(asked));
  std::vector<std::string> still_down;
  for (const auto& [id, asked] : asked_last)
    if (auto told = start_one(docker, incident, asked)) still_down.push_back(*std::move(told));
  return still_down;
}

std::optional<std::string> NetworkSharers::start_one(DockerApi& docker, const Incident& incident,
                                                     const SharerRestart& asked) const {
  const auto live = docker.inspect(asked.id);
  if (!live && live.error().kind == DockerFailureKind::not_found) return std::nullopt;
  if (!live) return head_of(asked.name) + "may have been left stopped: " + live.error().message;
  // With a newer start its restart has come, and whoever stopped it since has done so later.
  if (!remedies::is_down(*live) || live->started_at != asked.started_before) return std::nullopt;
  const std::string told = head_of(asked.name) + "was left stopped and can't be started yet";
  const bool is_over = incident.state == IncidentState::closed;
  const Network network = network_of(docker, *live);
  if (is_over && network == Network::is_gone) {
    came_of(incident, asked,
            "was left stopped, and never can be started: its network's owner is gone");
    return std::nullopt;
  }
  if (network != Network::is_up || (is_over && !may_start(incident, *live))) return told;
  const Effect effect = remedy().look(docker, as_attempt(asked, incident), clock_);
  if (std::holds_alternative<NotYet>(effect)) return told;
  if (std::holds_alternative<InEffect>(effect))
    came_of(incident, asked, "was left stopped, and has been started");
  return std::nullopt;
}

void NetworkSharers::came_of(const Incident& incident, const SharerRestart& asked,
                             const std::string& what) const {
  log::info("shared network", {{"incident", std::to_string(incident.id)},
                               {"host", incident.host},
                               {"container", incident.container},
                               {"detail", head_of(asked.name) + what}});
  steps_.add(incident, row_of(std::vector{head_of(asked.name) + what}, clock_.wall_now()));
}

bool NetworkSharers::may_start(const Incident& incident, const ContainerDetails& sharer) const {
  const auto settings = settings_.get();
  std::string objection;
  const auto read = journal_.read([&](JournalReader& reader) {
    objection = objection_of(reader, look(reader, incident, sharer), settings->guards);
  });
  return read && objection.empty();
}

bool NetworkSharers::is_following(JournalReader& reader, const Facts& facts,
                                  const GuardSettings& settings) {
  if (!facts.inspected) return false;
  for (const AttemptUnderWay& other : reader.attempts_under_way()) {
    if (other.acted_at || other.host != facts.host || stuck(other, facts.now, settings)) continue;
    const auto incident = reader.open_incident(other.host, other.container);
    if (!incident) continue;
    for (const SharerRestart& asked : sharer_restarts(reader.decisions(incident->id)))
      if (asked.id == facts.inspected->id && asked.requested_at >= other.requested_at) return true;
  }
  return false;
}

Facts NetworkSharers::look(JournalReader& reader, const Incident& incident,
                           const ContainerDetails& sharer) const {
  Incident its;
  its.host = incident.host;
  its.container = sharer.name;
  its.group = group_of(sharer.labels, sharer.name);
  Facts facts;
  facts.now = clock_.wall_now();
  facts.host = its.host;
  facts.container = its.container;
  facts.group = its.group;
  facts.asked_action = to_string(Action::restart);
  facts.inspected = sharer;
  facts.is_self = facts_reader_.is_own(sharer.id);
  facts.around = reader.surroundings(its, facts.now);
  return facts;
}

}  // namespace selfheal
