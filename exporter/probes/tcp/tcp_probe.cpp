#include "exporter/probes/tcp/tcp_probe.h"

#include <utility>

#include "exporter/probes/net/host_port.h"

namespace selfheal {

TcpProber::~TcpProber() {
  while (!probes_.empty()) cancel(probes_.begin()->first);
}

Prober::ProbeId TcpProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  Probe& probe = probes_[id];
  probe.callback = std::move(callback);
  probe.terms.module = std::move(request.module);
  probe.terms.deadline = loop_.now() + request.timeout;
  probe.terms.log = ProbeLog(loop_.clock(), request.tracing);
  if (probe.terms.log) probe.terms.log.trace().tcp.emplace();
  const auto target = parse_host_port(request.target);
  if (!target && !request.address) {
    const ProbeResult result = not_connected(ProbeReason::protocol, target.error().message);
    if (probe.terms.log)
      probe.terms.log.error("Error splitting target address and port", {{"err", result.detail}});
    probe.at_once = loop_.at(loop_.now(), [this, id, result] { finish(id, result); });
    return id;
  }
  const HostPort where = target ? *target : HostPort{};
  probe.terms.server_name = request.hostname.empty() ? where.host : request.hostname;
  const TcpModule& tcp = probe.terms.module->tcp;
  probe.dial = dialer_.dial(
      {where.host, where.port, std::move(request.address), tcp.ip, tcp.source_ip_address,
       probe.terms.deadline, probe.terms.log},
      [this, id](Result<Connection, ProbeResult> outcome) { connected(id, std::move(outcome)); });
  return id;
}

void TcpProber::cancel(ProbeId id) {
  const auto probe = probes_.extract(id);
  if (!probe) return;
  if (probe.mapped().dial) dialer_.cancel(*probe.mapped().dial);
  if (probe.mapped().at_once) loop_.cancel(*probe.mapped().at_once);
}

void TcpProber::connected(ProbeId id, Result<Connection, ProbeResult> outcome) {
  Probe& probe = probes_.at(id);
  probe.dial.reset();
  if (!outcome) return finish(id, outcome.error());
  if (probe.terms.log) probe.terms.log.info("Successfully dialed");
  const TcpModule& tcp = probe.terms.module->tcp;
  if (!tcp.tls && tcp.query_response.empty()) return finish(id, passed());
  probe.conversation = std::make_unique<TcpConversation>(
      loop_, tls_, probe.terms, std::move(outcome->socket),
      [this, id](ProbeResult result) { finish(id, std::move(result)); });
  probe.conversation->start();
}

void TcpProber::finish(ProbeId id, ProbeResult result) {
  const auto probe = probes_.extract(id);
  result.trace = probe.mapped().terms.log.trace_ptr();
  probe.mapped().callback(std::move(result));
}

}  // namespace selfheal
