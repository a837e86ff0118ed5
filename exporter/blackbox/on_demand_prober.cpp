#include "exporter/blackbox/on_demand_prober.h"

#include <utility>

#include <pthread.h>

namespace selfheal {

OnDemandProber::OnDemandProber(const Clock& clock, DockerApi& docker, size_t limit)
    : limit_(limit), loop_(clock), probers_(loop_, docker), thread_([this] { loop_.run(); }) {
  pthread_setname_np(thread_.native_handle(), "probes-asked");
}

OnDemandProber::~OnDemandProber() {
  stop();
}

void OnDemandProber::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Waiter* waiter : waiters_) waiter->wake.notify_one();
  }
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

void OnDemandProber::set_limit(size_t limit) {
  const std::lock_guard lock(mutex_);
  limit_ = limit;
}

Result<ProbeResult, OnDemandProber::Unavailable> OnDemandProber::probe(ProbeRequest request) {
  // Shared with the prober's callback, which may come when nobody waits any more.
  const auto waiter = std::make_shared<Waiter>();
  std::unique_lock lock(mutex_);
  if (stopping_) return Unavailable::stopping;
  if (waiters_.size() >= limit_) return Unavailable::busy;
  waiters_.insert(waiter.get());
  loop_.post([this, waiter, request = std::move(request)]() mutable {
    start(std::move(request), waiter);
  });
  waiter->wake.wait(lock, [&] { return waiter->result || stopping_; });
  waiters_.erase(waiter.get());
  if (!waiter->result) return Unavailable::stopping;
  return *std::move(waiter->result);
}

void OnDemandProber::start(ProbeRequest request, std::shared_ptr<Waiter> waiter) {
  Prober& prober = probers_.of(request.module->prober);
  const WallTime started_at = loop_.clock().wall_now();
  const SteadyTime begun = loop_.now();
  prober.start(std::move(request), [this, waiter, started_at, begun](ProbeResult result) {
    result.started_at = started_at;
    result.duration = loop_.now() - begun;
    const std::lock_guard lock(mutex_);
    waiter->result = std::move(result);
    waiter->wake.notify_one();
  });
}

}  // namespace selfheal
