// Keeps the inventory of opted-in containers in step with Docker.
//
// The list is the truth, events only make it quick: everything is listed and inspected at the
// start, every resync interval and after each loss of the event stream; an event makes one
// container be inspected at once. Events missed while the stream was away are asked for with
// `since=`.
//
// Owned by Exporter; one thread decides, a second one sits in Docker's event stream and only
// enqueues. Docker may be missing at the start and go away at any time: one log line then, one when
// it is back, attempts in between from every 0.2 s to every 5 s, and what was known stays.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "exporter/discovery/inventory.h"
#include "exporter/discovery/recent_events.h"

namespace selfheal {

class DockerWatcher {
 public:
  struct Settings {
    Milliseconds resync_interval{60'000};
    Shared<DiscoverySettings> discovery;
  };
  // Called on the watcher's thread.
  struct Listener {
    std::function<void(InventoryChange)> changed;
    // After each change of the connection; `host` is Docker's name, empty until it told it.
    std::function<void(const std::string& host, bool connected)> connection;
    // Once everything that Docker has was handed to `changed` for the first time.
    std::function<void()> synced;
  };

  DockerWatcher(DockerApi& docker, const Clock& clock, Settings settings, Listener listener);
  ~DockerWatcher();

  void start();
  // Any thread; takes effect within a moment, without asking Docker.
  void reconfigure(Settings settings);
  // Any thread. DockerApi::shut_down() has to be called before, or a call under way is waited for.
  void stop();

 private:
  struct StreamEnded {
    DockerFailure failure;
  };
  using Message = std::variant<DockerEvent, StreamEnded, Settings>;

  void run();
  void enqueue(Message message);
  // What arrived, or nothing when `until` comes first; everything that is there at once.
  std::deque<Message> wait_for_messages(SteadyTime until);

  void sync_if_due();
  DockerResult<Done> sync();
  DockerResult<Done> inspect_all(const std::vector<ContainerSummary>& listed);
  DockerResult<Done> inspect(const std::string& id);
  DockerResult<Done> collect_evidence();
  void publish();

  void handle(std::deque<Message> messages);
  bool concerns_us(const DockerEvent& event) const;
  void start_stream();
  void stream_ended(const DockerFailure& failure);
  void lost(const DockerFailure& failure);
  void found();

  DockerApi& docker_;
  const Clock& clock_;
  const Listener listener_;

  // The watcher's thread only.
  Settings settings_;
  Inventory inventory_;
  RecentEvents recent_;
  std::string host_;
  std::set<std::string> uninspectable_;  // by id: told once
  enum class Connection { unknown, connected, lost } connection_ = Connection::unknown;
  bool synced_ = false;
  bool streaming_ = false;
  int64_t stream_since_ns_ = 0;  // where the event stream has to go on
  SteadyTime stream_began_{};
  SteadyTime sync_due_{};
  Milliseconds backoff_{0};

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Message> mailbox_;
  bool overflown_ = false;  // events were dropped: list again
  bool stopping_ = false;

  std::thread stream_;
  std::thread thread_;
};

}  // namespace selfheal
