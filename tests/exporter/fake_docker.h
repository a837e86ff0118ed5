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
#include <utility>
#include <vector>

#include "tests/exporter/only_watched_docker.h"

namespace selfheal {

class FakeDocker final : public OnlyWatchedDocker {
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
  void set_host(const std::string& name) {
    const std::lock_guard lock(mutex_);
    host_ = name;
  }
  // Where the engine answers: on another machine.
  void set_address(const std::string& address) {
    const std::lock_guard lock(mutex_);
    address_ = address;
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
  // From now on an inspect of that one fails, or works again.
  void fail_inspect(const std::string& id, std::optional<DockerFailure> failure) {
    const std::lock_guard lock(mutex_);
    inspect_faults_.erase(id);
    if (failure) inspect_faults_.emplace(id, *failure);
  }
  // Streams of events fail with it, as behind a proxy that does not let them through.
  void refuse_events(std::optional<DockerFailure> failure) {
    const std::lock_guard lock(mutex_);
    event_refusal_ = std::move(failure);
  }
  // Only who asks for the past is told, as Podman does it now and then.
  void forget_live_events(bool forget) {
    const std::lock_guard lock(mutex_);
    loses_live_ = forget;
  }
  // What happened before is not told in time.
  void hang_on_past_events(bool hang) {
    const std::lock_guard lock(mutex_);
    past_hangs_ = hang;
  }
  // Until when the past was last asked for.
  int64_t past_until_ns() {
    const std::lock_guard lock(mutex_);
    return past_until_ns_;
  }
  int streams_refused() {
    const std::lock_guard lock(mutex_);
    return streams_refused_;
  }
  int streams() {
    const std::lock_guard lock(mutex_);
    return streams_;
  }
  // Answers to inspect_async() wait until this is false again.
  void hold_inspects(bool hold) {
    std::unique_lock lock(mutex_);
    hold_inspects_ = hold;
    if (hold) return;
    auto held = std::exchange(held_inspects_, {});
    lock.unlock();
    for (const auto& [container, callback] : held) callback(inspect(container));
  }
  int held_inspects() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(held_inspects_.size());
  }
  // What becomes of commands from now on.
  struct Exec {
    std::optional<DockerFailure> refusal = {};  // of the first call
    std::string output = {};
    bool stays = false;  // until end_execs()
    DockerResult<Done> end = Done{};
    DockerResult<ExecState> state = ExecState{false, 0};
  };
  void set_exec(Exec exec) {
    const std::lock_guard lock(mutex_);
    exec_ = std::move(exec);
  }
  int execs() {
    const std::lock_guard lock(mutex_);
    return execs_;
  }
  int running_execs() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(running_execs_.size());
  }
  void end_execs() {
    const std::lock_guard lock(mutex_);
    for (const auto& callback : std::exchange(running_execs_, {})) callback(exec_.end);
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
    return EngineInfo{host_, "20.10", address_};
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
    if (const auto fault = inspect_faults_.find(container); fault != inspect_faults_.end())
      return fault->second;
    const auto found = containers_.find(container);
    if (found == containers_.end()) return DockerFailure{DockerFailureKind::not_found, "no such"};
    return found->second;
  }

  void inspect_async(const std::string& container, Milliseconds,
                     Callback<ContainerDetails> callback) override {
    {
      const std::lock_guard lock(mutex_);
      if (hold_inspects_) {
        held_inspects_.emplace_back(container, std::move(callback));
        return;
      }
    }
    callback(inspect(container));
  }
  void memory_async(const std::string& container, Milliseconds,
                    Callback<MemoryUsage> callback) override {
    const std::lock_guard lock(mutex_);
    ++memory_reads_[container];
    callback(memory_);
  }
  void create_exec_async(const std::string& container, const std::vector<std::string>&,
                         Milliseconds, Callback<std::string> callback) override {
    const std::lock_guard lock(mutex_);
    if (exec_.refusal) return callback(*exec_.refusal);
    callback("exec-" + std::to_string(++execs_) + "-in-" + container);
  }
  void run_exec_async(const std::string&, Milliseconds, OnOutput on_output,
                      Callback<Done> callback) override {
    const std::lock_guard lock(mutex_);
    on_output(exec_.output);
    if (exec_.stays)
      running_execs_.push_back(std::move(callback));
    else
      callback(exec_.end);
  }
  void inspect_exec_async(const std::string&, Milliseconds, Callback<ExecState> callback) override {
    const std::lock_guard lock(mutex_);
    callback(exec_.state);
  }

  DockerResult<Done> events(int64_t since_ns, int64_t until_ns,
                            const std::function<void(DockerEvent)>& on_event) override {
    std::unique_lock lock(mutex_);
    if (event_refusal_) {
      if (until_ns == 0) ++streams_refused_;
      return *event_refusal_;
    }
    if (until_ns == 0) ++streams_;
    if (until_ns > 0) past_until_ns_ = until_ns;
    if (until_ns > 0 && past_hangs_) return DockerFailure{DockerFailureKind::timeout, "timed out"};
    size_t next = 0;
    for (;;) {
      if (unavailable()) return *unavailable();
      for (; next < events_.size(); ++next) {
        const DockerEvent event = events_[next];
        if (event.time_ns < since_ns || (until_ns == 0 && loses_live_)) continue;
        lock.unlock();
        on_event(event);
        lock.lock();
      }
      if (until_ns > 0) return Done{};
      // It was unlocked meanwhile.
      changed_.wait(lock, [&] { return unavailable() || next < events_.size(); });
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
  std::string host_ = "host";
  std::map<std::string, ContainerDetails> containers_;
  std::vector<DockerEvent> events_;
  std::map<std::string, int> inspects_;
  DockerResult<MemoryUsage> memory_ = MemoryUsage{};
  std::map<std::string, int> memory_reads_;
  std::map<std::string, DockerFailure> inspect_faults_;
  std::optional<DockerFailure> event_refusal_;
  int streams_ = 0;
  bool past_hangs_ = false;
  bool loses_live_ = false;
  int64_t past_until_ns_ = 0;
  std::string address_;
  int streams_refused_ = 0;
  bool hold_inspects_ = false;
  std::vector<std::pair<std::string, Callback<ContainerDetails>>> held_inspects_;
  Exec exec_;
  int execs_ = 0;
  std::vector<Callback<Done>> running_execs_;
  int lists_ = 0;
  bool down_ = false;
  bool shut_down_ = false;
};

}  // namespace selfheal
