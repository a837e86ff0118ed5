// Opens TCP connections, many at once on the event loop.
//
// Belongs to the loop's thread. Sockets are closed with a reset, whoever closes them: a FIN would
// leave a TIME_WAIT and an entry in the connection tracking table behind, and probes are many. The
// callback comes exactly once, never from within start(), and not after cancel().
#pragma once

#include <functional>
#include <unordered_map>

#include "common/base/event_loop.h"
#include "common/base/unique_fd.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct TcpConnect {
  Endpoint endpoint;
  std::string source;  // the address to connect from; empty: the kernel's choice
};

// A non-blocking socket that begins to connect, for those who go on by themselves: 0 when it is
// under way, else the errno.
int begin_connect(const TcpConnect& wanted, UniqueFd& socket);

// The errno that a connection has come to; 0 for none.
int pending_error(int socket);

class TcpConnector {
 public:
  using Id = uint64_t;
  // 0 and the connected socket, which is non-blocking; or an errno, ETIMEDOUT also for our own
  // deadline.
  using Callback = std::function<void(int os_error, UniqueFd socket)>;

  explicit TcpConnector(EventLoop& loop) : loop_(loop) {}
  ~TcpConnector();
  TcpConnector(const TcpConnector&) = delete;
  TcpConnector& operator=(const TcpConnector&) = delete;

  Id start(const TcpConnect& wanted, Milliseconds timeout, Callback callback);
  void cancel(Id id);

 private:
  struct Attempt {
    UniqueFd socket;
    EventLoop::TimerId deadline;
    Callback callback;
  };
  void end(Id id, int os_error);
  Attempt take(Id id);

  EventLoop& loop_;
  std::unordered_map<Id, Attempt> attempts_;
  Id next_id_ = 1;
};

// Whether this process or machine lacks what a socket needs (descriptors, memory): that says
// nothing about the peer, and a probe that comes to it is inconclusive.
bool is_our_own_lack(int os_error);

// The reason that a failed connection counts under, unless it is our own lack.
ProbeReason reason_of_connect_error(int os_error);

}  // namespace selfheal
