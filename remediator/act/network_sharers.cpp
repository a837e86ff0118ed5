#include "remediator/act/network_sharers.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/docker/container_group.h"
#include "remediator/act/remedies/docker_word.h"

namespace selfheal {
namespace {

constexpr std::string_view kOfContainer = "container:";
// A process can die between writing it down and asking.
constexpr auto kTimesAsked = 2;

// The engine writes the owner's id there, older ones what the user wrote.
bool shares(const std::string& network_mode, const ContainerDetails& owner) {
  if (!network_mode.starts_with(kOfContainer)) return false;
  const std::string named = network_mode.substr(kOfContainer.size());
  return named == owner.id || named == owner.name;
}

std::string head_of(const std::string& name) {
  return name + ", which shares its network, ";
}

const Remedy& remedy() {
  return remedy_of(to_string(Action::restart));
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
                                                const ContainerDetails& owner) const {
  const Attempt& attempt = incident.attempts.back();
  const Milliseconds patience = settings_.get()->guards.longest_acting;
  std::vector<DecisionRow> decisions;
  const auto read =
      journal_.read([&](JournalReader& reader) { decisions = reader.decisions(incident.id); });
  const auto all = docker.list();
  if (!read || !all) {
    if (!read || clock_.wall_now() <= attempt.requested_at + attempt.stop_timeout + patience)
      return {kFaultPause, {}};
    return {{}, {"whether others share its network is not known: " + all.error().message}};
  }
  Followed followed;
  for (const ContainerSummary& other : *all) {
    if (!shares(other.network_mode, owner)) continue;
    std::vector<SharerRestart> asked = sharer_restarts(decisions);
    std::erase_if(asked, [&](const SharerRestart& restart) { return restart.id != other.id; });
    Fate fate = follow_one(docker, incident, owner, other.id, asked);
    const auto* not_yet = std::get_if<NotYet>(&fate);
    const WallTime since = asked.empty() ? attempt.requested_at : asked.back().requested_at;
    // The proof of the owner's health must not wait for ever for what another one's start needs.
    if (not_yet != nullptr && clock_.wall_now() <= since + attempt.stop_timeout + patience)
      followed.look_again =
          std::min(followed.look_again.value_or(not_yet->look_again), not_yet->look_again);
    else if (not_yet != nullptr)
      followed.told.push_back(head_of(other.name) + "could not be seen to have been restarted");
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
