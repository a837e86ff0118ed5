// HTTP and gRPC probes on a loop of their own, with all that their probers share.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/probes/http/http_probe.h"
#include "exporter/probes/http/http_services.h"
#include "tests/exporter/loop_probe.h"
#include "tests/exporter/stub_dns_server.h"
#include "tests/support/temp_folder.h"

namespace selfheal {

// The cases of this binary run twice (CMakeLists.txt): as probes are made, and with libcurl for
// plain HTTP too.
inline HttpServices::PlainHttp plain_http_under_test() {
  const char* wanted = std::getenv("SELFHEAL_TEST_PLAIN_HTTP");
  return wanted != nullptr && std::string_view(wanted) == "by_curl"
             ? HttpServices::PlainHttp::by_curl
             : HttpServices::PlainHttp::direct;
}

// Where names are looked up.
struct NameServer {
  std::string resolv_conf = "/etc/resolv.conf";
  uint16_t port = 53;
};

// What ProberSet gives the probers, and one of them.
template <class Inner>
class ProberWithServices final : public Prober {
 public:
  explicit ProberWithServices(EventLoop& loop, const NameServer& names = {})
      : resolver_(loop, names.resolv_conf, names.port),
        curl_(loop),
        inner_({loop, curl_, resolver_, tls_, files_, plain_http_under_test()}) {}
  ProbeId start(ProbeRequest request, Callback callback) override {
    return inner_.start(std::move(request), std::move(callback));
  }
  void cancel(ProbeId id) override { inner_.cancel(id); }

 private:
  NameResolver resolver_;
  CurlMulti curl_;
  TlsContexts tls_;
  SmallFiles files_;
  Inner inner_;
};

template <class Inner>
ProbeResult run_with_services(const ProbeRequest& request, const NameServer& names = {}) {
  return run_probe(
      [&](EventLoop& loop) { return std::make_unique<ProberWithServices<Inner>>(loop, names); },
      request);
}

// Every name has the addresses ::1 and 127.0.0.1.
class LoopbackNames {
 public:
  LoopbackNames() { folder_.write("resolv.conf", "nameserver 127.0.0.1\n"); }
  NameServer place() const { return {folder_.path("resolv.conf"), server_.port()}; }

 private:
  TempFolder folder_;
  StubDnsServer server_{[](const std::string& query) {
    StubReply reply;
    const bool v4 = question_type(query) == 1;
    reply.answer = {v4 ? StubRecord{1, 60, ipv4_data("127.0.0.1")}
                       : StubRecord{28, 60, ipv6_data("::1")}};
    return std::vector<std::string>{reply_to(query, reply)};
  }};
};

// One after the other by the same prober, which keeps handles and more from one to the next.
template <class Inner>
std::vector<ProbeResult> run_in_turn(const std::vector<ProbeRequest>& requests) {
  SystemClock clock;
  EventLoop loop(clock);
  ProberWithServices<Inner> prober(loop);
  std::vector<ProbeResult> results;
  const std::function<void()> next = [&] {
    if (results.size() == requests.size()) return loop.stop();
    prober.start(requests[results.size()], [&](ProbeResult result) {
      results.push_back(std::move(result));
      next();
    });
  };
  loop.post(next);
  loop.run();
  return results;
}

inline ProbeResult probe_http(Module module, const std::string& target,
                              Milliseconds timeout = Milliseconds(5'000)) {
  return run_with_services<HttpProber>(probe_request(std::move(module), target, timeout));
}

inline ProbeReason reason_of_failure(const ProbeResult& result) {
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_NE(result.detail, "");
  return result.reason;
}

// A module of the HTTP prober, changed from its defaults.
template <class Change>
Module http_module(const Change& change) {
  Module module;
  module.prober = ProbeKind::http;
  // The stubs listen on IPv4 alone, and localhost is whatever the machine says.
  module.http.ip.preferred = IpProtocol::ip4;
  change(module.http);
  return module;
}
inline Module http_module() {
  return http_module([](HttpModule&) {});
}

inline Regexp regexp(const std::string& text) {
  return *Regexp::compile(text);
}

}  // namespace selfheal
