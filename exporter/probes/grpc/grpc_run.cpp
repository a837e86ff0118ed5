#include "exporter/probes/grpc/grpc_run.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/base/program.h"
#include "exporter/probes/grpc/grpc_message.h"
#include "exporter/probes/net/tcp_connect.h"

namespace selfheal {
namespace {

constexpr size_t kMaxBody = 64 << 10;  // a HealthCheckResponse has seven bytes
// Of gRPC's status codes those that are given to a check that got no answer.
constexpr int kUnknown = 2;
constexpr int kDeadlineExceeded = 4;
constexpr int kUnavailable = 14;

// What gRPC makes of a response that is plain HTTP.
int status_of_http(int status) {
  switch (status) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return kUnavailable;
    default:
      return kUnknown;
  }
}

const std::string* find(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key == name) return &value;  // lower case by HTTP/2
  return nullptr;
}

// In the trailers, or in the headers of a response that is nothing else.
const std::string* find_anywhere(const HttpExchange& exchange, std::string_view name) {
  const std::string* found = find(exchange.trailers(), name);
  return found != nullptr ? found : find(exchange.head().headers, name);
}

}  // namespace

GrpcRun::GrpcRun(const HttpServices& services, ProbeRequest request, Callback callback)
    : services_(services),
      request_(std::move(request)),
      module_(request_.module->grpc),
      callback_(std::move(callback)),
      deadline_(services.loop.now() + request_.timeout),
      log_(services.loop.clock(), request_.tracing),
      search_(services.resolver, log_),
      exchange_(services.curl, *this) {
  if (log_) log_.trace().grpc.emplace();
  if (const auto read = read_target(); !read)
    fail_soon(ProbeReason::protocol, read.error().message);
  else
    locate();
}

GrpcRun::~GrpcRun() {
  if (at_once_) services_.loop.cancel(*at_once_);
}

// host:port, the port being 80 or 443 where it is left out, or a URL of that.
Outcome<> GrpcRun::read_target() {
  const bool has_scheme =
      request_.target.starts_with("http://") || request_.target.starts_with("https://");
  const std::string rest =
      has_scheme ? request_.target.substr(request_.target.find("//") + 2) : request_.target;
  Result<HttpUrl> url = HttpUrl::parse((module_.tls ? "https://" : "http://") + rest);
  if (!url) return url.error();
  url_ = std::move(*url);
  url_.path = "/grpc.health.v1.Health/Check";
  const std::string& host = request_.hostname.empty() ? url_.host : request_.hostname;
  server_name_ = module_.tls_config.server_name.empty() ? host : module_.tls_config.server_name;
  return Done{};
}

void GrpcRun::locate() {
  if (request_.address) return send(to_string(*request_.address));
  const auto known = search_.start(url_.host, module_.ip, request_.timeout,
                                   [this](Result<ResolvedAddress> found) { located(found); });
  if (known) located(*known);
}

void GrpcRun::located(const Result<ResolvedAddress>& address) {
  const TraceSeconds lookup = address ? address->lookup : TraceSeconds(0);
  if (log_) {
    log_.trace().grpc->resolve = lookup;
    log_.trace().resolve = address ? ResolveTrace{lookup, address->address, address->ipv6}
                                   : ResolveTrace{lookup, "", false};
  }
  if (address) return send(to_string(Endpoint{address->address, url_.port}));
  if (log_) log_.error("Error resolving address", {{"err", address.error().message}});
  finish(not_connected(ProbeReason::dns, address.error().message));
}

void GrpcRun::send(const std::string& address) {
  check_started_ = services_.loop.now();
  ExchangeRequest exchange;
  exchange.method = "POST";
  exchange.body = std::make_shared<const std::string>(encode_health_request(module_.service));
  exchange.headers = {{"content-type", "application/grpc"},
                      {"te", "trailers"},
                      {"user-agent", std::string("selfheal-exporter/") + version()}};
  for (const auto& [name, values] : module_.metadata)
    for (const std::string& value : values) exchange.headers.emplace_back(name, value);
  const auto left = std::chrono::ceil<Milliseconds>(deadline_ - check_started_);
  exchange.timeout = std::max(left, Milliseconds(1));  // 0 would be for ever
  exchange.version = ExchangeRequest::Version::http2;
  exchange.tracing = request_.tracing;
  exchange.connect_to = address;
  HttpUrl url = url_;
  if (module_.tls) {
    const auto client = services_.tls.client_for(module_.tls_config);
    if (!client) return fail_soon(ProbeReason::tls, client.error().message);
    exchange.tls = *client;
    exchange.server_name = server_name_;
    exchange.version = ExchangeRequest::Version::http2_by_alpn;
    url.host = server_name_;
  }
  exchange.url = url.text();
  if (url.authority() != url_.authority()) exchange.headers.emplace_back("Host", url_.authority());
  if (log_) log_.debug(module_.tls ? "Dialing GRPC with TLS" : "Dialing GRPC without TLS");
  exchange_.start(std::move(exchange));
}

HttpExchange::Next GrpcRun::on_head(const ResponseHead&) {
  return HttpExchange::Next::go_on;
}

HttpExchange::Next GrpcRun::on_body(std::string_view piece) {
  if (body_.size() + piece.size() > kMaxBody) return HttpExchange::Next::enough;
  body_ += piece;
  return HttpExchange::Next::go_on;
}

void GrpcRun::on_end(const std::optional<HttpFailure>& failure) {
  if (log_) log_.trace().grpc->check = services_.loop.now() - check_started_;
  ProbeResult result = judge(failure);
  if (exchange_.tls() != nullptr) {
    result.cert_expiry = exchange_.tls()->earliest_expiry();
    if (log_) {
      const bool established = exchange_.tls_established();
      log_.trace().tls = exchange_.tls()->trace(established ? TlsCapture::Handshake::completed
                                                            : TlsCapture::Handshake::failed);
      log_.trace().grpc->ssl = established && log_.trace().grpc->status_code == 0;
    }
  }
  finish(std::move(result));
}

ProbeResult GrpcRun::judge(const std::optional<HttpFailure>& failure) {
  if (!failure) return judge_response();
  const ProbeReason reason = reason_of(failure->kind);
  if (log_)
    log_.trace().grpc->status_code =
        reason == ProbeReason::timeout ? kDeadlineExceeded : kUnavailable;
  if (is_our_own_lack(failure->os_error)) return inconclusive(failure->message);
  ProbeResult result = failed(reason, failure->message);
  result.connected = failure->connected;
  return result;
}

ProbeResult GrpcRun::judge_response() {
  const ResponseHead& head = exchange_.head();
  const bool is_grpc = head.status == 200 && exchange_.http_version() >= 2 &&
                       head.first("content-type").starts_with("application/grpc");
  if (!is_grpc) {
    if (log_) log_.trace().grpc->status_code = status_of_http(head.status);
    return failed(ProbeReason::protocol, "the response is not gRPC: HTTP status " +
                                             std::to_string(head.status) + ", content type \"" +
                                             head.first("content-type") + "\"");
  }
  const std::string* status_text = find_anywhere(exchange_, "grpc-status");
  int status = kUnknown;
  if (status_text != nullptr)
    std::from_chars(status_text->data(), status_text->data() + status_text->size(), status);
  if (log_) log_.trace().grpc->status_code = status;
  if (status_text == nullptr)
    return failed(ProbeReason::protocol, "the response has no grpc-status");
  if (status == 0) return judge_message();
  const std::string* message = find_anywhere(exchange_, "grpc-message");
  return failed(ProbeReason::status,
                "gRPC: " + grpc_status_text(status) +
                    (message != nullptr ? ": " + grpc_message_text(*message) : ""));
}

ProbeResult GrpcRun::judge_message() {
  const Result<std::string> status = decode_health_response(body_);
  if (!status) return failed(ProbeReason::protocol, status.error().message);
  if (log_) log_.trace().grpc->serving_status = *status;
  if (*status == "SERVING") return passed();
  return failed(ProbeReason::status, "the service's health is " + *status);
}

void GrpcRun::fail_soon(ProbeReason reason, const std::string& detail) {
  at_once_ =
      services_.loop.at(services_.loop.now(), [this, result = not_connected(reason, detail)] {
        at_once_.reset();
        finish(result);
      });
}

void GrpcRun::finish(ProbeResult result) {
  if (log_) {
    if (result.outcome == ProbeOutcome::failed)
      log_.error("can't connect grpc server:", {{"err", result.detail}});
    result.trace = log_.trace_ptr();
  }
  const Callback callback = std::move(callback_);
  callback(std::move(result));
}

}  // namespace selfheal
