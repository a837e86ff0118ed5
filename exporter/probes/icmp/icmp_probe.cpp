#include "exporter/probes/icmp/icmp_probe.h"

#include <cerrno>
#include <system_error>

#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

constexpr size_t kSequences = 65'536;
constexpr size_t kDefaultPayload = 28;  // bytes, as blackbox_exporter
// On loopback replies arrive while we send: read before the socket's buffer is full.
constexpr int kSendsBetweenReads = 64;

// A machine that is out of buffers says nothing about the host.
ProbeResult result_of_send_error(const std::string& host, int os_error) {
  const std::string detail = host + ": " + std::generic_category().message(os_error);
  if (os_error == EAGAIN || is_our_own_lack(os_error)) return inconclusive(detail);
  if (os_error == EMSGSIZE)
    return not_connected(ProbeReason::unreachable,
                         host + ": payload_size is more than a packet on the way there may carry");
  return not_connected(ProbeReason::unreachable, detail);
}

}  // namespace

IcmpProber::~IcmpProber() {
  while (!probes_.empty()) cancel(probes_.begin()->first);
  for (const auto& [key, lane] : lanes_) loop_.unwatch(lane.socket.fd());
}

Prober::ProbeId IcmpProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  Probe& probe = probes_[id];
  probe.callback = std::move(callback);
  probe.module = std::move(request.module);
  probe.deadline = loop_.now() + request.timeout;
  probe.log = ProbeLog(loop_.clock(), request.tracing);
  const std::string& host = request.address ? request.address->address : request.target;
  const IpPreference ip = request.address ? IpPreference() : probe.module->icmp.ip;
  probe.lookup = resolve_target(
      loop_, resolver_, host, ip, probe.deadline, probe.log,
      [this, id](const Result<ResolvedAddress, ProbeResult>& answer) { located(id, answer); });
  return id;
}

void IcmpProber::cancel(ProbeId id) {
  const auto probe = probes_.extract(id);
  if (probe) let_go(probe.mapped());
}

void IcmpProber::let_go(Probe& probe) {
  if (probe.lookup) resolver_.cancel(*probe.lookup);
  if (probe.timer) loop_.cancel(*probe.timer);
  if (probe.lane != nullptr) probe.lane->waiting.erase(probe.request.sequence);
}

// ---- to the host

void IcmpProber::located(ProbeId id, const Result<ResolvedAddress, ProbeResult>& answer) {
  Probe& probe = probes_.at(id);
  probe.lookup.reset();
  if (!answer) return finish(id, answer.error());
  probe.trace.resolve = answer->lookup;
  const auto pinged = ping(id, probe, *answer);
  if (!pinged) return finish(id, pinged.error());
  Lane& lane = *probe.lane;
  if (++lane.sent_since_read >= kSendsBetweenReads) read(lane);
}

Result<IcmpProber::Lane*, ProbeResult> IcmpProber::lane_for(IpProtocol ip,
                                                            const std::string& source) {
  const auto known = lanes_.find({ip, source});
  if (known != lanes_.end()) return &known->second;
  auto socket = IcmpSocket::open(ip, source);
  if (!socket) {
    if (logged_.insert(socket.error().detail).second)
      log::error("icmp probes can't be made", {{"err", socket.error().detail}});
    return socket.error();
  }
  Lane& lane = lanes_.emplace(std::pair(ip, source), Lane{std::move(*socket), {}}).first->second;
  loop_.watch(lane.socket.fd(), EPOLLIN, [this, &lane](uint32_t) { read(lane); });
  return &lane;
}

Outcome<ProbeResult> IcmpProber::ping(ProbeId id, Probe& probe, const ResolvedAddress& host) {
  const IcmpModule& icmp = probe.module->icmp;
  const SteadyTime begun = loop_.now();
  probe.log.info("Creating socket");
  const auto address = socket_address({host.address, 0});
  if (!address)
    return not_connected(ProbeReason::unreachable, host.address + ": no address to send to");
  const auto opened =
      lane_for(host.ipv6 ? IpProtocol::ip6 : IpProtocol::ip4, icmp.source_ip_address);
  if (!opened) return opened.error();
  Lane& lane = **opened;
  if (lane.waiting.size() == kSequences) return inconclusive("too many pings are under way");
  while (lane.waiting.contains(lane.next_sequence)) ++lane.next_sequence;
  probe.request = {*address, lane.next_sequence++,
                   icmp.payload_size > 0 ? static_cast<size_t>(icmp.payload_size) : kDefaultPayload,
                   icmp.ttl, icmp.dont_fragment};
  if (probe.log)
    probe.log.info("Creating ICMP packet", {{"seq", std::to_string(probe.request.sequence)},
                                            {"id", std::to_string(lane.socket.id())}});
  probe.sent_at = loop_.now();
  probe.trace.setup = probe.sent_at - begun;
  const int error = lane.socket.send(probe.request);
  if (error != 0) return result_of_send_error(host.address, error);
  probe.log.info("Waiting for reply packets");
  probe.lane = &lane;
  lane.waiting[probe.request.sequence] = id;
  probe.timer = loop_.at(probe.deadline, [this, id] {
    finish(id, not_connected(ProbeReason::timeout, "the host did not reply in time"));
  });
  return Done{};
}

// ---- and back

void IcmpProber::read(Lane& lane) {
  lane.sent_since_read = 0;
  for (const EchoAnswer& answer : lane.socket.receive()) {
    const auto waiting = lane.waiting.find(answer.sequence);
    if (waiting != lane.waiting.end()) answered(waiting->second, answer);
  }
}

void IcmpProber::answered(ProbeId id, const EchoAnswer& answer) {
  Probe& probe = probes_.at(id);
  if (!same_host(answer.host, probe.request.host)) return;
  if (!answer.error.empty())
    return finish(id, not_connected(ProbeReason::unreachable, answer.error));
  if (answer.payload_size != probe.request.payload_size) return;
  probe.log.info("Found matching reply packet");
  probe.trace.rtt = loop_.now() - probe.sent_at;
  probe.trace.reply_hop_limit = answer.hop_limit;
  finish(id, passed());
}

void IcmpProber::finish(ProbeId id, ProbeResult result) {
  auto node = probes_.extract(id);
  Probe& probe = node.mapped();
  let_go(probe);
  if (probe.log) {
    if (result.outcome != ProbeOutcome::passed)
      probe.log.error("ICMP probe failed", {{"err", result.detail}});
    probe.log.trace().icmp = probe.trace;
    result.trace = probe.log.trace_ptr();
  }
  probe.callback(std::move(result));
}

}  // namespace selfheal
