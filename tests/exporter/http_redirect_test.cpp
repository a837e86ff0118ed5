// Where redirects lead an HTTP probe, and what it takes along.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// "/0" leads to "/1" and so on, and "/LAST" is there.
HttpSite::Pages chain(int last) {
  HttpSite::Pages pages;
  for (int i = 0; i < last; ++i)
    pages["/" + std::to_string(i)] = redirect_to("/" + std::to_string(i + 1));
  pages["/" + std::to_string(last)] = http_response(200, "here");
  return pages;
}

std::vector<std::string> lines_of(const HttpSite& site) {
  std::vector<std::string> lines;
  for (const HttpText& request : site.requests())
    lines.push_back(request.method() + " " + request.target() + " " + request.body);
  return lines;
}

TEST(HttpRedirects, AreFollowedAndSummedUp) {
  const HttpSite site(chain(3));
  const ProbeResult result = probe_http(http_module(), site.url("/0"));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->redirects, 3);
  EXPECT_EQ(result.trace->http->status, 200);
  EXPECT_EQ(result.trace->http->uncompressed_body_length, 4);
  EXPECT_EQ(result.trace->http->final_url, site.url("/3"));
  EXPECT_EQ(site.connections(), 4) << "each hop has a connection of its own";
}

TEST(HttpRedirects, TenAreFollowedTheEleventhIsReported) {
  const HttpSite ten(chain(10));
  EXPECT_EQ(probe_http(http_module(), ten.url("/0")).outcome, ProbeOutcome::passed);
  const HttpSite eleven(chain(11));
  const ProbeResult result = probe_http(http_module(), eleven.url("/0"));
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::status);
  EXPECT_EQ(result.http_status, 302);
  EXPECT_EQ(result.trace->http->redirects, 11);
  EXPECT_EQ(eleven.requests().size(), 11U);
}

// As Go's dialer does: the name is ::1 as well, where nobody listens.
TEST(HttpRedirects, ToAnotherHostAnyOfItsAddressesWillDo) {
  const HttpSite there(http_response(200, "there"));
  const LoopbackNames names;
  const HttpSite site(redirect_to(there.url("/", "both.test")));
  for (const bool fallback : {true, false}) {
    const Module module = http_module([&](HttpModule& http) {
      http.ip = {IpProtocol::ip6, fallback};
    });
    ProbeRequest request = probe_request(module, site.url());
    request.address = Endpoint{"127.0.0.1", site.port()};
    const ProbeResult result = run_with_services<HttpProber>(request, names.place());
    EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  }
}

TEST(HttpRedirects, ARingEndsToo) {
  const HttpSite site(redirect_to("/again"));
  const ProbeResult result = probe_http(http_module(), site.url());
  EXPECT_EQ(result.reason, ProbeReason::status);
  EXPECT_EQ(site.requests().size(), 11U);
}

TEST(HttpRedirects, AreJudgedWhereTheyAreNotFollowed) {
  const HttpSite site(redirect_to("/elsewhere", 301));
  const auto probe = [&](std::vector<int> valid) {
    return probe_http(http_module([&](HttpModule& http) {
                        http.follow_redirects = false;
                        http.valid_status_codes = valid;
                      }),
                      site.url());
  };
  const ProbeResult refused = probe({});
  EXPECT_EQ(refused.reason, ProbeReason::status);
  EXPECT_EQ(refused.trace->http->redirects, 1);
  const ProbeResult wanted = probe({301});
  EXPECT_EQ(wanted.outcome, ProbeOutcome::passed) << wanted.detail;
  EXPECT_EQ(wanted.trace->http->status, 301);
  EXPECT_EQ(site.requests().size(), 2U);
}

TEST(HttpRedirects, OnlyCertainOnesAreRedirects) {
  HttpSite site(redirect_to("/new", 300));
  EXPECT_EQ(probe_http(http_module(), site.url()).http_status, 300);
  site.set("*", http_response(302, ""));  // to nowhere
  const ProbeResult nowhere = probe_http(http_module(), site.url());
  EXPECT_EQ(nowhere.reason, ProbeReason::status);
  EXPECT_EQ(nowhere.http_status, 302);
}

TEST(HttpRedirects, MethodAndBodyAsGoKeepsThem) {
  const auto ask = [](int status) {
    const HttpSite site({{"/a", redirect_to("b", status)}, {"/b", http_response(200, "")}});
    const Module post = http_module([](HttpModule& http) {
      http.method = "POST";
      http.body = "data";
    });
    EXPECT_EQ(probe_http(post, site.url("/a")).outcome, ProbeOutcome::passed);
    return lines_of(site);
  };
  EXPECT_THAT(ask(301), ElementsAre("POST /a data", "GET /b "));
  EXPECT_THAT(ask(302), ElementsAre("POST /a data", "GET /b "));
  EXPECT_THAT(ask(303), ElementsAre("POST /a data", "GET /b "));
  EXPECT_THAT(ask(307), ElementsAre("POST /a data", "POST /b data"));
  EXPECT_THAT(ask(308), ElementsAre("POST /a data", "POST /b data"));
}

TEST(HttpRedirects, CookiesAreKeptWithinAProbeAndForgottenAfterIt) {
  const HttpSite site({{"/a", http_response(302, "", "Location: /b\r\nSet-Cookie: session=42\r\n")},
                       {"/b", http_response(200, "")}});
  probe_http(http_module(), site.url("/a"));
  EXPECT_EQ(site.last_request().header("Cookie"), "session=42");
  const auto results = run_in_turn<HttpProber>(
      {probe_request(http_module(), site.url("/a")), probe_request(http_module(), site.url("/b"))});
  EXPECT_EQ(results[1].outcome, ProbeOutcome::passed);
  EXPECT_EQ(site.last_request().header("Cookie"), "");
}

// Each hop over libcurl uses the same handle once more; LeakSanitizer tells what it loses by that.
TEST(HttpRedirects, CookiesAreKeptOverManyHops) {
  HttpSite::Pages pages = chain(4);
  pages["/0"] = http_response(302, "", "Location: /1\r\nSet-Cookie: first=1\r\n");
  pages["/2"] = http_response(302, "", "Location: /3\r\nSet-Cookie: second=2\r\n");
  const HttpSite site(pages);
  const ProbeResult result = probe_http(http_module(), site.url("/0"));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  const std::vector<HttpText> requests = site.requests();
  EXPECT_EQ(requests.front().header("Cookie"), "");
  EXPECT_EQ(requests.back().target(), "/4");
  EXPECT_THAT(requests.back().header("Cookie"), HasSubstr("first=1"));
  EXPECT_THAT(requests.back().header("Cookie"), HasSubstr("second=2"));
}

TEST(HttpRedirects, CredentialsStayWithTheHost) {
  const HttpSite other(http_response(200, ""));
  const HttpSite site({{"/out", redirect_to(other.url("/x", "localhost"))},
                       {"/in", redirect_to("/here")},
                       {"*", http_response(200, "")}});
  const Module module = http_module([](HttpModule& http) {
    http.authorization = Authorization{"Bearer", {"secret"}, ""};
    http.headers = {{"X-Mine", "kept"}};
  });
  EXPECT_EQ(probe_http(module, site.url("/in")).outcome, ProbeOutcome::passed);
  EXPECT_EQ(site.last_request().header("Authorization"), "Bearer secret");
  EXPECT_EQ(probe_http(module, site.url("/out")).outcome, ProbeOutcome::passed);
  EXPECT_EQ(other.last_request().header("Authorization"), "");
  EXPECT_EQ(other.last_request().header("X-Mine"), "kept");
  EXPECT_EQ(other.last_request().header("Referer"), site.url("/out"));
  EXPECT_EQ(other.last_request().header("Host"), "localhost:" + std::to_string(other.port()));
}

TEST(HttpRedirects, FromHttpToHttps) {
  const TestCertificate root = TestCertificate::authority("Root");
  const HttpSite secure({{"*", http_response(200, "safe")}}, server_context(root.sign({})));
  const HttpSite plain(redirect_to(secure.url()));
  const Module module = http_module([&](HttpModule& http) {
    http.tls_config.ca = root.pem();
    http.fail_if_not_ssl = true;
  });
  const ProbeResult result = probe_http(module, plain.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_TRUE(result.trace->http->ssl);
  EXPECT_EQ(result.trace->http->redirects, 1);
  EXPECT_GT(result.trace->http->tls.count(), 0);
  EXPECT_TRUE(result.cert_expiry);
}

TEST(HttpRedirects, FromHttpsToHttp) {
  const TestCertificate root = TestCertificate::authority("Root");
  const HttpSite plain(http_response(200, ""));
  const HttpSite secure({{"*", redirect_to(plain.url())}}, server_context(root.sign({})));
  const Module module = http_module([&](HttpModule& http) { http.tls_config.ca = root.pem(); });
  const ProbeResult result = probe_http(module, secure.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_FALSE(result.trace->http->ssl);
  EXPECT_FALSE(result.trace->tls) << "of the last response";
  EXPECT_EQ(plain.last_request().header("Referer"), "");
}

TEST(HttpRedirects, ToPlacesThatCantBeReached) {
  const auto follow = [](const std::string& location) {
    const HttpSite site(redirect_to(location));
    const ProbeResult result = probe_http(http_module(), site.url(), Milliseconds(2'000));
    EXPECT_EQ(result.outcome, ProbeOutcome::failed) << location;
    EXPECT_EQ(result.trace->http->status, 0) << location;
    EXPECT_TRUE(result.connected) << "the target's own address is right: " << location;
    return result.reason;
  };
  EXPECT_EQ(follow("http://127.0.0.1:" + std::to_string(closed_port()) + "/"),
            ProbeReason::refused);
  EXPECT_EQ(follow("http://no-such-host.invalid/"), ProbeReason::dns);
  EXPECT_EQ(follow("ftp://127.0.0.1/"), ProbeReason::protocol);
  EXPECT_EQ(follow("file:///etc/passwd"), ProbeReason::protocol);
  EXPECT_EQ(follow("http://[::1"), ProbeReason::protocol);
}

TEST(HttpRedirects, ShareTheTimeoutOfTheProbe) {
  const StubServer server([](StubConnection& connection) {
    if (!connection.read_request()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    connection.send(redirect_to("/again"));
    connection.wait_until_closed();
  });
  const ProbeResult result = probe_http(http_module(), server.url(), Milliseconds(200));
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_EQ(result.reason, ProbeReason::timeout);
  EXPECT_LE(server.connections(), 5);
}

}  // namespace
}  // namespace selfheal
