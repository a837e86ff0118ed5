#include "tests/support/fake_docker.h"

#include <algorithm>

namespace selfheal {

ContainerDetails& FakeDocker::add(const std::string& name) {
  const std::lock_guard lock(mutex_);
  ContainerDetails& made = containers_[name];
  made.name = name;
  made.id = "id-of-" + name;
  made.labels["selfheal.enable"] = "true";
  made.state = ContainerState::running;
  made.started_at = clock_.wall_now() - std::chrono::hours(1);
  return made;
}

void FakeDocker::change(const std::string& name,
                        const std::function<void(ContainerDetails&)>& how) {
  const std::lock_guard lock(mutex_);
  how(containers_.at(name));
}

void FakeDocker::lose(const std::string& name) {
  const std::lock_guard lock(mutex_);
  containers_.erase(name);
}

void FakeDocker::next_action(ActionScript script) {
  const std::lock_guard lock(mutex_);
  next_action_ = script;
}

void FakeDocker::fail_list(std::optional<DockerFailureKind> kind) {
  const std::lock_guard lock(mutex_);
  fail_list_ = kind;
}

void FakeDocker::fail_inspect_if(std::function<bool()> says) {
  const std::lock_guard lock(mutex_);
  fail_inspect_if_ = std::move(says);
}

void FakeDocker::fail_all(std::optional<DockerFailureKind> kind) {
  const std::lock_guard lock(mutex_);
  fail_all_ = kind;
}

void FakeDocker::set_host(std::string host) {
  const std::lock_guard lock(mutex_);
  host_ = std::move(host);
}

std::vector<std::string> FakeDocker::actions() const {
  const std::lock_guard lock(mutex_);
  return actions_;
}

void FakeDocker::set_evidence(Evidence evidence) {
  const std::lock_guard lock(mutex_);
  evidence_ = std::move(evidence);
}

void FakeDocker::set_exec(DockerResult<CommandResult> result) {
  const std::lock_guard lock(mutex_);
  exec_result_ = std::move(result);
}

std::vector<std::string> FakeDocker::looks() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sorted = looks_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::optional<LogTail> FakeDocker::last_log_tail() const {
  const std::lock_guard lock(mutex_);
  return last_log_tail_;
}

int FakeDocker::inspects() const {
  const std::lock_guard lock(mutex_);
  return inspects_;
}

DockerFailure FakeDocker::failure(DockerFailureKind kind) const {
  return {kind, "the fake engine says " + std::string(to_string(kind))};
}

FakeDocker::Containers::iterator FakeDocker::find(const std::string& name_or_id) {
  for (auto entry = containers_.begin(); entry != containers_.end(); ++entry)
    if (entry->first == name_or_id || entry->second.id == name_or_id) return entry;
  return containers_.end();
}

DockerResult<EngineInfo> FakeDocker::info() {
  const std::lock_guard lock(mutex_);
  if (fail_all_) return failure(*fail_all_);
  return EngineInfo{host_, "20.10.24", ""};
}

DockerResult<std::vector<ContainerSummary>> FakeDocker::list() {
  const std::lock_guard lock(mutex_);
  if (fail_all_) return failure(*fail_all_);
  if (fail_list_) return failure(*fail_list_);
  std::vector<ContainerSummary> all;
  for (const auto& [name, details] : containers_)
    all.push_back({details.id, name, details.state, details.labels, details.network_mode});
  return all;
}

DockerResult<ContainerDetails> FakeDocker::inspect(const std::string& container) {
  const std::lock_guard lock(mutex_);
  ++inspects_;
  if (fail_all_) return failure(*fail_all_);
  if (fail_inspect_if_ && fail_inspect_if_()) return failure(DockerFailureKind::failed);
  const auto found = find(container);
  if (found == containers_.end()) return failure(DockerFailureKind::not_found);
  return found->second;
}

void FakeDocker::inspect_async(const std::string& container, Milliseconds,
                               Callback<ContainerDetails> callback) {
  callback(inspect(container));
}

void FakeDocker::memory_async(const std::string&, Milliseconds, Callback<MemoryUsage> callback) {
  callback(failure(DockerFailureKind::failed));
}

void FakeDocker::create_exec_async(const std::string&, const std::vector<std::string>&,
                                   Milliseconds, Callback<std::string> callback) {
  callback(failure(DockerFailureKind::failed));
}

void FakeDocker::run_exec_async(const std::string&, Milliseconds, OnOutput,
                                Callback<Done> callback) {
  callback(failure(DockerFailureKind::failed));
}

void FakeDocker::inspect_exec_async(const std::string&, Milliseconds,
                                    Callback<ExecState> callback) {
  callback(failure(DockerFailureKind::failed));
}

DockerResult<FakeDocker::Evidence> FakeDocker::look(const std::string& record,
                                                    const std::string& container,
                                                    Milliseconds timeout) {
  std::unique_lock lock(mutex_);
  looks_.push_back(record + " " + container);
  if (fail_all_) return failure(*fail_all_);
  if (find(container) == containers_.end()) return failure(DockerFailureKind::not_found);
  Evidence evidence = evidence_;
  lock.unlock();
  if (evidence.meanwhile) evidence.meanwhile(timeout);
  return evidence;
}

DockerResult<LogText> FakeDocker::logs(const std::string& container, const LogTail& tail,
                                       Milliseconds timeout) {
  {
    const std::lock_guard lock(mutex_);
    last_log_tail_ = tail;
  }
  const auto seen = look("logs", container, timeout);
  if (!seen) return seen.error();
  return seen->log;
}

DockerResult<ProcessList> FakeDocker::top(const std::string& container, Milliseconds timeout) {
  const auto seen = look("top", container, timeout);
  if (!seen) return seen.error();
  return seen->processes;
}

DockerResult<ContainerStats> FakeDocker::stats(const std::string& container, Milliseconds timeout) {
  const auto seen = look("stats", container, timeout);
  if (!seen) return seen.error();
  return seen->stats;
}

DockerResult<Done> FakeDocker::restart(const std::string& container,
                                       std::chrono::seconds stop_timeout) {
  return act(container, "restart " + container + " t=" + std::to_string(stop_timeout.count()),
             [this](auto found) { restarts(found); });
}

DockerResult<Done> FakeDocker::kill(const std::string& container) {
  return act(container, "kill " + container, [this](auto found) { restarts(found); });
}

DockerResult<Done> FakeDocker::start(const std::string& container) {
  return act(container, "start " + container, [this](auto found) { restarts(found); });
}

DockerResult<Done> FakeDocker::stop(const std::string& container,
                                    std::chrono::seconds stop_timeout) {
  return act(container, "stop " + container + " t=" + std::to_string(stop_timeout.count()), stops);
}

DockerResult<CommandResult> FakeDocker::exec(const std::string& container,
                                             const std::vector<std::string>& command,
                                             Milliseconds) {
  std::string record = "exec " + container + ":";
  for (const std::string& word : command) (record += ' ') += word;
  const auto acted = act(container, record, [](auto) {});
  if (!acted) return acted.error();
  const std::lock_guard lock(mutex_);
  return exec_result_;
}

void FakeDocker::restarts(Containers::iterator container) {
  container->second.state = ContainerState::running;
  container->second.started_at = clock_.wall_now();
}

void FakeDocker::stops(Containers::iterator container) {
  container->second.state = ContainerState::exited;
  container->second.exit_code = 143;
}

void FakeDocker::apply(Effect effect, Containers::iterator container, const Change& usually) {
  switch (effect) {
    case Effect::usual:
      return usually(container);
    case Effect::none:
      return;
    case Effect::restarts:
      return restarts(container);
    case Effect::leaves_stopped:
      return stops(container);
    case Effect::removes:
      containers_.erase(container);
      return;
  }
}

DockerResult<Done> FakeDocker::act(const std::string& container, const std::string& record,
                                   const Change& usually) {
  std::unique_lock lock(mutex_);
  actions_.push_back(record);
  if (fail_all_) return failure(*fail_all_);
  const auto found = find(container);
  if (found == containers_.end()) return failure(DockerFailureKind::not_found);
  const ActionScript script = next_action_.value_or(ActionScript{});
  if (next_action_ && --next_action_->times == 0) next_action_.reset();
  apply(script.effect, found, usually);
  lock.unlock();
  if (script.meanwhile) script.meanwhile();
  if (script.failure) return failure(*script.failure);
  return Done{};
}

DockerResult<Done> FakeDocker::events(int64_t, int64_t, const std::function<void(DockerEvent)>&) {
  return failure(DockerFailureKind::closed);
}

void FakeDocker::shut_down() {
  fail_all(DockerFailureKind::aborted);
}

}  // namespace selfheal
