#include "exporter/probes/http/http_run.h"

#include <algorithm>
#include <utility>

#include <curl/curl.h>

#include "exporter/probes/net/redacted_url.h"
#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

constexpr int kMaxRedirects = 10;

std::string seconds_text(TraceSeconds seconds) {
  return std::to_string(seconds.count());
}

TraceSeconds between(TraceSeconds from, TraceSeconds to) {
  return std::max(to - from, TraceSeconds(0));
}

std::optional<WallTime> http_date(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const time_t time = curl_getdate(text.c_str(), nullptr);
  if (time == -1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(time);
}

HttpHeaders proxy_headers(const HttpModule& module) {
  HttpHeaders headers;
  for (const auto& [name, secrets] : module.proxy_connect_header)
    for (const Secret& secret : secrets) headers.emplace_back(name, secret.text);
  return headers;
}

}  // namespace

HttpRun::HttpRun(const HttpServices& services, ProbeRequest request, Callback callback)
    : services_(services),
      request_(std::move(request)),
      module_(request_.module->http),
      callback_(std::move(callback)),
      deadline_(services.loop.now() + request_.timeout),
      log_(services.loop.clock(), request_.tracing),
      verdict_(module_, log_),
      body_(module_),
      route_(services_, request_, log_),
      exchange_(services, *this) {
  if (log_) log_.trace().http.emplace();
  begin();
}

HttpRun::~HttpRun() {
  if (at_once_) services_.loop.cancel(*at_once_);
}

Milliseconds HttpRun::time_left() const {
  return std::chrono::ceil<Milliseconds>(deadline_ - services_.loop.now());
}

void HttpRun::begin() {
  Result<HttpCall> call = first_call(request_, services_.files);
  if (!call) {
    if (log_) log_.error("Could not make the request", {{"err", call.error().message}});
    return fail_soon(ProbeReason::protocol, call.error().message);
  }
  first_ = std::move(*call);
  locate();
}

void HttpRun::locate() {
  route_.find(call().url, first_.url, deadline_,
              [this](const Result<HttpWay, ProbeResult>& way) { located(way); });
}

void HttpRun::located(const Result<HttpWay, ProbeResult>& way) {
  if (way) return send(*way);
  fail_soon(way.error().reason, way.error().detail);
}

void HttpRun::send(const HttpWay& way) {
  const HttpCall& call = this->call();
  HttpUrl url = call.url;
  ExchangeRequest exchange;
  exchange.method = call.method;
  exchange.headers = call.headers;
  exchange.body = call.body;
  exchange.timeout = time_left();
  exchange.tracing = request_.tracing;
  if (!module_.compression.empty()) exchange.piece_bytes = ResponseBody::kCompressedPieceBytes;
  if (module_.follow_redirects) exchange.cookies = ExchangeRequest::Cookies::kept;
  if (url.tls()) {
    if (const auto added = add_tls(exchange); !added)
      return refuse(ProbeReason::tls, added.error().message);
    url.host = call.server_name;  // what libcurl asks for by SNI
  }
  if (log_) log_.trace().http->asked = true;
  const bool by_proxy = !way.proxy.url.empty();
  exchange.proxy = way.proxy.url;
  exchange.no_proxy = way.proxy.exceptions;
  if (by_proxy) exchange.proxy_headers = proxy_headers(module_);
  // A tunnel leads to the host, not to the name that TLS asks for.
  const bool named_tunnel = by_proxy && url.tls() && way.connect_to.empty();
  const std::string connect_to =
      named_tunnel ? to_string(Endpoint{call.url.host, url.port}) : way.connect_to;
  // connect_to would make libcurl ask a proxy for a tunnel, also for plain HTTP.
  if (by_proxy && !url.tls() && route_.address() && !redirected_)
    url.host = route_.address()->address;
  else if (connect_to != to_string(Endpoint{url.host, url.port}))
    exchange.connect_to = connect_to;
  exchange.url = url.text();
  const std::string host = call.host_header.empty() ? call.url.authority() : call.host_header;
  if (host != url.authority()) exchange.headers.emplace_back("Host", host);
  if (log_) log_.info("Making HTTP request", {{"url", call.url.text()}, {"host", host}});
  if (exchange.timeout.count() <= 0)
    return refuse(ProbeReason::timeout, "timed out before " + call.url.text() + " was asked");
  exchange_.start(std::move(exchange));
}

Outcome<> HttpRun::add_tls(ExchangeRequest& exchange) const {
  const Result<std::shared_ptr<TlsClient>> client = services_.tls.client_for(module_.tls_config);
  if (!client) return client.error();
  exchange.tls = *client;
  exchange.server_name = call().server_name;
  if (module_.enable_http2) exchange.version = ExchangeRequest::Version::http2_by_alpn;
  return Done{};
}

HttpExchange::Next HttpRun::on_head(const ResponseHead& head) {
  std::string location = head.first("Location");
  if (redirects(head.status, location)) return on_redirect(head, std::move(location));
  verdict_.judge_head(head);
  if (verdict_.wants_body()) body_.keep();
  return HttpExchange::Next::go_on;
}

HttpExchange::Next HttpRun::on_redirect(const ResponseHead& head, std::string location) {
  ++redirects_;
  if (log_) log_.info("Received redirect", {{"location", redacted_url(location)}});
  if (module_.follow_redirects && redirects_ <= kMaxRedirects) {
    next_location_ = std::move(location);
    return HttpExchange::Next::enough;
  }
  if (log_) log_.info("Not following redirect");
  verdict_.judge_head(head);
  body_skipped_ = !verdict_.wants_body();
  if (body_skipped_) return HttpExchange::Next::enough;
  body_.keep();
  return HttpExchange::Next::go_on;
}

HttpExchange::Next HttpRun::on_body(std::string_view piece) {
  return body_.take(piece) ? HttpExchange::Next::go_on : HttpExchange::Next::enough;
}

void HttpRun::on_end(const std::optional<HttpFailure>& failure) {
  if (log_) note_times();
  if (!next_location_.empty()) return follow();
  if (exchange_.head().status == 0) {
    static const HttpFailure kNoHead{HttpFailureKind::protocol, "no HTTP response came", 0, true};
    return no_response(failure ? *failure : kNoHead);
  }
  judge_response(failure);
  if (log_) note_response();
  finish();
}

void HttpRun::no_response(const HttpFailure& failure) {
  if (log_) log_.error("Error for HTTP request", {{"err", failure.message}});
  if (!try_other_address(failure)) give_up(failure);
}

void HttpRun::give_up(const HttpFailure& failure) {
  connected_ = redirected_ || failure.connected;
  if (is_our_own_lack(failure.os_error))
    verdict_.withhold(failure.message);
  else
    verdict_.fail(reason_of(failure.kind), failure.message);
  if (log_) note_response();
  finish();
}

bool HttpRun::try_other_address(const HttpFailure& failure) {
  if (failure.connected || time_left().count() <= 0) return false;
  return route_.find_other(deadline_, [this, failure](const Result<HttpWay, ProbeResult>& way) {
    if (way) return send(*way);
    give_up(failure);
  });
}

void HttpRun::follow() {
  Result<HttpCall> next =
      redirected_call(first_, call(), exchange_.head().status, std::exchange(next_location_, ""));
  if (!next) {
    --redirects_;  // as in blackbox_exporter, what is no URL is no redirect
    return fail_to_follow(next.error().message);
  }
  if (!next->url.speaks_http())
    return fail_to_follow("unsupported scheme \"" + next->url.scheme + "\" in a redirect");
  redirected_ = std::move(*next);
  if (log_ && !same_authority(redirected_->url, first_.url))
    log_.info("Address does not match first address, not sending TLS ServerName",
              {{"first", first_.url.authority()}, {"address", redirected_->url.authority()}});
  locate();
}

void HttpRun::fail_to_follow(const std::string& detail) {
  if (log_) log_.error("Error for HTTP request", {{"err", detail}});
  verdict_.fail(ProbeReason::protocol, detail);
  finish();
}

void HttpRun::judge_response(const std::optional<HttpFailure>& failure) {
  if (failure) {
    verdict_.judge_body_failure(reason_of(failure->kind), failure->message);
  } else if (!body_skipped_) {
    if (body_.finish())
      verdict_.judge_body(body_.text());
    else
      verdict_.judge_body_failure(ProbeReason::body, body_.fault());
  }
  verdict_.judge_version(exchange_.http_version());
  verdict_.judge_ssl(call().url.tls() ? HttpVerdict::Ssl::yes : HttpVerdict::Ssl::no);
}

void HttpRun::note_times() {
  const ExchangeTimes times = exchange_.times();
  HttpTrace& trace = *log_.trace().http;
  const bool tls = call().url.tls();
  trace.connect += times.connected;
  if (tls) trace.tls += between(times.connected, times.tls_done);
  if (times.first_byte.count() > 0) {
    trace.processing += between(times.sent, times.first_byte);
    if (next_location_.empty()) trace.transfer += between(times.first_byte, times.end);
  }
  log_.info("Response timings for roundtrip", {{"roundtrip", std::to_string(redirects_)},
                                               {"connectDone", seconds_text(times.connected)},
                                               {"tlsDone", seconds_text(times.tls_done)},
                                               {"gotConn", seconds_text(times.sent)},
                                               {"responseStart", seconds_text(times.first_byte)},
                                               {"end", seconds_text(times.end)}});
}

void HttpRun::note_response() {
  HttpTrace& trace = *log_.trace().http;
  const ResponseHead& head = exchange_.head();
  trace.final_url = call().url.text();
  if (exchange_.tls() != nullptr)
    log_.trace().tls =
        exchange_.tls()->trace(exchange_.tls_established() ? TlsCapture::Handshake::completed
                                                           : TlsCapture::Handshake::failed);
  if (head.status == 0) return;
  trace.status = head.status;
  const bool never_a_body = head.status == 101 || head.status == 204 || head.status == 304;
  trace.content_length = never_a_body ? 0 : static_cast<double>(exchange_.content_length());
  if (!body_skipped_) trace.uncompressed_body_length = static_cast<double>(body_.length());
  trace.ssl = call().url.tls();
  trace.version = exchange_.http_version();
  trace.last_modified = http_date(head.first("Last-Modified"));
}

void HttpRun::refuse(ProbeReason reason, const std::string& detail) {
  if (log_) log_.error("Error for HTTP request", {{"err", detail}});
  fail_soon(reason, detail);
}

void HttpRun::fail_soon(ProbeReason reason, const std::string& detail) {
  connected_ = redirected_.has_value();
  verdict_.fail(reason, detail);
  at_once_ = services_.loop.at(services_.loop.now(), [this] {
    at_once_.reset();
    finish();
  });
}

void HttpRun::finish() {
  ProbeResult result = verdict_.result();
  result.http_status = exchange_.head().status;
  result.connected = connected_;
  if (exchange_.tls() != nullptr) result.cert_expiry = exchange_.tls()->earliest_expiry();
  if (log_) {
    log_.trace().http->redirects = redirects_;
    log_.trace().http->failed_due_to_regex = verdict_.failed_due_to_regex();
    result.trace = log_.trace_ptr();
  }
  const Callback callback = std::move(callback_);
  callback(std::move(result));
}

}  // namespace selfheal
