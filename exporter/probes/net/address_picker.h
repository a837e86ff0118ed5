// Which of a container's possible addresses to probe: its own may be out of reach (another machine,
// a virtual machine around Docker), a published port may be answered by Docker's proxy although
// nothing listens behind it.
//
// Tries to connect to all at once. A candidate that connects or refuses is reachable; the first
// reachable one in the order of preference wins, as soon as the better ones are known not to be.
// One that refuses may be another machine's, so that choice is for the moment only. Takes a second
// at most. Belongs to the loop's thread.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {

class AddressPicker {
 public:
  using Id = uint64_t;
  struct Picked {
    size_t index;
    bool connected;  // else it has refused, or we lacked a descriptor to try it
  };
  // Nothing when none can be reached.
  using Callback = std::function<void(std::optional<Picked>)>;

  explicit AddressPicker(EventLoop& loop) : connector_(loop) {}

  // Calls back once, never from within; not after cancel().
  Id pick(const std::vector<Endpoint>& candidates, Callback callback);
  void cancel(Id id);

 private:
  enum class Reach { unknown, connected, refused, unreachable };
  struct Pick {
    std::vector<Reach> reach;
    std::vector<TcpConnector::Id> attempts;
    Callback callback;
  };
  void note(Id id, size_t candidate, int os_error);
  static Reach reach_of(int os_error);
  static bool decided(const Pick& pick, std::optional<Picked>& choice);

  TcpConnector connector_;
  std::unordered_map<Id, Pick> picks_;
  Id next_id_ = 1;
};

}  // namespace selfheal
