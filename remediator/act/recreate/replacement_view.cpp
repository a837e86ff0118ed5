#include "remediator/act/recreate/replacement_view.h"

#include <utility>

#include "common/docker/docker_json.h"
#include "common/docker/left_aside.h"

namespace selfheal {
namespace {

using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;
using Step = ReplacementStep;

std::string policy_of(const Json& container) {
  const Json& policy = object_at(object_at(container, "HostConfig"), "RestartPolicy");
  const auto name = get_or<std::string>(policy, "Name", "");
  return Json{{"Name", name.empty() ? "no" : name},
              {"MaximumRetryCount", get_or<int>(policy, "MaximumRetryCount", 0)}}
      .dump();
}

// A stranger that has the name may be anything; ours is the old one's like.
bool is_like(const SeenContainer& old_one, const SeenContainer& candidate) {
  return candidate.image_id == old_one.image_id && candidate.labels == old_one.labels;
}

// The new one, under whichever name it has.
const SeenContainer* new_one(const ReplacementView& view) {
  if (view.ready) return &*view.ready;
  const bool ours = view.successor && view.old_one && is_like(*view.old_one, *view.successor);
  return ours ? &*view.successor : nullptr;
}

}  // namespace

ReplacementNames::ReplacementNames(std::string name, const std::string& old_id)
    : own(std::move(name)),
      parked(parked_name(own, old_id)),
      ready(ready_name(own, old_id)),
      next(next_name(own, old_id)) {}

Result<SeenContainer> parse_seen_container(std::string_view inspected) {
  return docker_json::parse<SeenContainer>(inspected, "a container", [](const Json& container) {
    SeenContainer seen;
    const Json& config = object_at(container, "Config");
    const Json& state = object_at(container, "State");
    const auto name = get_or<std::string>(container, "Name", "");
    const auto status = get_or<std::string>(state, "Status", "");
    seen.id = container.at("Id").get<std::string>();
    seen.name = name.starts_with('/') ? name.substr(1) : name;
    seen.image_name = get_or<std::string>(config, "Image", "");
    seen.image_id = get_or<std::string>(container, "Image", "");
    seen.labels = object_at(config, "Labels").dump();
    seen.restart_policy = policy_of(container);
    seen.up = status != "created" && status != "exited" && status != "dead";
    // Docker's word for never.
    seen.was_started = !get_or<std::string>(state, "StartedAt", "").starts_with("0001-");
    const auto mode = get_or<std::string>(object_at(container, "HostConfig"), "NetworkMode", "");
    if (mode == "host" || mode == "none") return seen;
    for (const auto& [network, unused] :
         object_at(object_at(container, "NetworkSettings"), "Networks").items())
      seen.networks.push_back(network);
    return seen;
  });
}

std::string_view to_string(ReplacementStep step) {
  switch (step) {
    case Step::create:
      return "creating the new one";
    case Step::connect:
      return "connecting the new one to its networks";
    case Step::commit:
      return "renaming the new one before the old one is stopped";
    case Step::stop_old:
      return "stopping the old one";
    case Step::park:
      return "taking the old one's restart policy away";
    case Step::rename_old:
      return "renaming the old one";
    case Step::rename_new:
      return "giving the new one its name";
    case Step::start_new:
      return "starting the new one";
    case Step::stop_new:
      return "stopping the new one";
    case Step::unpark:
      return "giving the old one its restart policy back";
    case Step::remove_new:
      return "removing the new one";
    case Step::take_name_back:
      return "giving the old one its name back";
    case Step::start_old:
      return "starting the old one";
    case Step::remove_old:
      return "removing the old one";
    case Step::done:
      return "done";
    case Step::old_is_gone:
      return "the old one is gone";
    case Step::name_is_taken:
      return "somebody else has created a container of that name meanwhile";
    case Step::was_renamed:
      return "somebody else has renamed the old one";
    case Step::not_replaced:
      return "no new one is in its place";
  }
  return "?";
}

// The old one is touched last: until the new one stands ready, nothing has been lost.
ReplacementStep next_to_replace(const ReplacementView& view) {
  if (!view.old_one) return Step::old_is_gone;
  const SeenContainer& old_one = *view.old_one;
  if (old_one.name != view.names.own && old_one.name != view.names.parked) return Step::was_renamed;
  const SeenContainer* successor = new_one(view);
  if (view.successor && successor != &*view.successor) return Step::name_is_taken;
  if (successor == nullptr) return Step::create;
  // Its image's name was given to another image in between.
  if (view.ready && !is_like(old_one, *view.ready)) return Step::remove_new;
  if (view.ready && !view.missing_networks.empty()) return Step::connect;
  // A stop that is under way is not to be seen in Docker, so what comes before it is made to be.
  if (is_uncommitted(view)) return Step::commit;
  if (old_one.up) return Step::stop_old;
  if (old_one.restart_policy != kNoRestart) return Step::park;
  if (old_one.name == view.names.own) return Step::rename_old;
  if (view.ready) return Step::rename_new;
  return successor->was_started ? Step::done : Step::start_new;
}

// The new one goes last but for the old one's start: until then it holds the restart policy.
ReplacementStep next_to_put_back(const ReplacementView& view) {
  const SeenContainer* successor = new_one(view);
  if (!view.old_one) return view.ready ? Step::remove_new : Step::old_is_gone;
  // With the ready one gone, a stranger with the name could not be told from the new one.
  if (view.ready && view.successor) return Step::name_is_taken;
  const SeenContainer& old_one = *view.old_one;
  if (successor != nullptr) {
    if (successor->up) return Step::stop_new;
    if (old_one.restart_policy != successor->restart_policy) return Step::unpark;
    return Step::remove_new;
  }
  if (view.successor) return Step::name_is_taken;
  if (old_one.name != view.names.own) return Step::take_name_back;
  return old_one.up ? Step::done : Step::start_old;
}

ReplacementStep next_to_withdraw(const ReplacementView& view) {
  if (!view.ready) return Step::done;
  return view.ready->up ? Step::stop_new : Step::remove_new;
}

ReplacementStep next_to_finish(const ReplacementView& view) {
  if (!view.old_one) return Step::done;
  if (view.old_one->name != view.names.parked || !view.successor) return Step::not_replaced;
  return view.old_one->up ? Step::stop_old : Step::remove_old;
}

bool is_uncommitted(const ReplacementView& view) {
  return view.ready && view.ready->name == view.names.ready && view.old_one &&
         view.old_one->name == view.names.own;
}

}  // namespace selfheal
