#include "common/http/connection_watch.h"

#include <algorithm>
#include <vector>

#include <pthread.h>
#include <sys/socket.h>

namespace selfheal {
namespace {

using Phase = ConnectionWatch::Phase;

// How often it looks while connections are open: a cut comes at most that much late.
constexpr Milliseconds kTick{25};

// When workers are scarce: who has been waited for at least that long may be cut. A request comes
// right behind its connection, a handshake takes two round trips, and a reader that is alive takes
// its next piece in a fifth of a second.
Milliseconds patience_when_scarce(Phase phase) {
  switch (phase) {
    case Phase::request:
      return Milliseconds(100);
    case Phase::handshake:
      return Milliseconds(300);
    default:
      return Milliseconds(200);
  }
}

}  // namespace

ConnectionWatch::ConnectionWatch(Limits limits, const Clock& clock)
    : limits_(limits), clock_(clock), thread_([this] { run(); }) {}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ConnectionWatch::enter(Key key, int socket, Phase phase) {
  const std::lock_guard lock(mutex_);
  if (connections_.empty()) changed_.notify_all();
  Connection& connection = connections_[key];
  connection.socket = socket;
  start(connection, phase, limit_of(phase));
}

void ConnectionWatch::move(Key key, Phase phase) {
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(key); found != connections_.end())
    start(found->second, phase, limit_of(phase));
}

void ConnectionWatch::await_body(Key key, Milliseconds limit) {
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(key); found != connections_.end())
    start(found->second, Phase::body, limit);
}

void ConnectionWatch::note_progress(Key key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(key); found != connections_.end())
    found->second.since = clock_.steady_now();
}

void ConnectionWatch::leave(Key key) {
  const std::lock_guard lock(mutex_);
  connections_.erase(key);
}

bool ConnectionWatch::crowded() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(connections_.size()) > limits_.workers - limits_.spare;
}

Milliseconds ConnectionWatch::limit_of(Phase phase) const {
  return phase == Phase::reply ? limits_.reply : limits_.request;
}

void ConnectionWatch::start(Connection& connection, Phase phase, Milliseconds limit) {
  connection.phase = phase;
  connection.cut = false;
  connection.since = clock_.steady_now();
  connection.deadline = connection.since + limit;
}

void ConnectionWatch::run() {
  pthread_setname_np(pthread_self(), "web-watch");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (connections_.empty())
      changed_.wait(lock);
    else
      changed_.wait_for(lock, kTick);
    const SteadyTime now = clock_.steady_now();
    cut_overdue(now);
    make_room(now);
  }
}

void ConnectionWatch::cut_overdue(SteadyTime now) {
  for (auto& [key, connection] : connections_) {
    if (connection.phase != Phase::handling && now >= connection.deadline) cut(connection);
  }
}

// Those that are cut already count as free: their workers are on the way.
void ConnectionWatch::make_room(SteadyTime now) {
  std::vector<Connection*> candidates;
  int held = 0;
  for (auto& [key, connection] : connections_) {
    if (connection.cut) continue;
    ++held;
    if (connection.phase != Phase::handling &&
        now - connection.since >= patience_when_scarce(connection.phase))
      candidates.push_back(&connection);
  }
  const int excess = held - (limits_.workers - limits_.spare);
  if (excess <= 0) return;
  std::sort(candidates.begin(), candidates.end(),
            [](const Connection* a, const Connection* b) { return a->since < b->since; });
  const size_t count = std::min(candidates.size(), static_cast<size_t>(excess));
  for (size_t i = 0; i < count; ++i) cut(*candidates[i]);
}

// A body that is overdue can still be answered, so only the reading ends.
void ConnectionWatch::cut(Connection& connection) {
  shutdown(connection.socket, connection.phase == Phase::body ? SHUT_RD : SHUT_RDWR);
  connection.cut = true;
}

}  // namespace selfheal
