#include "exporter/probes/net/name_resolver.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <ares.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "exporter/probes/net/address_literal.h"

namespace selfheal {
namespace {

// A lost datagram is asked for again well within a probe's usual timeout; after 1 + 2 + 4 s a query
// is given up, also one that nobody waits for any more.
constexpr int kFirstPatienceMs = 1'000;
constexpr int kTries = 3;
constexpr Milliseconds kTick{100};

struct Candidate {
  std::string address;
  bool ipv6 = false;
};

std::optional<Candidate> literal(const std::string& host) {
  if (!is_address_literal(host)) return std::nullopt;
  return Candidate{host, is_ipv6_literal(host)};
}

std::vector<Candidate> candidates_of(const ares_addrinfo& found) {
  std::vector<Candidate> candidates;
  for (const ares_addrinfo_node* node = found.nodes; node != nullptr; node = node->ai_next) {
    const bool ipv6 = node->ai_family == AF_INET6;
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(node->ai_addr);
    const void* bytes = ipv6 ? static_cast<const void*>(&v6->sin6_addr) : &v4->sin_addr;
    std::array<char, INET6_ADDRSTRLEN> text;
    if (inet_ntop(node->ai_family, bytes, text.data(), text.size()) == nullptr) continue;
    candidates.push_back({text.data(), ipv6});
  }
  return candidates;
}

bool prefers_ipv6(const IpPreference& ip) {
  return ip.preferred == IpProtocol::ip6;
}

Error no_address(const std::string& host, const IpPreference& ip) {
  if (ip.fallback) return Error{"no such host " + host};
  return Error{host + " has no " + (prefers_ipv6(ip) ? "IPv6" : "IPv4") +
               " address and fallback is off"};
}

Result<ResolvedAddress> choose(const std::vector<Candidate>& candidates, const std::string& host,
                               const IpPreference& ip, TraceSeconds lookup) {
  for (const Candidate& candidate : candidates) {
    if (candidate.ipv6 == prefers_ipv6(ip))
      return ResolvedAddress{candidate.address, candidate.ipv6, lookup};
  }
  if (candidates.empty() || !ip.fallback) return no_address(host, ip);
  return ResolvedAddress{candidates.front().address, candidates.front().ipv6, lookup};
}

Error error_of(int status, const std::string& host, const IpPreference& ip) {
  switch (status) {
    case ARES_ENOTFOUND:
      return Error{"no such host " + host};
    case ARES_ENODATA:
      return no_address(host, ip);
    case ARES_EBADNAME:
      return Error{"\"" + host + "\" is not a host name"};
    case ARES_ETIMEOUT:
    case ARES_ECONNREFUSED:
      return Error{"looking up " + host + ": the name server did not answer"};
    default:
      return Error{"looking up " + host + ": " + ares_strerror(status)};
  }
}

int family_of(const IpPreference& ip) {
  if (ip.fallback) return AF_UNSPEC;
  return prefers_ipv6(ip) ? AF_INET6 : AF_INET;
}

}  // namespace

struct NameResolver::Query {
  NameResolver& resolver;
  Id id;
};

std::optional<ResolvedAddress> resolved_literal(const std::string& host, const IpPreference& ip) {
  if (!is_address_literal(host)) return std::nullopt;
  const bool ipv6 = host.find(':') != std::string::npos;
  if (!ip.fallback && ipv6 != (ip.preferred == IpProtocol::ip6)) return std::nullopt;
  return ResolvedAddress{host, ipv6, TraceSeconds(0)};
}

NameResolver::NameResolver(EventLoop& loop, std::string resolv_conf, uint16_t port)
    : loop_(loop), resolv_conf_(std::move(resolv_conf)), port_(port) {
  [[maybe_unused]] static const int initialized = ares_library_init(ARES_LIB_INIT_ALL);
  open();
}

NameResolver::~NameResolver() {
  while (!lookups_.empty()) cancel(lookups_.begin()->first);
  close();
}

NameResolver::Id NameResolver::resolve(const std::string& host, const IpPreference& ip,
                                       Milliseconds timeout, Callback callback) {
  const auto address = literal(host);
  if (!address) reopen_if_changed();
  const Id id = next_id_++;
  Lookup& lookup = lookups_[id];
  lookup.host = host;
  lookup.ip = ip;
  lookup.begun = loop_.now();
  lookup.callback = std::move(callback);
  lookup.timer = loop_.after(timeout, [this, id] {
    const std::string& name = lookups_.at(id).host;
    finish(id, Error{"looking up " + name + ": the name server did not answer in time"});
  });
  if (address) {
    deliver_soon(id, lookup, choose({*address}, host, ip, TraceSeconds(0)));
  } else {
    ask(id, lookup);
  }
  return id;
}

void NameResolver::cancel(Id id) {
  const auto lookup = lookups_.extract(id);
  if (lookup) loop_.cancel(lookup.mapped().timer);
}

// Never at once: c-ares answers from the hosts file within the call, and must not be called back
// into while it reports.
void NameResolver::deliver_soon(Id id, Lookup& lookup, Result<ResolvedAddress> result) {
  lookup.answered = true;
  loop_.cancel(lookup.timer);
  lookup.timer = loop_.at(
      loop_.now(), [this, id, result = std::move(result)] { finish(id, std::move(result)); });
}

void NameResolver::finish(Id id, Result<ResolvedAddress> result) {
  auto lookup = lookups_.extract(id);
  loop_.cancel(lookup.mapped().timer);
  lookup.mapped().callback(std::move(result));
}

// ---- c-ares

void NameResolver::ask(Id id, const Lookup& lookup) {
  if (channel_ == nullptr) return answered(id, ARES_ENOTINITIALIZED, nullptr);
  ares_addrinfo_hints hints{};
  hints.ai_family = family_of(lookup.ip);
  hints.ai_flags = ARES_AI_NOSORT;
  const auto report = [](void* query, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Query> asked(static_cast<Query*>(query));
    asked->resolver.answered(asked->id, status, found);
    if (found != nullptr) ares_freeaddrinfo(found);
  };
  ares_getaddrinfo(channel_, lookup.host.c_str(), nullptr, &hints, report, new Query{*this, id});
  if (!tick_) tick();
}

void NameResolver::answered(Id id, int status, const ares_addrinfo* found) {
  const auto entry = lookups_.find(id);
  if (closing_ || entry == lookups_.end()) return;
  Lookup& lookup = entry->second;
  const TraceSeconds took = loop_.now() - lookup.begun;
  deliver_soon(id, lookup,
               status == ARES_SUCCESS ? choose(candidates_of(*found), lookup.host, lookup.ip, took)
                                      : error_of(status, lookup.host, lookup.ip));
}

NameResolver::Stamp NameResolver::look() const {
  struct stat file {};
  if (stat(resolv_conf_.c_str(), &file) != 0) return {};
  return {file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec, file.st_ino};
}

void NameResolver::open() {
  read_ = look();
  ares_options options{};
  options.timeout = kFirstPatienceMs;
  options.tries = kTries;
  options.udp_port = port_;
  options.tcp_port = port_;
  options.resolvconf_path = resolv_conf_.data();
  options.sock_state_cb_data = this;
  options.sock_state_cb = [](void* self, int fd, int readable, int writable) {
    static_cast<NameResolver*>(self)->watch_socket(fd, readable != 0, writable != 0);
  };
  const int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_UDP_PORT | ARES_OPT_TCP_PORT |
                   ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_STATE_CB;
  if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) channel_ = nullptr;
}

void NameResolver::close() {
  closing_ = true;
  if (channel_ != nullptr) ares_destroy(channel_);
  channel_ = nullptr;
  closing_ = false;
  if (tick_) loop_.cancel(*tick_);
  tick_.reset();
}

// What is under way is asked anew: it may wait for a name server that is no more.
void NameResolver::reopen_if_changed() {
  if (channel_ != nullptr && look() == read_) return;
  close();
  open();
  for (const auto& [id, lookup] : lookups_) {
    if (!lookup.answered) ask(id, lookup);
  }
}

void NameResolver::watch_socket(int fd, bool readable, bool writable) {
  if (!readable && !writable) return loop_.unwatch(fd);
  const uint32_t events = (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U);
  loop_.watch(fd, events, [this, fd](uint32_t came) {
    const bool broken = (came & (EPOLLERR | EPOLLHUP)) != 0;
    const int in = broken || (came & EPOLLIN) != 0 ? fd : ARES_SOCKET_BAD;
    ares_process_fd(channel_, in, (came & EPOLLOUT) != 0 ? fd : ARES_SOCKET_BAD);
  });
}

// c-ares' own timeouts, when to ask again. Not to the point: finding the next one costs c-ares a
// look at every query under way.
void NameResolver::tick() {
  tick_.reset();
  timeval wait{};
  if (channel_ == nullptr || ares_timeout(channel_, nullptr, &wait) == nullptr) return;
  tick_ = loop_.after(kTick, [this] {
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    tick();
  });
}

}  // namespace selfheal
