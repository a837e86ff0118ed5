#include "bench/race/chain.h"

#include "bench/race/our_chain.h"
#include "bench/race/stock_chain.h"

namespace selfheal::race {

std::unique_ptr<Chain> make_chain(Contender contender, const ChainAddresses& addresses,
                                  BlockingHttpClient& http, const Clock& clock) {
  switch (contender) {
    case Contender::ours:
      return std::make_unique<OurChain>(addresses, http, clock);
    case Contender::stock:
      return std::make_unique<StockChain>(addresses.prometheus, http, clock);
    case Contender::loop:
      break;
  }
  return std::make_unique<Chain>();  // the loop keeps no account of what it does
}

}  // namespace selfheal::race
