#include "common/http/web_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/http/tls_names.h"
#include "tests/support/reference_keys.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr const char* kHash = "$2y$04$.qwtqX4XAjyN0r0nAPpze.xroZ.51ZU/eAuArsJtOYveR0VYWAA2u";

Result<WebConfig> parse(const std::string& text) {
  return parse_web_config(text, "/etc/selfheal/web.yml");
}

std::string fault_of(const std::string& text) {
  const auto parsed = parse(text);
  return parsed ? "none" : parsed.error().message;
}

TEST(WebConfigTest, AnEmptyFileLetsEverybodyIn) {
  const auto config = parse("");
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->tls.enabled());
  EXPECT_TRUE(config->users.empty());
  EXPECT_TRUE(config->headers.empty());
  EXPECT_EQ(config->rate_limit, RateLimit{});
}

TEST(WebConfigTest, TheReferenceHasTheKeysThatAreRead) {
  expect_told(web_config_file().keys);
  expect_same_keys(web_config_file().keys, fault_of);
}

TEST(WebConfigTest, EverythingThatExporterToolkitKnows) {
  const auto config = parse(R"(
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_ca_file: ca/clients.pem
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [prometheus.example.org, 10.0.0.1]
  min_version: TLS13
  max_version: TLS13
  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: false
  curve_preferences: [X25519, CurveP256]
http_server_config:
  http2: false
  headers:
    Content-Security-Policy: default-src 'self'
    X-Frame-Options: deny
    X-Content-Type-Options: nosniff
    X-XSS-Protection: "1"
    Strict-Transport-Security: max-age=31536000; includeSubDomains
basic_auth_users:
  alice: )" + std::string(kHash) +
                            R"(
rate_limit:
  interval: 100ms
  burst: 20
)");
  ASSERT_TRUE(config) << config.error().message;
  const TlsServerConfig& tls = config->tls;
  EXPECT_TRUE(tls.enabled());
  EXPECT_EQ(tls.cert_file, "/etc/selfheal/server.crt") << "relative to the file's folder";
  EXPECT_EQ(tls.key_file, "/keys/server.key");
  EXPECT_EQ(tls.client_ca_file, "/etc/selfheal/ca/clients.pem");
  EXPECT_EQ(tls.client_auth, ClientAuth::require_and_verify);
  EXPECT_THAT(tls.client_allowed_sans, ElementsAre("prometheus.example.org", "10.0.0.1"));
  EXPECT_EQ(tls.min_version, 0x0304);
  EXPECT_EQ(tls.max_version, 0x0304);
  EXPECT_THAT(tls.cipher_suites, ElementsAre("", "ECDHE-RSA-AES128-GCM-SHA256"));
  EXPECT_FALSE(tls.prefer_server_cipher_suites);
  EXPECT_THAT(tls.curves, ElementsAre("X25519", "P-256"));
  EXPECT_EQ(config->headers.size(), 5u);
  EXPECT_THAT(config->users, ElementsAre(Pair("alice", kHash)));
  EXPECT_EQ(config->rate_limit, (RateLimit{Milliseconds(100), 20}));
  EXPECT_FALSE(config->http2_asked_for);
}

TEST(WebConfigTest, AskingForHttp2IsNoFault) {
  const auto config = parse("http_server_config: {http2: true}");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->http2_asked_for);
}

TEST(WebConfigTest, EachLineOfAListHasItsOwnNumber) {
  EXPECT_THAT(fault_of("tls_server_config:\n  cert_file: a\n  key_file: b\n  cipher_suites:\n"
                       "  - TLS_AES_128_GCM_SHA256\n  - TLS_RSA_WITH_NULL\n"),
              HasSubstr("web.yml:6: tls_server_config.cipher_suites: expected some of"));
  EXPECT_THAT(fault_of(std::string("basic_auth_users:\n  alice: ") + kHash + "\n  bob: x\n"),
              HasSubstr("web.yml:3: basic_auth_users.bob: expected a bcrypt hash"));
}

TEST(WebConfigTest, FaultsNameLineAndKey) {
  EXPECT_THAT(fault_of("tls_config: {}\n"),
              HasSubstr("/etc/selfheal/web.yml:1: tls_config: unknown key"));
  EXPECT_THAT(
      fault_of("tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS111\n"),
      HasSubstr("web.yml:4: tls_server_config.min_version: expected one of TLS10"));
  const std::string pair = "tls_server_config: {cert_file: a, key_file: b, ";
  EXPECT_THAT(fault_of(pair + "cipher_suites: [TLS_RSA_WITH_NULL]}"),
              HasSubstr("expected some of TLS_AES_128_GCM_SHA256, "));
  EXPECT_THAT(fault_of(pair + "curve_preferences: [CurveP257]}"), HasSubstr("CurveP257"));
  EXPECT_THAT(fault_of(pair + "client_auth_type: Always}"), HasSubstr("\"Always\""));
  EXPECT_THAT(fault_of(pair + "min_version: TLS13, max_version: TLS12}"), HasSubstr("max_version"));
  EXPECT_THAT(fault_of(pair + "cert: PEM}"), HasSubstr("cert: expected either this or cert_file"));
  EXPECT_THAT(fault_of("http_server_config: {headers: {Content-Type: foo}}"),
              HasSubstr("Content-Type: unknown key"));
  EXPECT_THAT(fault_of("http_server_config: {headers: {X-Frame-Options: foo}}"),
              HasSubstr("expected deny or sameorigin"));
  EXPECT_THAT(
      fault_of("http_server_config: {headers: {X-XSS-Protection: \"a\\r\\nSet-Cookie: b\"}}"),
      HasSubstr("single line"));
  EXPECT_THAT(fault_of("rate_limit: {interval: often}"), HasSubstr("rate_limit.interval"));
  EXPECT_THAT(fault_of("tls_server_config: [1\n"), HasSubstr("web.yml:"));
}

TEST(WebConfigTest, HalfATlsConfigurationIsAFault) {
  EXPECT_THAT(fault_of("tls_server_config: {cert_file: a}"), HasSubstr("key_file: expected"));
  EXPECT_THAT(fault_of("tls_server_config: {cert_file: '', key_file: b}"),
              HasSubstr("cert_file: expected"));
  EXPECT_THAT(fault_of("tls_server_config: {client_auth_type: RequestClientCert}"),
              HasSubstr("cert_file: expected"));
  const std::string pair = "tls_server_config: {cert_file: a, key_file: b, ";
  EXPECT_THAT(fault_of(pair + "client_ca_file: c}"), HasSubstr("client_auth_type"));
  EXPECT_THAT(fault_of(pair + "client_auth_type: RequireAndVerifyClientCert}"),
              HasSubstr("client_ca_file"));
  EXPECT_EQ(fault_of(pair + "client_auth_type: VerifyClientCertIfGiven}"), "none");
}

TEST(WebConfigTest, NoSecretIsEverPartOfAFault) {
  for (const char* text :
       {"basic_auth_users: {alice: topsecret}", "basic_auth_users: {alice: [topsecret]}",
        "basic_auth_users: topsecret", "tls_server_config: {key: {a: topsecret}}",
        "tls_server_config: {key: topsecret, key_file: b, cert_file: c}"}) {
    const std::string fault = fault_of(text);
    EXPECT_THAT(fault, HasSubstr("web.yml:1")) << text;
    EXPECT_THAT(fault, Not(HasSubstr("topsecret"))) << text;
  }
}

TEST(WebConfigTest, OnlyBcryptHashesAreHashes) {
  const auto with_hash = [](const std::string& hash) {
    return fault_of("basic_auth_users: {a: \"" + hash + "\"}");
  };
  const std::string tail = std::string(kHash).substr(7);
  for (const char* start : {"$2a$04$", "$2b$31$", "$2y$10$"})
    EXPECT_EQ(with_hash(start + tail), "none") << start;
  for (const std::string& wrong :
       {"$2y$03$" + tail, "$2y$32$" + tail, "$1$" + tail, "$2y$10$" + tail + "x",
        "$2y$10$" + tail.substr(1), std::string("doe"), "$2y$10$" + tail.substr(1) + ":"})
    EXPECT_THAT(with_hash(wrong), HasSubstr("basic_auth_users.a: expected a bcrypt hash")) << wrong;
  EXPECT_THAT(fault_of("basic_auth_users:\n  a: " + std::string(kHash) + "\n  a: " + kHash),
              HasSubstr("web.yml:3: the key \"a\" stands in this mapping twice"));
}

TEST(TlsNamesTest, GosNames) {
  EXPECT_EQ(cipher_suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
            "ECDHE-ECDSA-CHACHA20-POLY1305");
  EXPECT_FALSE(cipher_suite("TLS_RSA_WITH_RC4_128_SHA"));
  EXPECT_EQ(curve("CurveP521"), "P-521");
  EXPECT_FALSE(curve("P-521"));
}

}  // namespace
}  // namespace selfheal
