// HTTP probes through a proxy.
#include "exporter/probes/http/http_proxy.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

Module through(const std::string& proxy) {
  return http_module([&](HttpModule& http) { http.proxy_url = proxy; });
}

// Copies bytes both ways until one side ends.
void relay(const UniqueFd& one, const UniqueFd& other) {
  pollfd sides[] = {{one.get(), POLLIN, 0}, {other.get(), POLLIN, 0}};
  for (;;) {
    if (poll(sides, 2, 20'000) <= 0) return;
    for (int i = 0; i < 2; ++i) {
      if (sides[i].revents == 0) continue;
      std::string bytes;
      const UniqueFd& from = i == 0 ? one : other;
      if (!receive_some(from, bytes) || !send_all(i == 0 ? other : one, bytes)) return;
    }
  }
}

TEST(HttpProxyProbe, PlainHttpIsAskedByTheProxy) {
  const HttpSite proxy(http_response(200, "by proxy"));
  const ProbeResult result = probe_http(through(proxy.url()), "http://127.0.0.1:9/x");
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  const HttpText request = proxy.last_request();
  EXPECT_EQ(request.first_line, "GET http://127.0.0.1:9/x HTTP/1.1");
  EXPECT_EQ(request.header("Host"), "127.0.0.1:9");
}

TEST(HttpProxyProbe, TheTargetsNameMayBeLeftToTheProxy) {
  const HttpSite proxy(http_response(200, ""));
  Module module = through(proxy.url());
  EXPECT_EQ(probe_http(module, "http://web.invalid/").reason, ProbeReason::dns);
  module.http.skip_resolve_phase_with_proxy = true;
  const ProbeResult result = probe_http(module, "http://web.invalid/");
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(proxy.last_request().first_line, "GET http://web.invalid/ HTTP/1.1");
  EXPECT_FALSE(result.trace->resolve);
}

TEST(HttpProxyProbe, HttpsGoesThroughATunnel) {
  const TestCertificate root = TestCertificate::authority("Root");
  const HttpSite site({{"*", http_response(200, "safe")}}, server_context(root.sign({})));
  std::mutex mutex;
  std::optional<HttpText> asked;
  const StubServer proxy([&](StubConnection& connection) {
    {
      const auto request = connection.read_request();
      const std::lock_guard lock(mutex);
      asked = request;
    }
    const UniqueFd upstream = connect_tcp(site.port());
    connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
    relay(connection.fd(), upstream);
  });
  Module module = through(proxy.url());
  module.http.tls_config.ca = root.pem();
  module.http.proxy_connect_header["X-Ticket"] = {Secret{"42"}};
  const ProbeResult result = probe_http(module, site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.http_status, 200);
  EXPECT_TRUE(result.cert_expiry);
  const std::lock_guard lock(mutex);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->first_line, "CONNECT 127.0.0.1:" + std::to_string(site.port()) + " HTTP/1.1");
  EXPECT_EQ(asked->header("X-Ticket"), "42");
  EXPECT_EQ(site.last_request().header("X-Ticket"), "");
}

// blackbox_exporter asks for it so: what TLS asks for and where it is are two things.
TEST(HttpProxyProbe, TheTunnelLeadsToTheTargetWhateverNameIsAskedFor) {
  std::mutex mutex;
  std::string asked;
  const StubServer proxy([&](StubConnection& connection) {
    const auto request = connection.read_request();
    const std::lock_guard lock(mutex);
    asked = request ? request->first_line : "";
    connection.send("HTTP/1.1 403 No\r\n\r\n");
  });
  Module module = through(proxy.url());
  module.http.skip_resolve_phase_with_proxy = true;
  module.http.headers = {{"Host", "www.example"}};
  probe_http(module, "https://lb1.example/");
  const std::lock_guard lock(mutex);
  EXPECT_EQ(asked, "CONNECT lb1.example:443 HTTP/1.1");
}

TEST(HttpProxyProbe, TheProxysNameIsLookedUpAsAllOthers) {
  const HttpSite proxy(http_response(200, ""));
  const LoopbackNames names;  // ::1 is tried first
  const ProbeRequest request = probe_request(
      through("http://proxy.test:" + std::to_string(proxy.port())), "http://127.0.0.1:9/");
  EXPECT_EQ(run_with_services<HttpProber>(request, names.place()).outcome, ProbeOutcome::passed);
  const ProbeResult lost =
      probe_http(through("http://user:hush@proxy.invalid:1"), "http://127.0.0.1:9/");
  EXPECT_EQ(lost.reason, ProbeReason::dns);
  EXPECT_THAT(lost.detail, HasSubstr("the proxy: "));
  EXPECT_THAT(lost.detail, Not(HasSubstr("hush")));
}

TEST(HttpProxyProbe, AProxyThatRefusesTheTunnel) {
  const HttpSite proxy(http_response(403, "no"));
  const ProbeResult result = probe_http(through(proxy.url()), "https://127.0.0.1:9/");
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::protocol) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr("403"));
  EXPECT_EQ(result.http_status, 0);
}

TEST(HttpProxyProbe, AProxyThatIsNotThere) {
  const std::string nowhere = "http://127.0.0.1:" + std::to_string(closed_port());
  EXPECT_EQ(probe_http(through(nowhere), "http://127.0.0.1:9/").reason, ProbeReason::refused);
}

TEST(HttpProxyProbe, WhatIsExceptedIsAskedDirectly) {
  const HttpSite site(http_response(200, ""));
  Module module = through("http://127.0.0.1:" + std::to_string(closed_port()));
  module.http.no_proxy = "example.org,127.0.0.1";
  EXPECT_EQ(probe_http(module, site.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(site.last_request().target(), "/");
  module.http.proxy_url = "http://proxy.invalid:1";  // not needed, so it may be unknown
  EXPECT_EQ(probe_http(module, site.url()).outcome, ProbeOutcome::passed);
}

TEST(HttpProxyProbe, AContainerIsAskedDirectlyAlsoAfterAHopByTheProxy) {
  const HttpSite site(
      {{"/", redirect_to("http://elsewhere.invalid/")}, {"/back", http_response(200, "here")}});
  const HttpSite proxy(redirect_to("http://web.example:8080/back"));
  ProbeRequest request = probe_request(through(proxy.url()), "http://web.example:8080/");
  request.address = Endpoint{"127.0.0.1", site.port()};
  const ProbeResult result = run_with_services<HttpProber>(request);
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->redirects, 2);
  EXPECT_EQ(proxy.requests().size(), 1U);
  EXPECT_EQ(site.last_request().first_line, "GET /back HTTP/1.1");
}

TEST(HttpProxyProbe, TheEnvironmentCountsOnlyWhereTheModuleSaysSo) {
  const HttpSite proxy(http_response(200, ""));
  setenv("http_proxy", proxy.url().c_str(), 1);
  Module module = http_module();
  const ProbeResult directly =
      probe_http(module, "http://127.0.0.2:" + std::to_string(closed_port()));
  EXPECT_EQ(directly.reason, ProbeReason::refused);
  HttpUrl url;
  url.host = "192.0.2.1";
  EXPECT_EQ(proxy_for(module.http, url)->url, "");
  module.http.proxy_from_environment = true;
  EXPECT_EQ(proxy_for(module.http, url)->url, proxy.url());
  url.host = "127.0.0.1";
  EXPECT_EQ(proxy_for(module.http, url)->url, "") << "this machine is never asked through it";
  unsetenv("http_proxy");
}

TEST(HttpProxyProbe, AProxyOverTlsIsSaidNotToWork) {
  const ProbeResult result = probe_http(through("https://127.0.0.1:9"), "http://127.0.0.1:9/");
  EXPECT_EQ(result.reason, ProbeReason::protocol);
  EXPECT_THAT(result.detail, HasSubstr("a proxy that is spoken to over TLS"));
}

TEST(HttpProxyProbe, NoFailureTellsTheProxysPassword) {
  for (const char* proxy : {"https://user:hunter2@127.0.0.1:9", "ftp://user:hunter2@127.0.0.1:9",
                            "http://user:hunter2@127.0.0.1:port"}) {
    const ProbeResult result = probe_http(through(proxy), "http://127.0.0.1:9/");
    EXPECT_EQ(result.outcome, ProbeOutcome::failed) << proxy;
    EXPECT_THAT(result.detail, HasSubstr("proxy")) << proxy;
    EXPECT_THAT(result.detail, Not(HasSubstr("hunter2"))) << proxy;
    for (const TraceLine& line : result.trace->log)
      for (const auto& [key, value] : line.fields) EXPECT_THAT(value, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace selfheal
