// HTTP probes over TLS: what is verified, what is told of certificates, whatever the verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/probes/tls/certificate_text.h"
#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

class HttpTls : public testing::Test {
 protected:
  template <class Change>
  Module trusting(const Change& change) const {
    return http_module([&](HttpModule& http) {
      http.tls_config.ca = root.pem();
      change(http);
    });
  }
  Module trusting() const {
    return trusting([](HttpModule&) {});
  }
  static HttpSite serving(const TestCertificate& certificate) {
    return HttpSite({{"*", http_response(200, "safe")}}, server_context(certificate));
  }
  // A probe that fails, for its certificate, and still tells of it.
  ProbeResult refused(const TestCertificate& certificate) {
    const HttpSite site = serving(certificate);
    const ProbeResult result = probe_http(trusting(), site.url());
    EXPECT_EQ(result.outcome, ProbeOutcome::failed);
    EXPECT_EQ(result.reason, ProbeReason::tls);
    EXPECT_TRUE(result.connected);
    EXPECT_EQ(result.cert_expiry, not_after(certificate.x509()));
    EXPECT_FALSE(result.trace->http->ssl) << "there was no response";
    EXPECT_TRUE(result.trace->tls);
    EXPECT_EQ(result.trace->tls->earliest_expiry, result.cert_expiry);
    EXPECT_EQ(result.trace->tls->version, "");
    EXPECT_TRUE(site.requests().empty());
    return result;
  }

  const TestCertificate root = TestCertificate::authority("Test Root");
};

TEST_F(HttpTls, AGoodCertificate) {
  const TestCertificate certificate = root.sign({});
  const HttpSite site = serving(certificate);
  const ProbeResult result = probe_http(trusting(), site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.cert_expiry, not_after(certificate.x509()));
  EXPECT_TRUE(result.trace->http->ssl);
  EXPECT_GT(result.trace->http->tls.count(), 0);
  EXPECT_GT(result.trace->http->connect.count(), 0);
  ASSERT_TRUE(result.trace->tls);
  EXPECT_EQ(result.trace->tls->version, "TLS 1.3");
  EXPECT_EQ(result.trace->tls->subject, "CN=localhost");
  EXPECT_EQ(result.trace->tls->last_chain_expiry, not_after(certificate.x509()));
}

TEST_F(HttpTls, CertificatesThatAreRefused) {
  EXPECT_THAT(refused(root.sign({.begins = -hours(48), .ends = -hours(24)})).detail,
              HasSubstr("the certificate expired on 20"));
  EXPECT_EQ(refused(TestCertificate::self_signed({})).detail, "the certificate is self-signed");
  EXPECT_THAT(refused(root.sign({.alternative_names = "DNS:other.example"})).detail,
              HasSubstr("the certificate is for other.example, not for 127.0.0.1"));
  EXPECT_THAT(refused(TestCertificate::authority("Stranger").sign({})).detail,
              HasSubstr("unknown authority, CN=Stranger"));
}

TEST_F(HttpTls, NothingIsVerifiedWhereTheModuleSaysSo) {
  const TestCertificate expired =
      TestCertificate::self_signed({.begins = -hours(48), .ends = -hours(24)});
  const HttpSite site = serving(expired);
  const Module module =
      http_module([](HttpModule& http) { http.tls_config.insecure_skip_verify = true; });
  const ProbeResult result = probe_http(module, site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.cert_expiry, not_after(expired.x509()));
  EXPECT_FALSE(result.trace->tls->last_chain_expiry);
}

TEST_F(HttpTls, TheSystemsAuthoritiesKnowNoStranger) {
  const HttpSite site = serving(root.sign({}));
  const ProbeResult result = probe_http(http_module(), site.url());
  EXPECT_EQ(result.reason, ProbeReason::tls);
  EXPECT_TRUE(result.cert_expiry);
}

TEST_F(HttpTls, TheAuthoritiesOfOneModuleAreNotThoseOfTheNext) {
  const HttpSite site = serving(root.sign({}));
  const ProbeRequest knows = probe_request(trusting(), site.url());
  const ProbeRequest knows_not = probe_request(http_module(), site.url());
  const auto results = run_in_turn<HttpProber>({knows, knows_not, knows});
  EXPECT_EQ(results[0].outcome, ProbeOutcome::passed) << results[0].detail;
  EXPECT_EQ(results[1].reason, ProbeReason::tls);
  EXPECT_EQ(results[1].outcome, ProbeOutcome::failed);
  EXPECT_EQ(results[2].outcome, ProbeOutcome::passed) << results[2].detail;
  const auto reversed = run_in_turn<HttpProber>({knows_not, knows});
  EXPECT_EQ(reversed[0].outcome, ProbeOutcome::failed);
  EXPECT_EQ(reversed[1].outcome, ProbeOutcome::passed) << reversed[1].detail;
}

TEST_F(HttpTls, TheNameThatTheCertificateMustBeFor) {
  const HttpSite site = serving(root.sign({.alternative_names = "DNS:shop.example"}));
  EXPECT_EQ(probe_http(trusting(), site.url()).reason, ProbeReason::tls);
  const Module by_name =
      trusting([](HttpModule& http) { http.tls_config.server_name = "shop.example"; });
  EXPECT_EQ(probe_http(by_name, site.url()).outcome, ProbeOutcome::passed);
  const Module by_host = trusting([](HttpModule& http) {
    http.headers = {{"Host", "shop.example"}};
  });
  EXPECT_EQ(probe_http(by_host, site.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(site.last_request().header("Host"), "shop.example");
  ProbeRequest by_parameter = probe_request(trusting(), site.url());
  by_parameter.hostname = "shop.example";
  EXPECT_EQ(run_with_services<HttpProber>(by_parameter).outcome, ProbeOutcome::passed);
}

TEST_F(HttpTls, FailIfSslAndFailIfNotSsl) {
  const HttpSite secure = serving(root.sign({}));
  const HttpSite plain(http_response(200, ""));
  const Module no_ssl = trusting([](HttpModule& http) { http.fail_if_ssl = true; });
  const Module ssl = trusting([](HttpModule& http) { http.fail_if_not_ssl = true; });
  EXPECT_EQ(probe_http(no_ssl, plain.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(probe_http(ssl, secure.url()).outcome, ProbeOutcome::passed);
  EXPECT_EQ(probe_http(no_ssl, secure.url()).reason, ProbeReason::tls);
  EXPECT_EQ(probe_http(ssl, plain.url()).reason, ProbeReason::tls);
}

TEST_F(HttpTls, ClientCertificates) {
  const TempFolder folder;
  const auto context = server_context(root.sign({}));
  demand_client_certificate(context.get(), root);
  const HttpSite site({{"*", http_response(200, "")}}, context);
  const TestCertificate ours = root.sign({.subject = {{"CN", "prober"}}, .alternative_names = ""});
  const Module with = trusting([&](HttpModule& http) {
    http.tls_config.cert_file = folder.write("cert.pem", ours.pem());
    http.tls_config.key_file = folder.write("key.pem", ours.key_pem());
  });
  const ProbeResult let_in = probe_http(with, site.url());
  EXPECT_EQ(let_in.outcome, ProbeOutcome::passed) << let_in.detail;
  const ProbeResult without = probe_http(trusting(), site.url());
  EXPECT_EQ(without.outcome, ProbeOutcome::failed);
  EXPECT_EQ(without.reason, ProbeReason::tls) << without.detail;
}

TEST_F(HttpTls, AFileThatIsMissingIsNamed) {
  const Module module =
      http_module([](HttpModule& http) { http.tls_config.ca_file = "/no/such/ca.pem"; });
  const ProbeResult result = probe_http(module, "https://127.0.0.1:1/");
  EXPECT_EQ(result.reason, ProbeReason::tls);
  EXPECT_THAT(result.detail, HasSubstr("/no/such/ca.pem"));
}

TEST_F(HttpTls, OldVersionsAreRefusedUnlessAskedFor) {
  const auto context = server_context(root.sign({}));
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  const HttpSite site({{"*", http_response(200, "")}}, context);
  EXPECT_EQ(probe_http(trusting(), site.url()).trace->tls->version, "TLS 1.2");
  const Module newest =
      trusting([](HttpModule& http) { http.tls_config.min_version = TlsVersion::tls13; });
  EXPECT_EQ(probe_http(newest, site.url()).reason, ProbeReason::tls);
}

TEST_F(HttpTls, ThePeerSpeaksNoTls) {
  const HttpSite plain(http_response(200, ""));
  const ProbeResult result = probe_http(
      trusting(), "https://127.0.0.1:" + std::to_string(plain.port()) + "/", Milliseconds(1'000));
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  EXPECT_FALSE(result.trace->tls);
  EXPECT_FALSE(result.cert_expiry);
  const StubServer garbage([](StubConnection& connection) {
    connection.send("220 welcome to something else entirely\r\n");
    connection.wait_until_closed();
  });
  const ProbeResult other =
      probe_http(trusting(), "https://127.0.0.1:" + std::to_string(garbage.port()));
  EXPECT_EQ(other.reason, ProbeReason::tls);
  EXPECT_EQ(other.detail, "TLS: wrong version number (is this TLS at all?)");
}

TEST_F(HttpTls, ThePeerStallsOrGoesInTheHandshake) {
  const StubServer stall([](StubConnection& connection) { connection.wait_until_closed(); });
  const ProbeResult late = probe_http(
      trusting(), "https://127.0.0.1:" + std::to_string(stall.port()), Milliseconds(200));
  EXPECT_EQ(late.reason, ProbeReason::timeout);
  EXPECT_TRUE(late.connected);
  const StubServer reset([](StubConnection& connection) {
    std::string hello;
    connection.receive(hello);
    connection.reset();
  });
  const ProbeResult gone =
      probe_http(trusting(), "https://127.0.0.1:" + std::to_string(reset.port()));
  EXPECT_EQ(gone.reason, ProbeReason::reset) << gone.detail;
  EXPECT_TRUE(gone.connected);
}

}  // namespace
}  // namespace selfheal
