// Real handshakes between a TlsClient and an OpenSSL server, in memory.
#include "exporter/probes/tls/tls_capture.h"

#include <gtest/gtest.h>

#include "exporter/probes/tls/certificate_text.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using std::chrono::hours;

template <class Change>
TlsConfig tls(const Change& change) {
  TlsConfig config;
  change(config);
  return config;
}

struct Seen {
  bool accepted = false;
  std::string fault;
  std::optional<WallTime> earliest_expiry;
  std::optional<TlsTrace> trace;
};

class TlsHandshake : public testing::Test {
 protected:
  // Between the client and a server with `context`, over a pair of memory BIOs.
  Seen shake_hands(SSL_CTX* context, const std::string& name = "localhost") {
    const auto client = contexts.client_for(config);
    EXPECT_TRUE(client) << (client ? "" : client.error().message);
    TlsCapture capture(**client, name, Tracing::on);
    const SslPtr ours(SSL_new((*client)->context()));
    const SslPtr theirs(SSL_new(context));
    BIO* left = nullptr;
    BIO* right = nullptr;
    BIO_new_bio_pair(&left, 0, &right, 0);
    SSL_set_bio(ours.get(), left, left);
    SSL_set_bio(theirs.get(), right, right);
    capture.attach(ours.get());
    Seen seen;
    bool served = false;
    for (int turn = 0; turn < 10; ++turn) {
      seen.accepted = SSL_connect(ours.get()) == 1;
      served = SSL_accept(theirs.get()) == 1;
    }
    server_accepted = served;
    seen.fault = capture.fault();
    seen.earliest_expiry = capture.earliest_expiry();
    seen.trace = capture.trace(seen.accepted ? TlsCapture::Handshake::completed
                                             : TlsCapture::Handshake::failed);
    return seen;
  }
  Seen shake_hands(const TestCertificate& leaf, const std::string& name = "localhost") {
    return shake_hands(server_context(leaf).get(), name);
  }

  const TestCertificate root = TestCertificate::authority("Test Root");
  TlsContexts contexts;
  TlsConfig config = tls([this](TlsConfig& it) { it.ca = root.pem(); });
  bool server_accepted = false;
};

TEST_F(TlsHandshake, AcceptsWhatAnAuthoritySigned) {
  const Seen seen = shake_hands(root.sign({}));
  EXPECT_TRUE(seen.accepted) << seen.fault;
  EXPECT_EQ(seen.fault, "");
  ASSERT_TRUE(seen.trace);
  EXPECT_EQ(seen.trace->version, "TLS 1.3");
  EXPECT_EQ(seen.trace->cipher, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(seen.trace->subject, "CN=localhost");
  EXPECT_EQ(seen.trace->issuer, "CN=Test Root");
  EXPECT_EQ(seen.trace->subject_alternative, "localhost");
  EXPECT_EQ(seen.trace->serial, "1267");
  EXPECT_EQ(seen.trace->fingerprint_sha256.size(), 64U);
  EXPECT_EQ(seen.trace->earliest_expiry, seen.earliest_expiry);
  EXPECT_EQ(seen.trace->last_chain_expiry, seen.earliest_expiry);
}

TEST_F(TlsHandshake, ByAddress) {
  EXPECT_TRUE(shake_hands(root.sign({}), "127.0.0.1").accepted);
  EXPECT_TRUE(shake_hands(root.sign({}), "::1").accepted);
  EXPECT_EQ(shake_hands(root.sign({}), "127.0.0.2").fault,
            "the certificate is for localhost, 127.0.0.1, ::1, not for 127.0.0.2");
}

TEST_F(TlsHandshake, TheEarliestExpiryIsOfAllThatThePeerSentTheLastChainsOfWhatWasVerified) {
  const TestCertificate intermediate = root.sign_authority("Intermediate");
  const TestCertificate unrelated = TestCertificate::self_signed({.ends = hours(2)});
  const TestCertificate leaf = intermediate.sign({.ends = hours(12)});
  const Seen seen = shake_hands(server_context(leaf, {intermediate, unrelated}).get());
  EXPECT_TRUE(seen.accepted) << seen.fault;
  EXPECT_EQ(seen.earliest_expiry, not_after(unrelated.x509()));
  EXPECT_EQ(seen.trace->last_chain_expiry, not_after(leaf.x509()));
}

TEST_F(TlsHandshake, WithoutTheIntermediateTheAuthorityIsUnknown) {
  const TestCertificate intermediate = root.sign_authority("Intermediate");
  const Seen seen = shake_hands(intermediate.sign({}));
  EXPECT_FALSE(seen.accepted);
  EXPECT_EQ(seen.fault, "the certificate is signed by an unknown authority, CN=Intermediate");
}

TEST_F(TlsHandshake, TellsWhyItRefusesAndStillWhenItExpires) {
  const TestCertificate expired = root.sign({.begins = -hours(48), .ends = -hours(24)});
  const Seen old = shake_hands(expired);
  EXPECT_FALSE(old.accepted);
  EXPECT_EQ(old.fault.find("the certificate expired on 20"), 0U) << old.fault;
  EXPECT_EQ(old.earliest_expiry, not_after(expired.x509()));
  ASSERT_TRUE(old.trace);
  EXPECT_EQ(old.trace->subject, "CN=localhost");
  EXPECT_EQ(old.trace->version, "") << "the handshake did not come to an end";
  EXPECT_EQ(old.trace->cipher, "");
  EXPECT_FALSE(old.trace->last_chain_expiry);

  EXPECT_EQ(shake_hands(root.sign({.begins = hours(1)}))
                .fault.find("the certificate is not valid before 20"),
            0U);
  EXPECT_EQ(shake_hands(root.sign({}), "other.example").fault,
            "the certificate is for localhost, 127.0.0.1, ::1, not for other.example");
  EXPECT_EQ(shake_hands(TestCertificate::self_signed({})).fault, "the certificate is self-signed");
  EXPECT_EQ(shake_hands(TestCertificate::authority("Stranger").sign({})).fault,
            "the certificate is signed by an unknown authority, CN=Stranger");
}

TEST_F(TlsHandshake, ACommonNameAloneIsNoName) {
  const Seen seen = shake_hands(root.sign({.alternative_names = ""}));
  EXPECT_FALSE(seen.accepted);
  EXPECT_EQ(seen.fault,
            "the certificate is for no name at all (it has no subject alternative names), not for "
            "localhost");
}

TEST_F(TlsHandshake, WithoutAValidNameNoCertificateWillDo) {
  for (const std::string& name : {std::string(), std::string("localhost\0.evil", 15)}) {
    const Seen seen = shake_hands(root.sign({}), name);
    EXPECT_FALSE(seen.accepted) << name;
    EXPECT_EQ(seen.fault.find("the certificate can't be checked"), 0U) << seen.fault;
  }
  config.insecure_skip_verify = true;
  EXPECT_TRUE(shake_hands(root.sign({}), "").accepted);
}

TEST_F(TlsHandshake, ASelfSignedCertificateIsTrustedWhenItIsTheCaFile) {
  const TestCertificate own = TestCertificate::self_signed({});
  config.ca = own.pem();
  EXPECT_TRUE(shake_hands(own).accepted);
}

TEST_F(TlsHandshake, SkippingTheVerificationAcceptsEverythingAndStillSeesIt) {
  config.insecure_skip_verify = true;
  const Seen seen = shake_hands(
      TestCertificate::self_signed({.begins = -hours(48), .ends = -hours(24)}), "other.example");
  EXPECT_TRUE(seen.accepted);
  EXPECT_EQ(seen.fault, "");
  ASSERT_TRUE(seen.trace);
  EXPECT_EQ(seen.trace->version, "TLS 1.3");
  EXPECT_FALSE(seen.trace->last_chain_expiry);
}

TEST_F(TlsHandshake, ShowsAClientCertificate) {
  const auto server = server_context(root.sign({}));
  demand_client_certificate(server.get(), root);
  shake_hands(server.get());
  EXPECT_FALSE(server_accepted);
  const TestCertificate client = root.sign({});
  config.cert = client.pem();
  config.key.text = client.key_pem();
  EXPECT_TRUE(shake_hands(server.get()).accepted);
  EXPECT_TRUE(server_accepted);
}

TEST_F(TlsHandshake, VersionsAreBounded) {
  const auto server = server_context(root.sign({}));
  SSL_CTX_set_max_proto_version(server.get(), TLS1_1_VERSION);
  EXPECT_FALSE(shake_hands(server.get()).accepted);
  config.min_version = TlsVersion::tls10;
  const Seen old = shake_hands(server.get());
  EXPECT_TRUE(old.accepted);
  ASSERT_TRUE(old.trace);
  EXPECT_EQ(old.trace->version, "TLS 1.1");
  config.min_version.reset();
  config.max_version = TlsVersion::tls12;
  const Seen capped = shake_hands(root.sign({}));
  ASSERT_TRUE(capped.trace);
  EXPECT_EQ(capped.trace->version, "TLS 1.2");
  EXPECT_EQ(capped.trace->cipher, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
}

TEST(TlsContexts, KeepsAClientUntilAFileChanges) {
  const TempFolder folder;
  const TestCertificate root = TestCertificate::authority("Test Root");
  TlsConfig config;
  config.ca_file = folder.write("ca.pem", root.pem());
  TlsContexts contexts;
  const auto first = contexts.client_for(config);
  ASSERT_TRUE(first);
  EXPECT_EQ(*contexts.client_for(config), *first);
  folder.write("ca.pem", root.pem() + root.pem());
  const auto second = contexts.client_for(config);
  ASSERT_TRUE(second);
  EXPECT_NE(*second, *first);
  folder.write("ca.pem", "nonsense");
  const auto broken = contexts.client_for(config);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message,
            "tls_config: ca_file: " + config.ca_file + ": holds no certificate in PEM");
}

TEST(TlsContexts, TheLeastRecentlyUsedIsDroppedFirst) {
  const auto numbered = [](int number) {
    return tls([&](TlsConfig& it) {
      it.insecure_skip_verify = true;
      it.server_name = "server" + std::to_string(number);
    });
  };
  TlsContexts contexts;
  const auto first = contexts.client_for(numbered(0));
  const auto second = contexts.client_for(numbered(1));
  for (int number = 2; number < 64; ++number) ASSERT_TRUE(contexts.client_for(numbered(number)));
  EXPECT_EQ(*contexts.client_for(numbered(0)), *first);  // and so the second is the oldest
  ASSERT_TRUE(contexts.client_for(numbered(64)));
  EXPECT_EQ(*contexts.client_for(numbered(0)), *first);
  EXPECT_NE(*contexts.client_for(numbered(1)), *second);
}

TEST(TlsContexts, NamesTheFileThatIsWrong) {
  const TempFolder folder;
  const TestCertificate one = TestCertificate::self_signed({});
  const TestCertificate other = TestCertificate::self_signed({});
  const auto error_of = [](const TlsConfig& config) {
    TlsContexts contexts;
    const auto client = contexts.client_for(config);
    return client ? "" : client.error().message;
  };
  EXPECT_EQ(error_of(tls([](TlsConfig& it) { it.ca_file = "/nowhere/ca.pem"; })),
            "tls_config: ca_file: /nowhere/ca.pem: No such file or directory");
  EXPECT_NE(error_of(tls([&](TlsConfig& it) { it.cert = one.pem(); })).find("no key"),
            std::string::npos);
  EXPECT_NE(error_of(tls([&](TlsConfig& it) { it.key.text = one.key_pem(); })).find("no cert"),
            std::string::npos);
  const std::string cert = folder.write("cert.pem", one.pem());
  const std::string key = folder.write("key.pem", other.key_pem());
  const auto with_key = [&](const std::string& key_file) {
    return tls([&](TlsConfig& it) {
      it.cert_file = cert;
      it.key_file = key_file;
    });
  };
  EXPECT_EQ(
      error_of(with_key(key)),
      "tls_config: key_file: " + key + ": is not the key of the certificate in cert_file: " + cert);
  EXPECT_NE(error_of(with_key(cert)).find("holds no usable private key"), std::string::npos);
  EXPECT_EQ(error_of({}), "");
}

TEST(CertificateText, WritesNamesAsGoDoes) {
  const auto subject_of = [](const std::vector<std::pair<std::string, std::string>>& subject) {
    const TestCertificate made = TestCertificate::self_signed({.subject = subject});
    return name_text(X509_get_subject_name(made.x509()));
  };
  EXPECT_EQ(
      subject_of({{"C", "DE"}, {"O", "Example, Inc."}, {"OU", "a"}, {"OU", "b"}, {"CN", "x"}}),
      "CN=x,OU=a+OU=b,O=Example\\, Inc.,C=DE");
  EXPECT_EQ(subject_of({{"CN", "#first "}}), "CN=\\#first\\ ");
  EXPECT_EQ(subject_of({{"CN", "one"}, {"CN", "two"}}), "CN=two");
  EXPECT_EQ(subject_of({{"CN", "x"}, {"emailAddress", "a@b"}}),
            "CN=x,1.2.840.113549.1.9.1=#0c03614062");
}

}  // namespace
}  // namespace selfheal
