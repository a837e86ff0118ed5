#include "remediator/act/engine_watch.h"

#include "common/base/log.h"

namespace selfheal {

EngineWatch::EngineWatch(DockerApi& docker, const Clock& clock, Milliseconds interval)
    : docker_(docker), clock_(clock), interval_(interval) {}

EngineWatch::~EngineWatch() {
  stop();
}

void EngineWatch::start() {
  ask();
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "engine-watch");
}

void EngineWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_signal_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void EngineWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stop_signal_.wait_for(lock, interval_, [this] { return stopping_; })) {
    lock.unlock();
    ask();
    lock.lock();
  }
}

void EngineWatch::ask() {
  const DockerResult<EngineInfo> info = docker_.info();
  if (!info && info.error().kind == DockerFailureKind::aborted) return;
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  const bool changed = !asked_ || connected_ != info.ok();
  if (asked_ && changed && info.ok()) back_at_ = clock_.wall_now();
  asked_ = true;
  connected_ = info.ok();
  if (info) host_ = info->host_name;
  if (!changed) return;  // one line when it goes and one when it comes back
  if (info)
    log::info("Docker answers", {{"host", host_}, {"version", info->version}});
  else
    log::error("Docker does not answer; nothing can be healed until it does",
               {{"err", info.error().message}});
}

bool EngineWatch::connected() const {
  const std::lock_guard lock(mutex_);
  return connected_;
}

std::optional<WallTime> EngineWatch::back_at() const {
  const std::lock_guard lock(mutex_);
  return back_at_;
}

std::string EngineWatch::host() const {
  const std::lock_guard lock(mutex_);
  return host_;
}

}  // namespace selfheal
