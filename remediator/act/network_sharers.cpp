#include "remediator/act/network_sharers.h"

#include "common/base/log.h"
#include "common/docker/left_aside.h"
#include "common/docker/opt_in.h"
#include "remediator/act/stop_timeout.h"
#include "remediator/decision/guards/protected_names.h"

namespace selfheal {
namespace {

constexpr std::string_view kOfContainer = "container:";

// The engine writes the owner's id there, older ones what the user wrote.
bool shares(const std::string& network_mode, const ContainerDetails& owner) {
  if (!network_mode.starts_with(kOfContainer)) return false;
  const std::string named = network_mode.substr(kOfContainer.size());
  return named == owner.id || named == owner.name;
}

std::string restart_one(DockerApi& docker, const std::string& id, const ContainerDetails& owner,
                        const GuardSettings& settings) {
  const auto live = docker.inspect(id);
  if (!live) return id + ": " + live.error().message;
  // Stopped, it is a person's; newer than the owner, it is in the right network already.
  if (!live->running() || live->started_at >= owner.started_at) return "";
  const std::string head = live->name + ", which shares its network, ";
  const std::string objection = objection_to_following(*live, settings);
  if (!objection.empty()) return head + "was left alone: " + objection;
  const auto restarted = docker.restart(live->id, stop_timeout_of(*live));
  if (!restarted) return head + "could not be restarted: " + restarted.error().message;
  return head + "was restarted after it";
}

}  // namespace

std::string objection_to_following(const ContainerDetails& sharer, const GuardSettings& settings) {
  if (!opted_in(sharer.labels)) return "it has not opted in";
  if (is_left_aside(sharer.name)) return "a recreation has left it aside";
  if (is_protected(sharer.name, settings)) return "guards.protected names it";
  const auto action = sharer.labels.find("selfheal.action");
  if (action != sharer.labels.end() && action->second == "none")
    return "its label selfheal.action says none";
  if (brake_is_set(sharer.labels, "selfheal.dry-run")) return "its label selfheal.dry-run says so";
  return "";
}

std::vector<std::string> restart_network_sharers(DockerApi& docker, const Incident& incident,
                                                 const ContainerDetails& owner,
                                                 const GuardSettings& settings) {
  std::vector<std::string> told;
  const auto all = docker.list();
  if (!all) return {"whether others share its network is not known: " + all.error().message};
  for (const ContainerSummary& other : *all) {
    if (!shares(other.network_mode, owner)) continue;
    std::string became = restart_one(docker, other.id, owner, settings);
    if (became.empty()) continue;
    log::info("shared network", {{"incident", std::to_string(incident.id)},
                                 {"host", incident.host},
                                 {"container", incident.container},
                                 {"detail", became}});
    told.push_back(std::move(became));
  }
  return told;
}

}  // namespace selfheal
