// Looks host names up for the probers, many at once on the event loop: address literals, the hosts
// file, then the name servers of resolv.conf (read anew when it changes). One address is chosen, as
// blackbox_exporter does: the preferred family first, the other one where fallback is allowed.
//
// Owned by ProberSet, one to a loop, belongs to the loop's thread. No threads, no cache. The
// callback comes exactly once, at the latest when the timeout is over, never from within resolve(),
// and not after cancel(). Errors are for a person; callers count them under ProbeReason::dns.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/base/event_loop.h"
#include "common/base/result.h"
#include "exporter/modules/module.h"
#include "exporter/probes/probe_trace.h"

struct ares_addrinfo;
struct ares_channeldata;

namespace selfheal {

struct ResolvedAddress {
  std::string address;  // a literal
  bool ipv6 = false;
  TraceSeconds lookup{0};
};

// What a NameResolver would answer for `host`, where that needs no look-up. A literal of a family
// that `ip` rules out is left to the resolver, which has the words for it.
std::optional<ResolvedAddress> resolved_literal(const std::string& host, const IpPreference& ip);

class NameResolver {
 public:
  using Id = uint64_t;
  using Callback = std::function<void(Result<ResolvedAddress>)>;

  // `port` is that of the name servers, which resolv.conf does not tell.
  explicit NameResolver(EventLoop& loop, std::string resolv_conf = "/etc/resolv.conf",
                        uint16_t port = 53);
  ~NameResolver();
  NameResolver(const NameResolver&) = delete;
  NameResolver& operator=(const NameResolver&) = delete;

  Id resolve(const std::string& host, const IpPreference& ip, Milliseconds timeout,
             Callback callback);
  void cancel(Id id);

 private:
  struct Lookup {
    std::string host;
    IpPreference ip;
    SteadyTime begun;
    EventLoop::TimerId timer;  // the deadline; once there is an answer, its delivery
    Callback callback;
    bool answered = false;
  };
  struct Query;   // what c-ares holds of a lookup
  struct Stamp {  // of the resolv.conf that was read
    int64_t modified_ns = 0;
    uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };

  Stamp look() const;
  void open();
  void close();
  void reopen_if_changed();
  void ask(Id id, const Lookup& lookup);
  void answered(Id id, int status, const ares_addrinfo* found);
  void deliver_soon(Id id, Lookup& lookup, Result<ResolvedAddress> result);
  void finish(Id id, Result<ResolvedAddress> result);
  void watch_socket(int fd, bool readable, bool writable);
  void tick();

  EventLoop& loop_;
  std::string resolv_conf_;
  const uint16_t port_;
  Stamp read_;
  ares_channeldata* channel_ = nullptr;     // null: c-ares could not start
  bool closing_ = false;                    // what c-ares reports now is no answer
  std::optional<EventLoop::TimerId> tick_;  // while c-ares waits for answers
  std::unordered_map<Id, Lookup> lookups_;
  Id next_id_ = 1;
};

}  // namespace selfheal
