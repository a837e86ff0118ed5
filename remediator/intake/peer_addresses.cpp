#include "remediator/intake/peer_addresses.h"

#include <array>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

#include "common/http/client_address.h"

namespace selfheal {
namespace {

std::set<std::string> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::set<std::string> addresses;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0)
      addresses.insert(client_of(text.data()));
  }
  freeaddrinfo(found);
  return addresses;
}

}  // namespace

struct PeerAddresses::Known {
  explicit Known(std::vector<std::string> names) : hosts(std::move(names)) {}

  const std::vector<std::string> hosts;
  std::mutex mutex;
  std::map<std::string, std::set<std::string>> addresses;  // by host
  bool looking_up = false;
  SteadyTime looked_up_at{};
};

PeerAddresses::PeerAddresses(std::vector<std::string> hosts, const Clock& clock)
    : clock_(clock), known_(std::make_shared<Known>(std::move(hosts))) {
  look_up();
}

bool PeerAddresses::contains(const std::string& client) {
  look_up();
  const std::lock_guard lock(known_->mutex);
  for (const auto& [host, addresses] : known_->addresses)
    if (addresses.contains(client)) return true;
  return false;
}

void PeerAddresses::look_up() {
  {
    const SteadyTime now = clock_.steady_now();
    const std::lock_guard lock(known_->mutex);
    const bool fresh = known_->looked_up_at != SteadyTime{} && now - known_->looked_up_at < kFresh;
    if (known_->hosts.empty() || known_->looking_up || fresh) return;
    known_->looking_up = true;
    known_->looked_up_at = now;
  }
  std::thread([known = known_] {
    pthread_setname_np(pthread_self(), "peer-names");
    for (const std::string& host : known->hosts) {
      std::set<std::string> found = addresses_of(host);
      const std::lock_guard lock(known->mutex);
      if (!found.empty()) known->addresses[host] = std::move(found);
    }
    const std::lock_guard lock(known->mutex);
    known->looking_up = false;
  }).detach();
}

}  // namespace selfheal
