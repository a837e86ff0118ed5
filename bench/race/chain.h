// A contender's chain as the race asks it when it did what. What is read here explains a
// measurement and never is one: broken and healthy are the race's own (race_round.h).
#pragma once

#include <memory>
#include <string>

#include "bench/race/names.h"
#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/http/blocking_http_client.h"

namespace selfheal::race {

class Chain {
 public:
  virtual ~Chain() = default;

  // A container has just been broken.
  virtual void begin(const std::string& /*container*/, WallTime /*broken_at*/) {}
  // Every few milliseconds from then on until the container is restarted: for what leaves no trace.
  virtual void glance() {}
  // The container is healthy: adds what this chain knows of its way there. The error says why this
  // can't have been this chain's work.
  virtual Outcome<> tell(Marks& /*marks*/) { return Done{}; }
  // How many of the rounds so far the chain itself holds for recovered, once it has finished with
  // all of them; nothing where it keeps no account.
  virtual std::optional<int> recovered() { return std::nullopt; }
};

struct ChainAddresses {
  std::string prometheus;  // URLs without a slash at the end
  std::string exporter;
  std::string remediator;
};

std::unique_ptr<Chain> make_chain(Contender contender, const ChainAddresses& addresses,
                                  BlockingHttpClient& http, const Clock& clock);

}  // namespace selfheal::race
