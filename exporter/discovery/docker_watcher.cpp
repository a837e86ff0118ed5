#include "exporter/discovery/docker_watcher.h"

#include <algorithm>
#include <array>
#include <set>
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
constexpr size_t kMailboxLimit = 10'000;
// Events are asked for from a little before the list: better twice than never.
constexpr int64_t kOverlapNs = 1'000'000'000;

// What changes something that inspect shows. health_status comes with its value, or bare from
// Podman.
bool changes_container(std::string_view action) {
  constexpr std::array<std::string_view, 14> kActions{
      "create", "start",   "restart", "stop",   "die",    "died",   "oom",
      "pause",  "unpause", "destroy", "rename", "update", "remove", "cleanup"};
  return action.starts_with("health_status") ||
         std::find(kActions.begin(), kActions.end(), action) != kActions.end();
}

// An answer that says no to this one, unlike a daemon that does not answer.
bool concerns_one_container(DockerFailureKind kind) {
  return kind == DockerFailureKind::failed || kind == DockerFailureKind::malformed ||
         kind == DockerFailureKind::refused || kind == DockerFailureKind::conflict;
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
      inventory_(settings.discovery) {}

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
}

void DockerWatcher::run() {
  for (;;) {
    sync_if_due();
    std::deque<Message> messages = wait_for_messages(sync_due_);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      if (std::exchange(overflown_, false)) sync_due_ = clock_.steady_now();
    }
    handle(std::move(messages));
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
  const DockerResult<Done> done = sync();
  if (!done) {
    if (done.error().kind != DockerFailureKind::aborted) lost(done.error());
    return;
  }
  if (stream_since_ns_ == 0) stream_since_ns_ = before_list;
  if (!streaming_) start_stream();
  found();
  sync_due_ = clock_.steady_now() + settings_.resync_interval;
}

DockerResult<Done> DockerWatcher::sync() {
  const auto info = docker_.info();
  if (!info) return info.error();
  const auto listed = docker_.list();
  if (!listed) return listed.error();
  if (info->host_name != host_) {
    host_ = info->host_name;
    inventory_.set_host(host_);
  }
  if (const auto done = inspect_all(*listed); !done) return done.error();
  if (const auto done = collect_evidence(); !done) return done.error();
  publish();
  return Done{};
}

DockerResult<Done> DockerWatcher::inspect_all(const std::vector<ContainerSummary>& listed) {
  std::set<std::string> watched;
  for (const ContainerSummary& container : listed) {
    if (opted_in(container.labels)) watched.insert(container.id);
  }
  inventory_.keep_only(watched, clock_.steady_now());
  std::erase_if(uninspectable_, [&](const std::string& id) { return !watched.contains(id); });
  for (const std::string& id : watched) {
    if (const auto done = inspect(id); !done) return done.error();
  }
  return Done{};
}

DockerResult<Done> DockerWatcher::inspect(const std::string& id) {
  auto details = docker_.inspect(id);
  if (!details) {
    if (details.error().kind == DockerFailureKind::not_found) {
      inventory_.remove(id, clock_.steady_now());  // gone since it was listed
      return Done{};
    }
    if (!concerns_one_container(details.error().kind)) return details.error();
    // What was known of it stays, and the others are not made to wait for it.
    if (uninspectable_.insert(id).second)
      log::warn("a container can't be inspected",
                {{"container", id.substr(0, 12)}, {"err", details.error().message}});
    return Done{};
  }
  uninspectable_.erase(id);
  std::optional<ContainerDetails> network_owner;
  if (const auto owner = shared_network_owner(*details)) {
    if (auto found = docker_.inspect(*owner)) network_owner = std::move(*found);
  }
  inventory_.observe(std::move(*details), std::move(network_owner), clock_.steady_now());
  return Done{};
}

// Was a container that is down stopped by request? One look into Docker's event history for all.
DockerResult<Done> DockerWatcher::collect_evidence() {
  const std::vector<ContainerHistory*> wanting = inventory_.wanting_evidence();
  if (wanting.empty()) return Done{};
  int64_t since = wanting.front()->evidence_since_ns();
  for (const ContainerHistory* history : wanting)
    since = std::min(since, history->evidence_since_ns());
  std::mutex past_mutex;
  std::vector<DockerEvent> past;
  const auto done = docker_.events(std::max<int64_t>(1, since), unix_ns(clock_.wall_now()),
                                   [&](DockerEvent event) {
                                     const std::lock_guard lock(past_mutex);
                                     past.push_back(std::move(event));
                                   });
  if (!done) return done.error();
  for (const DockerEvent& event : past) inventory_.on_past_event(event);
  for (ContainerHistory* history : wanting) history->evidence_done();
  return Done{};
}

void DockerWatcher::publish() {
  InventoryChange change = inventory_.take_changes();
  for (const auto& [container, error] : change.label_errors) {
    log::warn("a label can't be used, its default is", {{"container", container},
                                                        {"label", error.label},
                                                        {"value", error.value},
                                                        {"err", error.what}});
  }
  for (const std::string& cycle : change.cycles)
    log::warn("dependencies in a circle, cut", {{"host", host_}, {"cycle", cycle}});
  if (!change.empty()) listener_.changed(std::move(change));
}

// ---- events

void DockerWatcher::handle(std::deque<Message> messages) {
  std::vector<std::string> to_inspect;  // each once, in order
  for (Message& message : messages) {
    if (auto* settings = std::get_if<Settings>(&message)) {
      settings_ = *settings;
      inventory_.reconfigure(settings->discovery);
      sync_due_ = std::min(sync_due_, clock_.steady_now() + settings_.resync_interval);
    } else if (auto* ended = std::get_if<StreamEnded>(&message)) {
      stream_ended(ended->failure);
    } else if (const auto& event = std::get<DockerEvent>(message); recent_.is_new(event)) {
      stream_since_ns_ = std::max(stream_since_ns_, event.time_ns);
      inventory_.on_event(event);
      if (concerns_us(event) &&
          std::find(to_inspect.begin(), to_inspect.end(), event.actor_id) == to_inspect.end())
        to_inspect.push_back(event.actor_id);
    }
  }
  DockerResult<Done> done = Done{};
  for (const std::string& id : to_inspect) {
    if (done) done = inspect(id);
  }
  if (done && !to_inspect.empty()) done = collect_evidence();
  // What could not be looked at now is found by the list.
  if (!done) sync_due_ = clock_.steady_now() + kFirstBackoff;
  if (synced_) publish();
}

bool DockerWatcher::concerns_us(const DockerEvent& event) const {
  if (event.type != "container" || !changes_container(event.action)) return false;
  if (inventory_.knows(event.actor_id) || opted_in(event.attributes)) return true;
  // An engine may leave the labels out of its events: look at what is new.
  return event.action == "create" || event.action == "start" || event.action == "rename";
}

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

// ---- the connection

void DockerWatcher::stream_ended(const DockerFailure& failure) {
  streaming_ = false;
  if (failure.kind == DockerFailureKind::aborted) return;
  if (clock_.steady_now() - stream_began_ >= kSolidStream) backoff_ = Milliseconds(0);
  lost(failure);
}

void DockerWatcher::lost(const DockerFailure& failure) {
  backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLongestBackoff);
  sync_due_ = clock_.steady_now() + backoff_;
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
