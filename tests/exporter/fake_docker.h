// A Docker Engine in memory, for tests of what talks to one. Thread-safe.
//
// Containers are set as values; events reach every open stream and are kept for those that ask for
// the past. It can be "down", when every call fails and streams end.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/docker/docker_api.h"

namespace selfheal {

class FakeDocker final : public DockerApi {
 public:
  void set(const ContainerDetails& details) {
    const std::lock_guard lock(mutex_);
    containers_[details.id] = details;
  }
  void erase(const std::string& id) {
    const std::lock_guard lock(mutex_);
    containers_.erase(id);
  }
  void emit(const DockerEvent& event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
    }
    changed_.notify_all();
  }
  void set_down(bool down) {
    {
      const std::lock_guard lock(mutex_);
      down_ = down;
    }
    changed_.notify_all();
  }
  // Docker's own restart: what it remembered of events is lost.
  void forget_events() {
    const std::lock_guard lock(mutex_);
    events_.clear();
  }
  int inspects(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return inspects_[id];
  }
  void set_memory(DockerResult<MemoryUsage> memory) {
    const std::lock_guard lock(mutex_);
    memory_ = std::move(memory);
  }
  int memory_reads(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return memory_reads_[id];
  }
  int lists() {
    const std::lock_guard lock(mutex_);
    return lists_;
  }

  DockerResult<EngineInfo> info() override {
    const std::lock_guard lock(mutex_);
    if (unavailable()) return *unavailable();
    return EngineInfo{"host", "20.10"};
  }

  DockerResult<std::vector<ContainerSummary>> list() override {
    const std::lock_guard lock(mutex_);
    if (unavailable()) return *unavailable();
    ++lists_;
    std::vector<ContainerSummary> all;
    for (const auto& [id, details] : containers_)
      all.push_back({id, details.name, details.state, details.labels});
    return all;
  }

  DockerResult<ContainerDetails> inspect(const std::string& container) override {
    const std::lock_guard lock(mutex_);
    if (unavailable()) return *unavailable();
    ++inspects_[container];
    const auto found = containers_.find(container);
    if (found == containers_.end()) return DockerFailure{DockerFailureKind::not_found, "no such"};
    return found->second;
  }

  void inspect_async(const std::string& container, Milliseconds,
                     Callback<ContainerDetails> callback) override {
    callback(inspect(container));
  }
  void memory_async(const std::string& container, Milliseconds,
                    Callback<MemoryUsage> callback) override {
    const std::lock_guard lock(mutex_);
    ++memory_reads_[container];
    callback(memory_);
  }
  void create_exec_async(const std::string&, const std::vector<std::string>&, Milliseconds,
                         Callback<std::string> callback) override {
    callback(DockerFailure{DockerFailureKind::failed, "no exec here"});
  }
  void run_exec_async(const std::string&, Milliseconds, OnOutput,
                      Callback<Done> callback) override {
    callback(DockerFailure{DockerFailureKind::failed, "no exec here"});
  }
  void inspect_exec_async(const std::string&, Milliseconds, Callback<ExecState> callback) override {
    callback(DockerFailure{DockerFailureKind::failed, "no exec here"});
  }

  DockerResult<Done> restart(const std::string&, std::chrono::seconds) override { return Done{}; }
  DockerResult<Done> start(const std::string&) override { return Done{}; }

  DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                            const std::function<void(DockerEvent)>& on_event) override {
    std::unique_lock lock(mutex_);
    size_t next = 0;
    for (;;) {
      if (unavailable()) return *unavailable();
      for (; next < events_.size(); ++next) {
        const DockerEvent event = events_[next];
        if (event.time_ns < since_ns) continue;
        lock.unlock();
        on_event(event);
        lock.lock();
      }
      if (until_ns > 0) return Done{};
      changed_.wait(lock);
    }
  }

  void shut_down() override {
    {
      const std::lock_guard lock(mutex_);
      shut_down_ = true;
    }
    changed_.notify_all();
  }

 private:
  std::optional<DockerFailure> unavailable() const {
    if (shut_down_) return DockerFailure{DockerFailureKind::aborted, "shut down"};
    if (down_) return DockerFailure{DockerFailureKind::unreachable, "down"};
    return std::nullopt;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, ContainerDetails> containers_;
  std::vector<DockerEvent> events_;
  std::map<std::string, int> inspects_;
  DockerResult<MemoryUsage> memory_ = MemoryUsage{};
  std::map<std::string, int> memory_reads_;
  int lists_ = 0;
  bool down_ = false;
  bool shut_down_ = false;
};

}  // namespace selfheal
