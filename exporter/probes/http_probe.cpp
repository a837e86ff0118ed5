#include "exporter/probes/http_probe.h"

#include <string>
#include <string_view>
#include <utility>

#include "common/base/program.h"

namespace selfheal {
namespace {

constexpr int kMaxRedirects = 10;

ProbeResult failure_of(const HttpFailure& failure) {
  const auto reason = [&] {
    switch (failure.kind) {
      case HttpFailureKind::timeout:
        return ProbeReason::timeout;
      case HttpFailureKind::refused:
        return ProbeReason::refused;
      case HttpFailureKind::reset:
        return ProbeReason::reset;
      case HttpFailureKind::dns:
        return ProbeReason::dns;
      case HttpFailureKind::tls:
        return ProbeReason::tls;
      case HttpFailureKind::unreachable:
        return ProbeReason::unreachable;
      case HttpFailureKind::too_large:
        return ProbeReason::body;
      case HttpFailureKind::protocol:
      case HttpFailureKind::aborted:
        break;
    }
    return ProbeReason::protocol;
  };
  if (failure.kind == HttpFailureKind::aborted) return inconclusive(failure.message);
  ProbeResult result = failed(reason(), failure.message);
  result.connected = failure.connected;
  return result;
}

ProbeResult judge(const HttpResult& outcome) {
  if (!outcome) return failure_of(outcome.error());
  const int status = outcome->status;
  ProbeResult result = status >= 200 && status < 300
                           ? passed()
                           : failed(ProbeReason::status, "HTTP status " + std::to_string(status));
  result.http_status = status;
  return result;
}

}  // namespace

Prober::ProbeId HttpProber::start(ProbeRequest request, Callback callback) {
  HttpRequest get;
  get.url = std::move(request.target);
  get.headers = {{"User-Agent", std::string("selfheal-exporter/") + version()}};
  get.timeout = request.timeout;
  get.connect_timeout = get.timeout;
  get.max_redirects = kMaxRedirects;
  get.connection = HttpConnection::fresh;
  // The body has to arrive whole, but nobody looks at it.
  get.on_data = [](std::string_view) { return true; };
  return client_.send(std::move(get), [callback = std::move(callback)](HttpResult outcome) {
    callback(judge(outcome));
  });
}

}  // namespace selfheal
