// Mutual TLS of each type, as a client sees it.
#include <gtest/gtest.h>

#include "tests/common/web_folder.h"

namespace selfheal {
namespace {

// What clients show.
struct Clients {
  explicit Clients(const TestCertificate& authority)
      : known(
            authority.sign({.subject = {{"CN", "prometheus"}},
                            .alternative_names = "DNS:prometheus.example,IP:10.1.2.3,"
                                                 "email:ops@example.org,URI:spiffe://mesh/prom"})),
        expired(authority.sign({.ends = std::chrono::seconds(-10)})),
        stranger(TestCertificate::self_signed({})) {}
  TestCertificate known;
  TestCertificate expired;
  TestCertificate stranger;
};

class ClientCertificatesTest : public testing::Test {
 protected:
  void start(const std::string& more) {
    web.write("clients.pem", web.authority.pem());
    web.write_certificate("server");
    configure(more);
    web.start();
  }
  void configure(const std::string& more) { web.write("web.yml", kTlsFiles + more); }
  bool gets_in(std::optional<TestCertificate> certificate, int max_version = 0) {
    TlsPeer peer(web.port(), {.certificate = std::move(certificate),
                              .min_version = 0,
                              .max_version = max_version,
                              .ciphers = ""});
    const auto response = peer.get("/");
    return response && response->status() == 200;
  }

  WebFolder web;
  Clients clients{web.authority};
};

const std::string kAuthority = "  client_ca_file: clients.pem\n";

TEST_F(ClientCertificatesTest, NoneIsAskedFor) {
  start("  client_auth_type: NoClientCert\n");
  EXPECT_TRUE(gets_in(std::nullopt));
  EXPECT_TRUE(gets_in(clients.stranger));
}

TEST_F(ClientCertificatesTest, RequestedButNotVerified) {
  start("  client_auth_type: RequestClientCert\n");
  EXPECT_TRUE(gets_in(std::nullopt));
  EXPECT_TRUE(gets_in(clients.stranger));
  EXPECT_TRUE(gets_in(clients.expired));
}

TEST_F(ClientCertificatesTest, AnyWillDo) {
  start("  client_auth_type: RequireAnyClientCert\n");
  EXPECT_FALSE(gets_in(std::nullopt));
  EXPECT_TRUE(gets_in(clients.stranger));
  EXPECT_TRUE(gets_in(clients.expired));
}

TEST_F(ClientCertificatesTest, VerifiedIfGiven) {
  start("  client_auth_type: VerifyClientCertIfGiven\n" + kAuthority);
  EXPECT_TRUE(gets_in(std::nullopt));
  EXPECT_TRUE(gets_in(clients.known));
  EXPECT_FALSE(gets_in(clients.stranger));
  EXPECT_FALSE(gets_in(clients.expired));
}

TEST_F(ClientCertificatesTest, RequiredAndVerified) {
  start("  client_auth_type: RequireAndVerifyClientCert\n" + kAuthority);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_TRUE(gets_in(clients.known, version));
    EXPECT_FALSE(gets_in(std::nullopt, version));
    EXPECT_FALSE(gets_in(clients.stranger, version));
    EXPECT_FALSE(gets_in(clients.expired, version));
  }
}

TEST_F(ClientCertificatesTest, OnlyAllowedNamesGetIn) {
  const std::string required = "  client_auth_type: RequireAndVerifyClientCert\n" + kAuthority;
  start(required + "  client_allowed_sans: [somebody.else]\n");
  EXPECT_FALSE(gets_in(clients.known));
  for (const char* name :
       {"prometheus.example", "10.1.2.3", "ops@example.org", "'spiffe://mesh/prom'"}) {
    configure(required + "  client_allowed_sans: [somebody.else, " + name + "]\n");
    EXPECT_TRUE(gets_in(clients.known)) << name;
  }
  configure(required + "  client_allowed_sans: [prometheus]\n");
  EXPECT_FALSE(gets_in(clients.known)) << "the common name is no alternative name";
}

TEST_F(ClientCertificatesTest, AnotherPolicyIsTakenUpAtOnce) {
  start("  client_auth_type: RequireAndVerifyClientCert\n" + kAuthority);
  EXPECT_FALSE(gets_in(std::nullopt));
  configure("");
  EXPECT_TRUE(gets_in(std::nullopt));
  configure("  client_auth_type: RequireAndVerifyClientCert\n" + kAuthority);
  EXPECT_FALSE(gets_in(std::nullopt));
  web.write("clients.pem", TestCertificate::authority("Another").pem());
  EXPECT_FALSE(gets_in(clients.known)) << "its authority is not trusted any more";
}

}  // namespace
}  // namespace selfheal
