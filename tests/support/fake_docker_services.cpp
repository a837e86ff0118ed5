// The fake engine as a manager of a Swarm.
#include "tests/support/fake_docker.h"

namespace selfheal {

ServiceDetails& FakeDocker::add_service(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Service& made = services_[name];
  made.details.id = "id-of-" + name;
  made.details.name = name;
  made.details.labels["selfheal.enable"] = "true";
  made.details.replicas = 3;
  made.tasks.resize(*made.details.replicas);
  update(made, 0);
  const WallTime an_hour_ago = clock_.wall_now() - std::chrono::hours(1);
  made.details.created_at = made.details.updated_at = an_hour_ago;
  made.details.update_state = ServiceUpdateState::none;
  made.details.update_started_at.reset();
  for (TaskDetails& task : made.tasks) task.since = an_hour_ago;
  return made.details;
}

void FakeDocker::change_service(const std::string& name,
                                const std::function<void(ServiceDetails&)>& how) {
  const std::lock_guard lock(mutex_);
  how(services_.at(name).details);
}

void FakeDocker::set_tasks(const std::string& service, std::vector<TaskDetails> tasks) {
  const std::lock_guard lock(mutex_);
  services_.at(service).tasks = std::move(tasks);
}

void FakeDocker::set_manager(bool is_manager) {
  const std::lock_guard lock(mutex_);
  is_manager_ = is_manager;
}

DockerResult<FakeDocker::Service*> FakeDocker::find_service(const std::string& name_or_id) {
  if (fail_all_) return failure(*fail_all_);
  if (!is_manager_) return failure(DockerFailureKind::unavailable);
  for (auto& [name, service] : services_)
    if (name == name_or_id || service.details.id == name_or_id) return &service;
  return failure(DockerFailureKind::not_found);
}

DockerResult<ServiceDetails> FakeDocker::inspect_service(const std::string& service) {
  const std::lock_guard lock(mutex_);
  const auto found = find_service(service);
  if (!found) return found.error();
  return (*found)->details;
}

DockerResult<std::vector<TaskDetails>> FakeDocker::tasks(const std::string& service) {
  const std::lock_guard lock(mutex_);
  const auto found = find_service(service);
  if (!found) return found.error();
  return (*found)->tasks;
}

void FakeDocker::update(Service& service, uint64_t force_update) const {
  const WallTime now = clock_.wall_now();
  service.details.force_update = force_update;
  service.details.update_state = ServiceUpdateState::completed;
  service.details.update_started_at = service.details.updated_at = now;
  uint64_t slot = 0;
  for (TaskDetails& task : service.tasks) {
    task.slot = ++slot;
    task.id = "t" + std::to_string(slot) + "u" + std::to_string(force_update);
    task.container_id = "container-of-" + task.id;
    task.force_update = force_update;
    task.running = true;
    task.state = "running";
    task.since = now;
  }
}

DockerResult<Done> FakeDocker::force_update(const std::string& service, uint64_t force_update) {
  std::unique_lock lock(mutex_);
  actions_.push_back("force_update " + service + " " + std::to_string(force_update));
  const auto found = find_service(service);
  if (!found) return found.error();
  const ActionScript script = next_action_.value_or(ActionScript{});
  if (next_action_ && --next_action_->times == 0) next_action_.reset();
  if (script.effect == Effect::usual || script.effect == Effect::restarts)
    update(**found, force_update);
  if (script.effect == Effect::removes) services_.erase((*found)->details.name);
  lock.unlock();
  if (script.meanwhile) script.meanwhile();
  if (script.failure) return failure(*script.failure);
  return Done{};
}

}  // namespace selfheal
