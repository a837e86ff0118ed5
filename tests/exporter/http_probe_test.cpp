// HTTP probes against servers on real sockets: what is sent, and what is judged.
#include "exporter/probes/http/http_probe.h"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"
#include "tests/exporter/no_descriptors.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST(HttpProbe, PassesOn2xxAndTellsAboutTheResponse) {
  const HttpSite site(
      http_response(200, "hello", "Last-Modified: Sat, 21 Nov 2026 15:00:00 GMT\r\n"));
  const ProbeResult result = probe_http(http_module(), site.url("/health?full=1"));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.http_status, 200);
  EXPECT_FALSE(result.cert_expiry);
  ASSERT_TRUE(result.trace && result.trace->http && result.trace->resolve);
  const HttpTrace& http = *result.trace->http;
  EXPECT_EQ(http.status, 200);
  EXPECT_EQ(http.content_length, 5);
  EXPECT_EQ(http.uncompressed_body_length, 5);
  EXPECT_EQ(http.version, 1.1);
  EXPECT_EQ(http.redirects, 0);
  EXPECT_FALSE(http.ssl);
  EXPECT_FALSE(http.failed_due_to_regex);
  EXPECT_EQ(http.last_modified, WallTime(std::chrono::seconds(1'795'273'200)));
  EXPECT_EQ(http.final_url, site.url("/health?full=1"));
  EXPECT_EQ(result.trace->resolve->address, "127.0.0.1");
  EXPECT_FALSE(result.trace->tls);
  EXPECT_FALSE(result.trace->log.empty());
}

TEST(HttpProbe, WithoutDescriptorsItSaysNothingAboutTheServer) {
  SystemClock clock;
  EventLoop loop(clock);
  ProberWithServices<HttpProber> prober(loop);
  const NoDescriptors none;
  const ProbeResult result =
      run_probe_on(loop, prober, probe_request(http_module(), "http://127.0.0.1:1/"));
  EXPECT_EQ(result.outcome, ProbeOutcome::inconclusive);
  EXPECT_THAT(result.detail, HasSubstr("Too many open files"));
}

TEST(HttpProbe, WithoutTracingThereIsAVerdictAndNoMore) {
  const HttpSite site(http_response(503, ""));
  ProbeRequest request = probe_request(http_module(), site.url());
  request.tracing = Tracing::off;
  const ProbeResult result = run_with_services<HttpProber>(request);
  EXPECT_EQ(reason_of_failure(result), ProbeReason::status);
  EXPECT_EQ(result.http_status, 503);
  EXPECT_EQ(result.trace, nullptr);
}

TEST(HttpProbe, AsksAsGoDoesAndNoMore) {
  const HttpSite site(http_response(200, ""));
  probe_http(http_module(), "127.0.0.1:" + std::to_string(site.port()));
  const HttpText request = site.last_request();
  EXPECT_EQ(request.first_line, "GET / HTTP/1.1");
  EXPECT_EQ(request.header("Host"), "127.0.0.1:" + std::to_string(site.port()));
  EXPECT_THAT(request.header("User-Agent"), HasSubstr("selfheal-exporter/"));
  EXPECT_EQ(request.header("Connection"), "close");
  for (const char* name : {"Accept", "Accept-Encoding", "Expect", "Content-Type", "Cookie"})
    EXPECT_EQ(request.header(name), "") << name;
}

TEST(HttpProbe, TheHostKeepsItsNameWhereItIsLookedUp) {
  const HttpSite site(http_response(200, ""));
  const ProbeResult result = probe_http(http_module(), site.url("/", "localhost"));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(site.last_request().header("Host"), "localhost:" + std::to_string(site.port()));
  EXPECT_EQ(result.trace->resolve->address, "127.0.0.1") << "nothing but IPv4 listens there";
}

TEST(HttpProbe, AContainersAddressIsGiven) {
  const HttpSite site(http_response(200, ""));
  ProbeRequest request = probe_request(http_module(), "http://web.example:8080/x");
  request.address = Endpoint{"127.0.0.1", site.port()};
  const ProbeResult result = run_with_services<HttpProber>(request);
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(site.last_request().header("Host"), "web.example:8080");
}

TEST(HttpProbe, TheHostnameParameterIsTheHostHeader) {
  const HttpSite site(http_response(200, ""));
  ProbeRequest request = probe_request(http_module(), site.url());
  request.hostname = "shop.example";
  run_with_services<HttpProber>(request);
  EXPECT_EQ(site.last_request().header("Host"), "shop.example");
}

TEST(HttpProbe, StatusLists) {
  const HttpSite site(http_response(404, ""));
  const auto probe = [&](std::vector<int> valid) {
    return probe_http(http_module([&](HttpModule& http) { http.valid_status_codes = valid; }),
                      site.url());
  };
  EXPECT_EQ(reason_of_failure(probe({})), ProbeReason::status);
  EXPECT_EQ(probe({200, 404}).outcome, ProbeOutcome::passed);
  EXPECT_EQ(reason_of_failure(probe({200, 403})), ProbeReason::status);
}

TEST(HttpProbe, HttpVersions) {
  HttpSite site(http_response(200, ""));
  const auto probe = [&](std::vector<std::string> valid) {
    return probe_http(http_module([&](HttpModule& http) { http.valid_http_versions = valid; }),
                      site.url());
  };
  EXPECT_EQ(probe({"HTTP/1.1", "HTTP/2.0"}).outcome, ProbeOutcome::passed);
  EXPECT_EQ(reason_of_failure(probe({"HTTP/2.0"})), ProbeReason::protocol);
  site.set("*", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  const ProbeResult old = probe({"HTTP/1.0"});
  EXPECT_EQ(old.outcome, ProbeOutcome::passed) << old.detail;
  EXPECT_EQ(old.trace->http->version, 1.0);
}

TEST(HttpProbe, MethodHeadersAndBody) {
  const HttpSite site(http_response(200, ""));
  const Module module = http_module([](HttpModule& http) {
    http.method = "POST";
    http.headers = {{"Content-Type", "application/json"}, {"host", "api.example"}, {"X-Empty", ""}};
    http.http_headers["X-Two"] = {{"one"}, {Secret{"two"}}, {}};
    http.body = "{\"a\":1}";
  });
  EXPECT_EQ(probe_http(module, site.url("/api")).outcome, ProbeOutcome::passed);
  const HttpText request = site.last_request();
  EXPECT_EQ(request.first_line, "POST /api HTTP/1.1");
  EXPECT_EQ(request.body, "{\"a\":1}");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("Host"), "api.example");
  EXPECT_THAT(request.head, HasSubstr("X-Two: one\r\n"));
  EXPECT_THAT(request.head, HasSubstr("X-Two: two\r\n"));
  EXPECT_THAT(request.head, HasSubstr("X-Empty:"));
}

TEST(HttpProbe, MethodsWithAndWithoutABody) {
  const HttpSite site(http_response(200, ""));
  const auto ask = [&](const char* method, const char* body) {
    const Module module = http_module([&](HttpModule& http) {
      http.method = method;
      http.body = body;
    });
    EXPECT_EQ(probe_http(module, site.url()).outcome, ProbeOutcome::passed) << method;
    return site.last_request();
  };
  EXPECT_EQ(ask("OPTIONS", "").method(), "OPTIONS");
  EXPECT_EQ(ask("DELETE", "").header("Content-Length"), "");
  EXPECT_EQ(ask("GET", "query").body, "query");
  EXPECT_EQ(ask("PUT", "new").body, "new");
  const HttpText post = ask("POST", "");
  EXPECT_EQ(post.header("Content-Length"), "0");
  EXPECT_EQ(post.header("Content-Type"), "");
}

TEST(HttpProbe, HeadHasALengthButNoBody) {
  const HttpSite site("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  const Module module = http_module([](HttpModule& http) { http.method = "HEAD"; });
  const ProbeResult result = probe_http(module, site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(site.last_request().method(), "HEAD");
  EXPECT_EQ(result.trace->http->content_length, 1000);
  EXPECT_EQ(result.trace->http->uncompressed_body_length, 0);
}

TEST(HttpProbe, TheBodyComesFromAFileAndIsReadAnewWhenItChanges) {
  const TempFolder folder;
  const HttpSite site(http_response(200, ""));
  const Module module = http_module([&](HttpModule& http) {
    http.method = "POST";
    http.body_file = folder.write("body", "from a file");
  });
  EXPECT_EQ(probe_http(module, site.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(site.last_request().body, "from a file");
  folder.write("body", "changed since");
  probe_http(module, site.url());
  EXPECT_EQ(site.last_request().body, "changed since");
  const Module missing = http_module([](HttpModule& http) { http.body_file = "/no/such/file"; });
  const ProbeResult result = probe_http(missing, site.url());
  EXPECT_EQ(reason_of_failure(result), ProbeReason::protocol);
  EXPECT_THAT(result.detail, HasSubstr("body_file: /no/such/file: "));
}

TEST(HttpProbe, Credentials) {
  const TempFolder folder;
  const HttpSite site(http_response(200, ""));
  const auto sent = [&](const auto& change, const std::string& url) {
    EXPECT_EQ(probe_http(http_module(change), url).outcome, ProbeOutcome::passed);
    return site.last_request().header("Authorization");
  };
  const auto plain = [](HttpModule&) {};
  const std::string at = "127.0.0.1:" + std::to_string(site.port());
  EXPECT_EQ(sent(plain, site.url()), "");
  EXPECT_EQ(sent(plain, "http://us%65r:pa%20ss@" + at), "Basic dXNlcjpwYSBzcw==");
  EXPECT_EQ(sent(
                [](HttpModule& http) {
                  http.basic_auth = BasicAuth{"user", {"pass"}, ""};
                },
                site.url()),
            "Basic dXNlcjpwYXNz");
  const std::string password = folder.write("password", "pass\n");
  EXPECT_EQ(sent(
                [&](HttpModule& http) {
                  http.basic_auth = BasicAuth{"user", {}, password};
                },
                site.url()),
            "Basic dXNlcjpwYXNz");
  EXPECT_EQ(sent(
                [](HttpModule& http) {
                  http.authorization = Authorization{"Token", {"t"}, ""};
                },
                site.url()),
            "Token t");
  const std::string token = folder.write("token", "secret\n");
  EXPECT_EQ(sent(
                [&](HttpModule& http) {
                  http.authorization = Authorization{"Bearer", {}, token};
                },
                site.url()),
            "Bearer secret");
}

TEST(HttpProbe, NothingIsSmuggledIntoTheRequest) {
  const HttpSite site(http_response(200, ""));
  ProbeRequest request = probe_request(http_module(), site.url());
  request.hostname = "a\r\nX-Injected: 1";
  EXPECT_EQ(reason_of_failure(run_with_services<HttpProber>(request)), ProbeReason::protocol);
  EXPECT_EQ(site.connections(), 0);
  probe_http(http_module(), site.url("/a\r\nX-Injected: 1"));
  EXPECT_EQ(site.last_request().header("X-Injected"), "");
}

TEST(HttpProbe, TargetsThatAreNoUrl) {
  for (const char* target : {"", "http://", "http://host:port/", "http://[::1", "http://a b/"}) {
    const ProbeResult result = probe_http(http_module(), target, Milliseconds(1'000));
    EXPECT_EQ(result.outcome, ProbeOutcome::failed) << target;
    EXPECT_FALSE(result.connected) << target;
    EXPECT_EQ(result.trace->http->status, 0) << target;
  }
}

TEST(HttpProbe, IpProtocols) {
  const HttpSite site(http_response(200, ""));
  const auto probe = [&](IpProtocol preferred, bool fallback, const std::string& host) {
    return probe_http(http_module([&](HttpModule& http) {
                        http.ip = {preferred, fallback};
                      }),
                      site.url("/", host));
  };
  EXPECT_EQ(probe(IpProtocol::ip6, true, "127.0.0.1").outcome, ProbeOutcome::passed);
  EXPECT_EQ(probe(IpProtocol::ip4, false, "localhost").outcome, ProbeOutcome::passed);
  const ProbeResult wrong = probe(IpProtocol::ip6, false, "127.0.0.1");
  EXPECT_EQ(reason_of_failure(wrong), ProbeReason::dns);
  EXPECT_FALSE(wrong.connected);
  EXPECT_EQ(wrong.trace->resolve->address, "");
  EXPECT_EQ(reason_of_failure(probe(IpProtocol::ip4, true, "no-such-host.invalid")),
            ProbeReason::dns);
}

TEST(HttpProbe, PhasesAddUp) {
  const StubServer server([](StubConnection& connection) {
    if (!connection.read_request()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    connection.send("b");
    connection.wait_until_closed();
  });
  const ProbeResult result = probe_http(http_module(), server.url());
  ASSERT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  const HttpTrace& http = *result.trace->http;
  EXPECT_GT(http.connect.count(), 0);
  EXPECT_EQ(http.tls.count(), 0);
  EXPECT_GE(http.processing.count(), 0.055);
  EXPECT_GE(http.transfer.count(), 0.035);
}

}  // namespace
}  // namespace selfheal
