#include "exporter/probes/dns/dns_probe.h"

#include <utility>

#include "exporter/modules/dns_names.h"
#include "exporter/probes/dns/dns_verdict.h"

namespace selfheal {
namespace {

constexpr int kPort = 53;
constexpr int kPortOverTls = 853;

void note_reply(const ProbeLog& log, const DnsReply& reply) {
  log.info("Got response", {{"rcode", rcode_name(reply.rcode)},
                            {"truncated", reply.truncated ? "true" : "false"},
                            {"answer", std::to_string(reply.answer.size())},
                            {"authority", std::to_string(reply.authority.size())},
                            {"additional", std::to_string(reply.additional.size())}});
  for (const auto* section : {&reply.answer, &reply.authority, &reply.additional}) {
    for (const std::string& record : *section) log.debug("Record", {{"rr", record}});
  }
}

}  // namespace

DnsProber::DnsProber(EventLoop& loop, NameResolver& resolver, TlsContexts& tls)
    : loop_(loop),
      resolver_(resolver),
      tls_(tls),
      dialer_(loop, resolver),
      ids_(std::random_device{}()) {}

DnsProber::~DnsProber() {
  while (!probes_.empty()) cancel(probes_.begin()->first);
}

Prober::ProbeId DnsProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  Probe& probe = probes_[id];
  probe.callback = std::move(callback);
  probe.module = request.module;
  probe.deadline = loop_.now() + request.timeout;
  probe.log = ProbeLog(loop_.clock(), request.tracing);
  const auto prepared = prepare(probe, request);
  if (prepared) {
    locate(id, probe);
  } else {
    ProbeResult result = failed(ProbeReason::protocol, prepared.error().message);
    probe.timer = loop_.at(loop_.now(), [this, id, result] { finish(id, result); });
  }
  return id;
}

Outcome<> DnsProber::prepare(Probe& probe, const ProbeRequest& request) {
  const DnsModule& dns = probe.module->dns;
  if (dns.transport_protocol != "udp" && dns.transport_protocol != "tcp")
    return Error{"transport_protocol \"" + dns.transport_protocol + "\": expected udp or tcp"};
  if (dns.dns_over_tls && dns.transport_protocol != "tcp")
    return Error{"dns_over_tls: needs transport_protocol tcp"};
  auto query = make_dns_query(dns, static_cast<uint16_t>(ids_()));
  if (!query) return query.error();
  const auto server = parse_host_port(request.target, dns.dns_over_tls ? kPortOverTls : kPort);
  if (!server && !request.address) return server.error();
  probe.query = std::move(*query);
  if (server) probe.server = *server;
  probe.address = request.address;
  probe.server_name = request.hostname.empty() ? probe.server.host : request.hostname;
  return Done{};
}

void DnsProber::cancel(ProbeId id) {
  const auto probe = probes_.extract(id);
  if (!probe) return;
  if (probe.mapped().lookup) resolver_.cancel(*probe.mapped().lookup);
  if (probe.mapped().dial) dialer_.cancel(*probe.mapped().dial);
  if (probe.mapped().timer) loop_.cancel(*probe.mapped().timer);
}

// ---- to the server

void DnsProber::locate(ProbeId id, Probe& probe) {
  if (probe.module->dns.transport_protocol == "tcp") return dial(id, probe);
  const auto located = [this, id](Result<ResolvedAddress, ProbeResult> answer) {
    Probe& waiting = probes_.at(id);
    waiting.lookup.reset();
    if (!answer) return finish(id, answer.error());
    waiting.trace.resolve = answer->lookup;
    waiting.dialed_at = loop_.now();
    const int port = waiting.address ? waiting.address->port : waiting.server.port;
    ask(id, waiting,
        std::make_unique<UdpDnsExchange>(loop_, Endpoint{answer->address, port},
                                         waiting.module->dns.source_ip_address, on_reply(id)));
  };
  const std::string& host = probe.address ? probe.address->address : probe.server.host;
  const IpPreference ip = probe.address ? IpPreference() : probe.module->dns.ip;
  probe.lookup = resolve_target(loop_, resolver_, host, ip, probe.deadline, probe.log, located);
}

void DnsProber::dial(ProbeId id, Probe& probe) {
  const DnsModule& dns = probe.module->dns;
  probe.dialed_at = loop_.now();
  probe.dial = dialer_.dial(
      {probe.server.host, probe.server.port, probe.address, dns.ip, dns.source_ip_address,
       probe.deadline, probe.log},
      [this, id](Result<Connection, ProbeResult> outcome) { connected(id, std::move(outcome)); });
}

void DnsProber::connected(ProbeId id, Result<Connection, ProbeResult> outcome) {
  Probe& probe = probes_.at(id);
  probe.dial.reset();
  if (!outcome) {
    if (outcome.error().reason != ProbeReason::dns)
      probe.trace.connect = loop_.now() - probe.dialed_at;
    return finish(id, outcome.error());
  }
  probe.trace.resolve = outcome->lookup;
  probe.dialed_at += std::chrono::duration_cast<SteadyTime::duration>(outcome->lookup);
  DnsOverTls over_tls;
  if (probe.module->dns.dns_over_tls) {
    const auto client = tls_.client_for(probe.module->dns.tls_config);
    if (!client) return finish(id, failed(ProbeReason::tls, client.error().message));
    const std::string& configured = (*client)->server_name();
    over_tls = {*client, configured.empty() ? probe.server_name : configured,
                probe.log ? Tracing::on : Tracing::off};
  }
  ask(id, probe,
      std::make_unique<TcpDnsExchange>(loop_, std::move(outcome->socket), std::move(over_tls),
                                       on_reply(id)));
}

// ---- question and answer

void DnsProber::ask(ProbeId id, Probe& probe, std::unique_ptr<DnsExchange> exchange) {
  probe.exchange = std::move(exchange);
  if (probe.log)
    probe.log.info("Making DNS query",
                   {{"query", probe.module->dns.query_name}, {"type", probe.query.type}});
  probe.timer = loop_.at(probe.deadline, [this, id] { replied(id, overdue(probes_.at(id))); });
  const auto asked = probe.exchange->start(probe.query);
  if (!asked) replied(id, asked.error());
}

DnsExchange::Callback DnsProber::on_reply(ProbeId id) {
  return [this, id](const Result<std::string, ProbeResult>& outcome) { replied(id, outcome); };
}

void DnsProber::replied(ProbeId id, const Result<std::string, ProbeResult>& outcome) {
  Probe& probe = probes_.at(id);
  loop_.cancel(*probe.timer);
  const SteadyTime now = loop_.now();
  const SteadyTime asked_at = probe.exchange->asked_at().value_or(now);
  probe.trace.connect = asked_at - probe.dialed_at;
  probe.trace.request = now - asked_at;
  finish(id, outcome ? judge(probe, *outcome) : outcome.error());
}

ProbeResult DnsProber::overdue(const Probe& probe) const {
  const bool asked = probe.exchange->asked_at().has_value();
  ProbeResult result =
      failed(ProbeReason::timeout, asked ? "the server did not answer in time"
                                         : "timed out while waiting for the TLS handshake");
  // Without a connection nothing shows that there is anybody at this address.
  result.connected = probe.module->dns.transport_protocol == "tcp";
  return result;
}

ProbeResult DnsProber::judge(Probe& probe, const std::string& message) {
  const auto reply = decode_dns_reply(message);
  if (!reply) return failed(ProbeReason::protocol, reply.error().message);
  if (probe.log) note_reply(probe.log, *reply);
  probe.trace.query_succeeded = true;
  probe.trace.answer_rrs = static_cast<int>(reply->answer.size());
  probe.trace.authority_rrs = static_cast<int>(reply->authority.size());
  probe.trace.additional_rrs = static_cast<int>(reply->additional.size());
  if (probe.query.type == "SOA") probe.trace.serial = reply->serial.value_or(0);
  return judge_dns_reply(probe.module->dns, *reply, probe.log);
}

void DnsProber::finish(ProbeId id, ProbeResult result) {
  const auto node = probes_.extract(id);
  Probe& probe = node.mapped();
  const TlsChannel* tls = probe.exchange != nullptr ? probe.exchange->tls() : nullptr;
  if (tls != nullptr) result.cert_expiry = tls->capture().earliest_expiry();
  if (probe.log) {
    if (result.outcome == ProbeOutcome::failed)
      probe.log.error("DNS probe failed", {{"err", result.detail}});
    probe.log.trace().dns = probe.trace;
    result.trace = probe.log.trace_ptr();
  }
  probe.callback(std::move(result));
}

}  // namespace selfheal
