#include "exporter/discovery/docker_watcher.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

#include "common/base/log.h"
#include "common/docker/opt_in.h"
#include "exporter/discovery/event_meaning.h"

namespace selfheal {
namespace {

constexpr Milliseconds kFirstBackoff{200};
constexpr Milliseconds kLongestBackoff{5'000};
// How often the list is looked at where there are no events.
constexpr Milliseconds kPolling{10'000};
constexpr Milliseconds kMemoryTimeout{5'000};
constexpr size_t kMailboxLimit = 10'000;

}  // namespace

DockerWatcher::DockerWatcher(DockerApi& docker, const Clock& clock, Settings settings,
                             Listener listener)
    : docker_(docker),
      clock_(clock),
      listener_(std::move(listener)),
      settings_(settings),
      inventory_(settings.discovery),
      reader_(docker, clock, inventory_),
      memory_(settings.memory_interval),
      events_(
          docker, clock, [this](DockerEvent event) { enqueue(std::move(event)); },
          [this](DockerFailure failure) { enqueue(StreamEnded{std::move(failure)}); }) {}

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

void DockerWatcher::look_at(const WatchedContainer& container) {
  enqueue(Look{container.id, container.key});
}

void DockerWatcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
  events_.join();
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
    look_if_idle();
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
  if (!looks_.empty()) return clock_.steady_now();
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
  const WallTime begun = clock_.wall_now();
  to_inspect_.clear();
  const DockerResult<std::string> host = reader_.read_all();
  if (!host) {
    if (host.error().kind == DockerFailureKind::aborted)
      sync_due_ = clock_.steady_now() + kFirstBackoff;
    else
      lost(host.error());
    return;
  }
  host_ = *host;
  for (const Look& look : std::exchange(looks_, {})) looked_at_.push_back(look.key);
  for (ContainerKey& key : std::exchange(looks_failed_, {})) looked_at_.push_back(std::move(key));
  publish();
  events_.open_if_due(begun);
  found();
  const Milliseconds interval = settings_.resync_interval;
  sync_due_ = clock_.steady_now() + (events_.refused() ? std::min(interval, kPolling) : interval);
}

void DockerWatcher::list_within(Milliseconds interval) {
  sync_due_ = std::min(sync_due_, clock_.steady_now() + interval);
}

void DockerWatcher::publish() {
  InventoryChange change = inventory_.take_changes();
  change.looked_at = std::exchange(looked_at_, {});
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
  list_within(settings.resync_interval);
}

void DockerWatcher::handle(const DockerEvent& event) {
  switch (events_.take(event)) {
    case EventStream::News::none:
      return;
    case EventStream::News::past:
      inventory_.on_past_event(event);
      break;
    case EventStream::News::live:
      inventory_.on_event(event);
  }
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

void DockerWatcher::handle(const Look& look) {
  looks_.push_back(look);
}

void DockerWatcher::inspect_waiting() {
  bool inspected = false;
  DockerResult<Done> done = Done{};
  for (;;) {
    const auto id = to_inspect_.take(clock_.steady_now());
    if (!id) break;
    inspected = true;
    done = reader_.read(*id);
    if (!done) break;
  }
  if (done && inspected) done = reader_.read_evidence();
  // What could not be looked at now is found by the list.
  if (!done) sync_due_ = clock_.steady_now() + kFirstBackoff;
  if (synced_ && inspected) publish();
}

// One at a time: many containers may recover at once, and events come first.
void DockerWatcher::look_if_idle() {
  if (looks_.empty()) return;
  const Look look = std::move(looks_.front());
  looks_.pop_front();
  DockerResult<Done> done = reader_.read(look.id);
  if (done) done = reader_.read_evidence();
  if (done) {
    looked_at_.push_back(look.key);
  } else {
    looks_failed_.push_back(look.key);
    list_within(kFirstBackoff);
  }
  if (synced_) publish();
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

void DockerWatcher::handle(const StreamEnded& ended) {
  switch (events_.close(ended.failure)) {
    case EventStream::Loss::ended:
      backoff_ = Milliseconds(0);
      return list_within(Milliseconds(0));
    case EventStream::Loss::brief:
      sync_due_ = clock_.steady_now() + next_backoff();
      return;
    case EventStream::Loss::refused:
      return list_within(std::min(settings_.resync_interval, kPolling));
    case EventStream::Loss::goes_on:
      backoff_ = Milliseconds(0);
      return;
    case EventStream::Loss::shut_down:
      return;
  }
}

// ---- the connection

Milliseconds DockerWatcher::next_backoff() {
  return backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLongestBackoff);
}

void DockerWatcher::lost(const DockerFailure& failure) {
  events_.docker_was_away();
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
