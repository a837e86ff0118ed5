#include "common/http/web_gate.h"

#include <algorithm>

#include <openssl/ssl.h>

#include "common/base/log.h"
#include "common/http/client_address.h"

namespace selfheal {
namespace {

ServerResponse unauthorized() {
  ServerResponse response;
  response.status = 401;
  response.body = "Unauthorized\n";
  response.headers.emplace_back("WWW-Authenticate", "Basic");
  return response;
}

ServerResponse too_many() {
  ServerResponse response = refusal(429, "Too Many Requests");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

ServerResponse too_many_logins() {
  ServerResponse response = refusal(429, "Too many wrong logins from this address");
  response.headers.emplace_back("Retry-After", std::to_string(LoginLimit::kInterval.count()));
  return response;
}

WebGate::WebGate(std::string file, const Clock& clock)
    : file_(std::move(file)),
      clock_(clock),
      logins_(std::make_shared<LoginLimit>(clock)),
      passwords_(*logins_) {
  logins_->set_exempt(is_loopback);
}

Result<std::shared_ptr<WebGate>> WebGate::open(const std::string& file, const Clock& clock) {
  if (file.empty()) return std::shared_ptr<WebGate>();
  std::shared_ptr<WebGate> gate(new WebGate(file, clock));
  Result<ReadingPtr> first = gate->read();
  if (!first) return first.error();
  gate->reading_ = *first;
  if (gate->reading_->config.http2_asked_for)
    log::info("web configuration asks for http2; HTTP/1.1 is what is served", {{"file", file}});
  if (gate->reading_->tls != nullptr) {
    gate->door_ = make_empty_tls_context();
    // Which versions there are is decided when the client has said hello.
    SSL_CTX_set_min_proto_version(gate->door_.get(), 0);
    SSL_CTX_set_max_proto_version(gate->door_.get(), 0);
    SSL_CTX_set_client_hello_cb(gate->door_.get(), &WebGate::on_client_hello, gate.get());
  }
  return gate;
}

Result<WebGate::ReadingPtr> WebGate::read() {
  stamps_.assign(1, FileStamp(file_));
  const Result<std::string> text = read_small_file(file_);
  if (!text) return text.error();
  Result<WebConfig> config = parse_web_config(*text, file_);
  if (!config) return config.error();
  const TlsServerConfig& tls = config->tls;
  for (const std::string& path : {tls.cert_file, tls.key_file, tls.client_ca_file}) {
    if (!path.empty()) stamps_.emplace_back(path);
  }
  Reading reading;
  if (tls.enabled()) {
    Result<TlsContext, TlsFault> context = make_tls_context(tls);
    if (!context) return tls_fault_at(context.error().key, context.error().what, *text, file_);
    reading.tls = *context;
  }
  reading.config = *std::move(config);
  return ReadingPtr(std::make_shared<const Reading>(std::move(reading)));
}

WebGate::ReadingPtr WebGate::current() {
  const std::lock_guard lock(mutex_);
  const bool stale = std::any_of(stamps_.begin(), stamps_.end(),
                                 [](const FileStamp& stamp) { return stamp.changed(); });
  if (stale) read_again();
  return reading_;
}

void WebGate::read_again() {
  Result<ReadingPtr> read_now = read();
  if (read_now && ((*read_now)->tls != nullptr) != (reading_->tls != nullptr))
    read_now = Error{file_ + ": TLS can be turned on and off by a restart only"};
  if (!read_now) {
    if (complaint_ != read_now.error().message)
      log::error("web configuration can't be used, the one before stays",
                 {{"err", read_now.error().message}});
    complaint_ = read_now.error().message;
    return;
  }
  if ((*read_now)->config.rate_limit != reading_->config.rate_limit) bucket_ = TokenBucket();
  reading_ = *read_now;
  complaint_.clear();
  log::info("web configuration read again", {{"file", file_}});
}

bool WebGate::last_reload_successful() const {
  const std::lock_guard lock(mutex_);
  return complaint_.empty();
}

Admission WebGate::admit(const ServerRequest& request, Access access) {
  const ReadingPtr reading = current();
  return {refuse(reading->config, request, access), reading->config.headers};
}

bool WebGate::asks_who() {
  const ReadingPtr reading = current();
  return !reading->config.users.empty() ||
         reading->config.tls.client_auth == ClientAuth::require_and_verify;
}

std::optional<ServerResponse> WebGate::refuse(const WebConfig& config, const ServerRequest& request,
                                              Access access) {
  if (const RateLimit& limit = config.rate_limit; limit.interval.count() > 0) {
    const std::lock_guard lock(mutex_);
    if (!bucket_.allow(limit.interval, limit.burst, clock_.steady_now())) return too_many();
  }
  if (config.users.empty() || access == Access::own_secret) return std::nullopt;
  switch (passwords_.check(config.users, request.header("Authorization"),
                           client_of(request.remote_address()))) {
    case AuthVerdict::accepted:
      return std::nullopt;
    case AuthVerdict::busy:
      return too_many();
    case AuthVerdict::limited:
      return too_many_logins();
    case AuthVerdict::refused:
      break;
  }
  return unauthorized();
}

int WebGate::on_client_hello(SSL* connection, int*, void* gate) {
  use_tls_context(connection, static_cast<WebGate*>(gate)->current()->tls.get());
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace selfheal
