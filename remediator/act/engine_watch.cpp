#include "remediator/act/engine_watch.h"

#include <algorithm>

#include "common/base/log.h"

namespace selfheal {
namespace {

// Nothing is asked of an engine that is away until it was seen to be back.
constexpr Milliseconds kAwayInterval{1000};

}  // namespace

EngineWatch::EngineWatch(DockerApi& docker, const Clock& clock, Milliseconds interval,
                         std::string name)
    : docker_(docker), clock_(clock), interval_(interval), name_(std::move(name)) {}

EngineWatch::~EngineWatch() {
  stop();
}

void EngineWatch::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "engine-watch");
}

void EngineWatch::await_first(Milliseconds longest) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [this] { return state_.asked || stopping_; });
}

void EngineWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void EngineWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    ask();
    lock.lock();
    const Milliseconds pause = state_.connected ? interval_ : std::min(interval_, kAwayInterval);
    changed_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

void EngineWatch::ask() {
  const DockerResult<EngineInfo> info = docker_.info();
  if (!info && info.error().kind == DockerFailureKind::aborted) return;
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  const EngineState before = state_;
  state_.asked = true;
  state_.connected = info.ok();
  state_.failure = info ? "" : info.error().message;
  if (info) {
    state_.host = info->host_name;
    state_.version = info->version;
  }
  if (before.asked && !before.connected && state_.connected) back_since_ = clock_.steady_now();
  changed_.notify_all();
  // One line when it goes and one when it comes back.
  if (!before.asked || before.connected != state_.connected || before.host != state_.host)
    log_change(state_);
}

void EngineWatch::log_change(const EngineState& now) const {
  const std::string& called = name_.empty() ? now.host : name_;
  if (!now.connected)
    log::error("Docker does not answer; nothing can be healed there until it does",
               {{"host", called}, {"err", now.failure}});
  else if (now.host != called)
    log::error("docker.hosts is wrong about an engine; nothing is done there",
               {{"host", called}, {"its_own_name", now.host}});
  else
    log::info("Docker answers", {{"host", called}, {"version", now.version}});
}

EngineState EngineWatch::state() const {
  const std::lock_guard lock(mutex_);
  EngineState state = state_;
  if (back_since_) state.back_at = clock_.wall_now() - (clock_.steady_now() - *back_since_);
  return state;
}

}  // namespace selfheal
