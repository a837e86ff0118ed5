// Which addresses some hosts have: those of --alertmanager.url, who are never locked out.
//
// Looked up by the system's resolver, at the start and again when somebody asks and what is known
// is older than kFresh. That can take as long as it likes, so a thread of its own does it, and
// whoever asks gets what is known. A host that can't be found keeps what it had. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"

namespace selfheal {

class PeerAddresses {
 public:
  static constexpr std::chrono::seconds kFresh{10};

  // Names or address literals. `clock` lives as long as this.
  PeerAddresses(std::vector<std::string> hosts, const Clock& clock);

  // `client` as client_of() names it.
  bool contains(const std::string& client);

 private:
  struct Known;
  void look_up();

  const Clock& clock_;
  const std::shared_ptr<Known> known_;  // with the thread that looks up, which may outlive this
};

}  // namespace selfheal
