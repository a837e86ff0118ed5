#include "exporter/probes/net/dialer.h"

#include <system_error>
#include <utility>

namespace selfheal {
Dialer::~Dialer() {
  while (!dials_.empty()) cancel(dials_.begin()->first);
}

Dialer::Id Dialer::dial(DialRequest request, Callback callback) {
  const Id id = next_id_++;
  Dial& dial = dials_[id];
  dial.request = std::move(request);
  dial.callback = std::move(callback);
  if (dial.request.address) {
    dial.peer = *dial.request.address;
    connect(id, dial);
    return id;
  }
  const auto resolved = [this, id](Result<ResolvedAddress, ProbeResult> answer) {
    Dial& waiting = dials_.at(id);
    waiting.lookup_id.reset();
    if (!answer) return finish(id, answer.error());
    waiting.peer = {answer->address, waiting.request.port};
    waiting.lookup = answer->lookup;
    connect(id, waiting);
  };
  const DialRequest& wanted = dial.request;
  dial.lookup_id = resolve_target(loop_, resolver_, wanted.host, wanted.ip, wanted.deadline,
                                  wanted.log, resolved);
  return id;
}

void Dialer::cancel(Id id) {
  const auto dial = dials_.extract(id);
  if (!dial) return;
  if (dial.mapped().lookup_id) resolver_.cancel(*dial.mapped().lookup_id);
  if (dial.mapped().attempt) connector_.cancel(*dial.mapped().attempt);
}

void Dialer::connect(Id id, Dial& dial) {
  const DialRequest& wanted = dial.request;
  if (wanted.log && !wanted.source.empty())
    wanted.log.info("Using local address", {{"srcIP", wanted.source}});
  dial.attempt = connector_.start(
      {dial.peer, wanted.source}, time_left(loop_, wanted.deadline),
      [this, id](int error, UniqueFd socket) { connected(id, error, std::move(socket)); });
}

void Dialer::connected(Id id, int os_error, UniqueFd socket) {
  Dial& dial = dials_.at(id);
  dial.attempt.reset();
  if (os_error == 0) return finish(id, Connection{std::move(socket), dial.peer, dial.lookup});
  const std::string from = dial.request.source.empty() ? "" : " from " + dial.request.source;
  const std::string detail =
      to_string(dial.peer) + from + ": " + std::generic_category().message(os_error);
  if (dial.request.log) dial.request.log.error("Error dialing TCP", {{"err", detail}});
  if (is_our_own_lack(os_error)) return finish(id, inconclusive(detail));
  finish(id, not_connected(reason_of_connect_error(os_error), detail));
}

void Dialer::finish(Id id, Result<Connection, ProbeResult> outcome) {
  const auto dial = dials_.extract(id);
  dial.mapped().callback(std::move(outcome));
}

}  // namespace selfheal
