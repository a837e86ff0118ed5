// The calls of FakeDocker that put a container in another one's place.
#include <nlohmann/json.hpp>

#include "common/base/time_text.h"
#include "tests/support/fake_docker.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;

void read_request(const Json& request, ContainerDetails& made) {
  made.image = request.value("Image", "");
  made.labels = request.value("Labels", Labels{});
  const Json networking = request.value("NetworkingConfig", Json::object());
  const Json endpoints = networking.value("EndpointsConfig", Json::object());
  for (const auto& [network, unused] : endpoints.items())
    made.networks.push_back({network, "", ""});
}

}  // namespace

void FakeDocker::set_image(const std::string& image, std::string id) {
  const std::lock_guard lock(mutex_);
  images_[image] = std::move(id);
}

void FakeDocker::lose_network(const std::string& network) {
  const std::lock_guard lock(mutex_);
  lost_networks_.insert(network);
}

std::string FakeDocker::restart_policy(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  const auto found = restart_policies_.find(container);
  return found == restart_policies_.end() ? "null" : found->second;
}

DockerResult<std::string> FakeDocker::inspect_raw(const std::string& container) {
  const std::lock_guard lock(mutex_);
  ++inspects_;
  if (fail_all_) return failure(*fail_all_);
  const auto found = find(container);
  if (found == containers_.end()) return failure(DockerFailureKind::not_found);
  const ContainerDetails& details = found->second;
  Json networks = Json::object();
  for (const NetworkAddress& network : details.networks) networks[network.network] = Json::object();
  const auto policy = restart_policies_.find(details.id);
  const auto image = images_.find(details.image);
  const std::string never = "0001-01-01T00:00:00Z";
  return Json{{"Id", details.id},
              {"Name", "/" + details.name},
              {"Image", image == images_.end() ? details.image : image->second},
              {"State",
               {{"Status", to_string(details.state)},
                {"Running", details.running()},
                {"StartedAt", details.started_at ? format_rfc3339(*details.started_at) : never}}},
              {"Config", {{"Image", details.image}, {"Labels", details.labels}}},
              {"HostConfig",
               {{"NetworkMode", details.network_mode},
                {"RestartPolicy",
                 policy == restart_policies_.end() ? Json() : Json::parse(policy->second)}}},
              {"NetworkSettings", {{"Networks", networks}}}}
      .dump();
}

DockerResult<std::string> FakeDocker::image_id(const std::string& image) {
  const std::lock_guard lock(mutex_);
  if (fail_all_) return failure(*fail_all_);
  const auto found = images_.find(image);
  if (found == images_.end()) return image;
  if (found->second.empty()) return failure(DockerFailureKind::not_found);
  return found->second;
}

DockerResult<std::string> FakeDocker::network_id(const std::string& network) {
  const std::lock_guard lock(mutex_);
  if (fail_all_) return failure(*fail_all_);
  if (lost_networks_.contains(network)) return failure(DockerFailureKind::not_found);
  return "id-of-" + network;
}

DockerResult<std::string> FakeDocker::create(const std::string& name, const std::string& request) {
  std::unique_lock lock(mutex_);
  actions_.push_back("create " + name);
  if (fail_all_) return failure(*fail_all_);
  if (find(name) != containers_.end()) return failure(DockerFailureKind::conflict);
  const ActionScript script = next_action_.value_or(ActionScript{});
  if (next_action_ && --next_action_->times == 0) next_action_.reset();
  const std::string id = "made-" + std::to_string(++created_);
  if (script.effect == Effect::usual) {
    const Json asked = Json::parse(request);
    ContainerDetails& made = containers_[name];
    made.id = id;
    made.name = name;
    made.state = ContainerState::created;
    read_request(asked, made);
    const Json host = asked.value("HostConfig", Json::object());
    made.network_mode = host.value("NetworkMode", "");
    if (host.contains("RestartPolicy")) restart_policies_[id] = host["RestartPolicy"].dump();
  }
  lock.unlock();
  if (script.meanwhile) script.meanwhile();
  if (script.failure) return failure(*script.failure);
  return id;
}

DockerResult<Done> FakeDocker::rename(const std::string& container, const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (!fail_all_ && find(name) != containers_.end()) {
      actions_.push_back("rename " + container + " " + name);
      return failure(DockerFailureKind::conflict);
    }
  }
  return act(container, "rename " + container + " " + name, [&](auto found) {
    auto entry = containers_.extract(found);
    entry.key() = entry.mapped().name = name;
    containers_.insert(std::move(entry));
  });
}

DockerResult<Done> FakeDocker::connect_network(const std::string& network,
                                               const std::string& container, const std::string&) {
  return act(container, "connect " + container + " " + network, [&](auto found) {
    found->second.networks.push_back({network, "", ""});
  });
}

DockerResult<Done> FakeDocker::set_restart_policy(const std::string& container,
                                                  const std::string& policy) {
  return act(container, "policy " + container + " " + policy,
             [&](auto found) { restart_policies_[found->second.id] = policy; });
}

DockerResult<Done> FakeDocker::remove(const std::string& container) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = find(container);
    if (!fail_all_ && found != containers_.end() && found->second.running()) {
      actions_.push_back("remove " + container);
      return failure(DockerFailureKind::conflict);
    }
  }
  return act(container, "remove " + container, [this](auto found) { containers_.erase(found); });
}

}  // namespace selfheal
