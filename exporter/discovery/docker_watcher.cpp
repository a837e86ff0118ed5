#include "exporter/discovery/docker_watcher.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <pthread.h>

#include "common/base/log.h"
#include "common/docker/opt_in.h"

namespace selfheal {
namespace {

constexpr Milliseconds kFirstBackoff{200};
constexpr Milliseconds kLongestBackoff{5'000};
// A stream that held this long was a real connection.
constexpr Milliseconds kSolidStream{5'000};
// So many streams that were not, without an event, while the list answers: as good as refused.
constexpr int kBriefStreams = 3;
// Without events: how often the list is looked at, and how often events are asked for.
constexpr Milliseconds kPolling{10'000};
constexpr Milliseconds kRefusedPause{60'000};
constexpr Milliseconds kMemoryTimeout{5'000};
constexpr size_t kMailboxLimit = 10'000;
// Events are asked for from a little before the list: better twice than never.
constexpr int64_t kOverlapNs = 1'000'000'000;

// What changes something that inspect shows. health_status comes with its value, or bare from
// Podman.
bool changes_container(std::string_view action) {
  constexpr std::array<std::string_view, 16> kActions{
      "create",  "start",   "restart", "stop",   "die",    "died",    "oom",     "pause",
      "unpause", "destroy", "rename",  "update", "remove", "cleanup", "connect", "disconnect"};
  return action.starts_with("health_status") ||
         std::find(kActions.begin(), kActions.end(), action) != kActions.end();
}

// Of a network's event, the container that it connects or disconnects.
std::string container_of(const DockerEvent& event) {
  if (event.type != "network") return event.actor_id;
  const auto container = event.attributes.find("container");
  return container == event.attributes.end() ? "" : container->second;
}

bool refuses(DockerFailureKind kind) {
  return kind == DockerFailureKind::refused || kind == DockerFailureKind::not_found;
}

int64_t unix_ns(WallTime time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

}  // namespace

DockerWatcher::DockerWatcher(DockerApi& docker, const Clock& clock, Settings settings,
                             Listener listener)
    : docker_(docker),
      clock_(clock),
      listener_(std::move(listener)),
      settings_(settings),
      inventory_(settings.discovery),
      reader_(docker, clock, inventory_),
      memory_(settings.memory_interval) {}

DockerWatcher::~DockerWatcher() {
  stop();
}

void DockerWatcher::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "docker-watch");
}

void DockerWatcher::reconfigure(Settings settings) {
  enqueue(settings);
}

void DockerWatcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (stream_.joinable()) stream_.join();
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return !reading_memory_; });
}

void DockerWatcher::run() {
  for (;;) {
    sync_if_due();
    read_memory_if_due();
    std::deque<Message> messages = wait_for_messages(next_deadline());
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      if (std::exchange(overflown_, false)) sync_due_ = clock_.steady_now();
    }
    handle(std::move(messages));
    inspect_waiting();
  }
}

void DockerWatcher::enqueue(Message message) {
  {
    const std::lock_guard lock(mutex_);
    const bool droppable = std::holds_alternative<DockerEvent>(message);
    if (droppable && mailbox_.size() >= kMailboxLimit) {
      overflown_ = true;
    } else {
      mailbox_.push_back(std::move(message));
    }
  }
  arrived_.notify_all();
}

SteadyTime DockerWatcher::next_deadline() const {
  const SteadyTime inspect = to_inspect_.next().value_or(sync_due_);
  const SteadyTime memory = memory_.next().value_or(sync_due_);
  return std::min({sync_due_, inspect, memory});
}

std::deque<DockerWatcher::Message> DockerWatcher::wait_for_messages(SteadyTime until) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::max(std::chrono::nanoseconds(0), until - clock_.steady_now()),
                    [&] { return stopping_ || overflown_ || !mailbox_.empty(); });
  return std::exchange(mailbox_, {});
}

// ---- the list

void DockerWatcher::sync_if_due() {
  if (clock_.steady_now() < sync_due_) return;
  const int64_t before_list = unix_ns(clock_.wall_now()) - kOverlapNs;
  to_inspect_.clear();
  const DockerResult<std::string> host = reader_.read_all();
  if (!host) {
    if (host.error().kind != DockerFailureKind::aborted) lost(host.error());
    return;
  }
  host_ = *host;
  publish();
  if (stream_since_ns_ == 0) stream_since_ns_ = before_list;
  if (!streaming_ && clock_.steady_now() >= stream_due_) start_stream();
  found();
  const Milliseconds interval = settings_.resync_interval;
  sync_due_ = clock_.steady_now() + (refused_ ? std::min(interval, kPolling) : interval);
}

void DockerWatcher::publish() {
  InventoryChange change = inventory_.take_changes();
  for (const auto& [container, error] : change.label_errors) {
    log::warn("a label can't be used, its default is", {{"container", container},
                                                        {"label", error.label},
                                                        {"value", error.value},
                                                        {"err", error.what}});
  }
  if (change.cycles) {
    for (const std::string& cycle : *change.cycles)
      log::warn("dependencies in a circle, cut", {{"host", host_}, {"cycle", cycle}});
  }
  memory_.watch(inventory_.wanting_memory(), clock_.steady_now());
  if (!change.empty()) listener_.changed(std::move(change));
}

// ---- what arrives

void DockerWatcher::handle(std::deque<Message> messages) {
  for (const Message& message : messages)
    std::visit([this](const auto& arrived) { handle(arrived); }, message);
  if (synced_ && !messages.empty()) publish();
}

void DockerWatcher::handle(const Settings& settings) {
  settings_ = settings;
  inventory_.reconfigure(settings.discovery);
  sync_due_ = std::min(sync_due_, clock_.steady_now() + settings.resync_interval);
}

void DockerWatcher::handle(const DockerEvent& event) {
  if (!recent_.is_new(event)) return;
  events_arrive();
  stream_since_ns_ = std::max(stream_since_ns_, event.time_ns);
  inventory_.on_event(event);
  const std::string container = container_of(event);
  if (!changes_container(event.action)) return;
  if (concerns_us(event, container)) to_inspect_.add(container);
  // What has its network of another container has that one's addresses.
  for (const std::string& id : inventory_.sharing_network_of(container)) to_inspect_.add(id);
}

bool DockerWatcher::concerns_us(const DockerEvent& event, const std::string& container) const {
  if (inventory_.knows(container)) return true;
  if (event.type != "container") return false;
  // An engine may leave the labels out of its events: look at what is new.
  return opted_in(event.attributes) || event.action == "create" || event.action == "start" ||
         event.action == "rename";
}

void DockerWatcher::inspect_waiting() {
  bool inspected = false;
  DockerResult<Done> done = Done{};
  while (done) {
    const auto id = to_inspect_.take(clock_.steady_now());
    if (!id) break;
    inspected = true;
    done = reader_.read(*id);
  }
  if (done && inspected) done = reader_.read_evidence();
  // What could not be looked at now is found by the list.
  if (!done) sync_due_ = clock_.steady_now() + kFirstBackoff;
  if (synced_ && inspected) publish();
}

void DockerWatcher::read_memory_if_due() {
  const auto id = memory_.take_due(clock_.steady_now());
  if (!id) return;
  {
    const std::lock_guard lock(mutex_);
    reading_memory_ = true;
  }
  docker_.memory_async(*id, kMemoryTimeout, [this, id = *id](DockerResult<MemoryUsage> usage) {
    enqueue(MemoryRead{id, std::move(usage)});
    const std::lock_guard lock(mutex_);
    reading_memory_ = false;
    arrived_.notify_all();  // the last that this does with the watcher, which may be ending
  });
}

void DockerWatcher::handle(const MemoryRead& read) {
  memory_.answered();
  if (read.usage) inventory_.set_memory(read.id, *read.usage);
}

// ---- the stream of events

void DockerWatcher::start_stream() {
  if (stream_.joinable()) stream_.join();
  streaming_ = true;
  stream_began_ = clock_.steady_now();
  stream_ = std::thread([this, since = stream_since_ns_] {
    const auto ended =
        docker_.events(since, 0, [this](DockerEvent event) { enqueue(std::move(event)); });
    enqueue(StreamEnded{
        ended ? DockerFailure{DockerFailureKind::closed, "Docker ended its stream of events"}
              : ended.error()});
  });
  pthread_setname_np(stream_.native_handle(), "docker-events");
}

void DockerWatcher::handle(const StreamEnded& ended) {
  streaming_ = false;
  const DockerFailure& failure = ended.failure;
  if (failure.kind == DockerFailureKind::aborted) return;
  if (refuses(failure.kind)) return events_refused(failure);
  // Whether Docker is there, the list tells.
  if (clock_.steady_now() - stream_began_ < kSolidStream) {
    if (++brief_streams_ >= kBriefStreams) return events_refused(failure);
    sync_due_ = clock_.steady_now() + next_backoff();
    return;
  }
  backoff_ = Milliseconds(0);
  events_arrive();
  if (failure.kind == DockerFailureKind::timeout) return start_stream();  // its life was over
  sync_due_ = clock_.steady_now();
}

void DockerWatcher::events_refused(const DockerFailure& failure) {
  stream_due_ = clock_.steady_now() + kRefusedPause;
  sync_due_ =
      std::min(sync_due_, clock_.steady_now() + std::min(settings_.resync_interval, kPolling));
  if (!std::exchange(refused_, true))
    log::warn("Docker's events are refused; its list is looked at more often instead",
              {{"err", failure.message}});
}

void DockerWatcher::events_arrive() {
  brief_streams_ = 0;
  if (std::exchange(refused_, false)) log::info("Docker tells its events again");
}

// ---- the connection

Milliseconds DockerWatcher::next_backoff() {
  return backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLongestBackoff);
}

void DockerWatcher::lost(const DockerFailure& failure) {
  brief_streams_ = 0;  // no fault of theirs
  sync_due_ = clock_.steady_now() + next_backoff();
  if (connection_ != Connection::lost)
    log::error("Docker can't be reached; trying on", {{"err", failure.message}});
  connection_ = Connection::lost;
  listener_.connection(host_, false);
}

void DockerWatcher::found() {
  if (connection_ != Connection::connected) log::info("connected to Docker", {{"host", host_}});
  connection_ = Connection::connected;
  listener_.connection(host_, true);
  if (!std::exchange(synced_, true)) listener_.synced();
}

}  // namespace selfheal
