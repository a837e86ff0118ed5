// Keeps the inventory of opted-in containers in step with Docker.
//
// The list is the truth, events only make it quick: everything is listed and inspected at the
// start, every resync interval and after each loss of the event stream; an event makes one
// container be inspected at once (in a flood of events each once, at a pace). Events missed while
// the stream was away, or in the ten minutes before the start, are asked for with `since=`; where
// there are none to be had (event_stream.h), the list is looked at more often instead. Whoever
// can't wait for either asks by look_at().
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
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/docker/docker_api.h"
#include "exporter/discovery/event_stream.h"
#include "exporter/discovery/inspect_queue.h"
#include "exporter/discovery/inventory.h"
#include "exporter/discovery/inventory_reader.h"
#include "exporter/discovery/memory_poller.h"

namespace selfheal {

class DockerWatcher {
 public:
  struct Settings {
    Milliseconds resync_interval{60'000};
    Shared<DiscoverySettings> discovery;
    Milliseconds memory_interval{15'000};  // between two readings of a container's memory
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
  // Any thread. Inspects the container as soon as no event waits, whatever they said of it; once
  // that is done, or the list was read, its key is among the `looked_at` of a change.
  void look_at(const WatchedContainer& container);
  // Any thread. DockerApi::shut_down() has to be called before, or a call under way is waited for.
  void stop();

 private:
  struct StreamEnded {
    DockerFailure failure;
  };
  struct Look {
    std::string id;
    ContainerKey key;
  };
  struct MemoryRead {
    std::string id;
    DockerResult<MemoryUsage> usage;
  };
  using Message = std::variant<DockerEvent, StreamEnded, Look, MemoryRead, Settings>;

  void run();
  void enqueue(Message message);
  // What arrived, or nothing when `until` comes first; everything that is there at once.
  std::deque<Message> wait_for_messages(SteadyTime until);

  SteadyTime next_deadline() const;

  void sync_if_due();
  void publish();

  void handle(std::deque<Message> messages);
  void handle(const DockerEvent& event);
  void handle(const StreamEnded& ended);
  void handle(const Look& look);
  void handle(const MemoryRead& read);
  void handle(const Settings& settings);
  bool concerns_us(const DockerEvent& event, const std::string& container) const;
  void inspect_waiting();
  void look_if_idle();
  void read_memory_if_due();
  void list_within(Milliseconds interval);
  Milliseconds next_backoff();
  void lost(const DockerFailure& failure);
  void found();

  DockerApi& docker_;
  const Clock& clock_;
  const Listener listener_;

  // The watcher's thread only.
  Settings settings_;
  Inventory inventory_;
  InventoryReader reader_;
  InspectQueue to_inspect_;
  MemoryPoller memory_;
  EventStream events_;
  std::deque<Look> looks_;                  // to be done
  std::vector<ContainerKey> looks_failed_;  // left to the list
  std::vector<ContainerKey> looked_at_;     // to be published
  std::string host_;
  enum class Connection { unknown, connected, lost } connection_ = Connection::unknown;
  bool synced_ = false;
  SteadyTime sync_due_{};
  Milliseconds backoff_{0};

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Message> mailbox_;
  bool overflown_ = false;  // events were dropped: list again
  bool stopping_ = false;
  bool reading_memory_ = false;

  std::thread thread_;
};

}  // namespace selfheal
