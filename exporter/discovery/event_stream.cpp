#include "exporter/discovery/event_stream.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

#include "common/base/log.h"

namespace selfheal {
namespace {

// A stream that held this long was a real connection.
constexpr Milliseconds kSolid{5'000};
// So many streams that were not, without an event, while the list answers: as good as refused.
constexpr int kBriefStreams = 3;
constexpr Milliseconds kRefusedPause{60'000};
constexpr int64_t kOverlapNs = 1'000'000'000;
// For as long rules take a request to stop for one that is still under way.
constexpr int64_t kPastNs = 600'000'000'000;

bool refuses(DockerFailureKind kind) {
  return kind == DockerFailureKind::refused || kind == DockerFailureKind::not_found;
}

}  // namespace

EventStream::EventStream(DockerApi& docker, const Clock& clock, Arrived arrived, Ended ended)
    : docker_(docker), clock_(clock), arrived_(std::move(arrived)), ended_(std::move(ended)) {}

void EventStream::open_if_due(WallTime list_begun) {
  if (since_ns_ == 0) {
    live_from_ns_ = to_unix_ns(list_begun) - kOverlapNs;
    since_ns_ = live_from_ns_ - kPastNs;
  }
  if (!open_ && clock_.steady_now() >= due_) open();
}

void EventStream::open() {
  join();
  open_ = true;
  began_ = clock_.steady_now();
  thread_ = std::thread([this, since = since_ns_] {
    const auto ended = docker_.events(since, 0, arrived_);
    ended_(ended ? DockerFailure{DockerFailureKind::closed, "Docker ended its stream of events"}
                 : ended.error());
  });
  pthread_setname_np(thread_.native_handle(), "docker-events");
}

void EventStream::join() {
  if (thread_.joinable()) thread_.join();
}

EventStream::News EventStream::take(const DockerEvent& event) {
  if (!recent_.is_new(event)) return News::none;
  well();
  since_ns_ = std::max(since_ns_, event.time_ns);
  return event.time_ns < live_from_ns_ ? News::past : News::live;
}

EventStream::Loss EventStream::close(const DockerFailure& failure) {
  open_ = false;
  if (failure.kind == DockerFailureKind::aborted) return Loss::shut_down;
  if (refuses(failure.kind)) return refuse(failure);
  if (clock_.steady_now() - began_ < kSolid)
    return ++brief_ >= kBriefStreams ? refuse(failure) : Loss::brief;
  well();
  if (failure.kind != DockerFailureKind::timeout) return Loss::ended;
  open();
  return Loss::goes_on;
}

EventStream::Loss EventStream::refuse(const DockerFailure& failure) {
  due_ = clock_.steady_now() + kRefusedPause;
  if (!std::exchange(refused_, true))
    log::warn("Docker's events are refused; its list is looked at more often instead",
              {{"err", failure.message}});
  return Loss::refused;
}

void EventStream::well() {
  brief_ = 0;
  if (std::exchange(refused_, false)) log::info("Docker tells its events again");
}

}  // namespace selfheal
