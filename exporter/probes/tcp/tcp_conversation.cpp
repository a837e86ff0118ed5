#include "exporter/probes/tcp/tcp_conversation.h"

#include <utility>

namespace selfheal {

TcpConversation::TcpConversation(EventLoop& loop, TlsContexts& tls, Terms terms, UniqueFd socket,
                                 Callback callback)
    : loop_(loop),
      tls_(tls),
      terms_(std::move(terms)),
      callback_(std::move(callback)),
      stream_(loop, std::move(socket), [this](const StreamNews& news) { on_news(news); }),
      dialogue_(terms_.module->tcp.query_response, terms_.log),
      deadline_(loop.at(terms_.deadline, [this] { settle(overdue()); })) {}

TcpConversation::~TcpConversation() {
  loop_.cancel(deadline_);
}

void TcpConversation::start() {
  settle(terms_.module->tcp.tls ? secure() : proceed());
}

// The last step of whatever led here: the callback destroys this.
void TcpConversation::settle(std::optional<ProbeResult> result) {
  if (!result) return;
  add_findings(*result);
  const Callback callback = callback_;
  callback(std::move(*result));
}

void TcpConversation::on_news(const StreamNews& news) {
  if (news.secured) {
    shaking_hands_ = false;
    if (terms_.log) note_secured();
  }
  dialogue_.received(news.bytes);
  if (news.ended) dialogue_.ended();
  std::optional<ProbeResult> result;
  if (!shaking_hands_) result = proceed();
  // What came together with the failure may have been all that was waited for.
  const bool passed = result && result->outcome == ProbeOutcome::passed;
  settle(news.failure && !passed ? news.failure : result);
}

std::optional<ProbeResult> TcpConversation::proceed() {
  for (;;) {
    TcpDialogue::Action action = dialogue_.next();
    switch (action.step) {
      case TcpDialogue::Step::wait:
        return std::nullopt;
      case TcpDialogue::Step::send:
        if (const auto sent = stream_.send(action.bytes); !sent) return sent.error();
        break;
      case TcpDialogue::Step::starttls:
        return secure();
      case TcpDialogue::Step::passed:
        if (!stream_.flushed()) return std::nullopt;
        return passed();
      case TcpDialogue::Step::failed:
        return failed(action.reason, std::move(action.detail));
    }
  }
}

std::optional<ProbeResult> TcpConversation::secure() {
  const auto client = tls_.client_for(terms_.module->tcp.tls_config);
  if (!client) return failed(ProbeReason::tls, client.error().message);
  const std::string& configured = (*client)->server_name();
  const Tracing tracing = terms_.log ? Tracing::on : Tracing::off;
  shaking_hands_ = true;
  const auto begun =
      stream_.secure(*client, configured.empty() ? terms_.server_name : configured, tracing);
  if (!begun) return begun.error();
  return std::nullopt;
}

void TcpConversation::note_secured() const {
  terms_.log.info("TLS Handshake (client) succeeded.");
}

ProbeResult TcpConversation::overdue() const {
  return failed(ProbeReason::timeout,
                "timed out while waiting for " +
                    (shaking_hands_ ? "the TLS handshake" : dialogue_.awaited()));
}

void TcpConversation::add_findings(ProbeResult& result) const {
  const TlsChannel* tls = stream_.tls();
  if (tls != nullptr) result.cert_expiry = tls->capture().earliest_expiry();
  if (!terms_.log) return;
  if (result.outcome == ProbeOutcome::failed)
    terms_.log.error("Probe of the connection failed", {{"err", result.detail}});
  ProbeTrace& trace = terms_.log.trace();
  trace.tcp = TcpTrace{dialogue_.failed_due_to_regex(), dialogue_.expect_info()};
  if (tls == nullptr) return;
  trace.tls = tls->capture().trace(shaking_hands_ ? TlsCapture::Handshake::failed
                                                  : TlsCapture::Handshake::completed);
}

}  // namespace selfheal
