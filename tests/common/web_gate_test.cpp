#include "common/http/web_gate.h"

#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/web_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebGateTest : public testing::Test {
 protected:
  int status_of(const std::string& path, const std::string& headers = "") {
    const auto response = request(web.port(), "GET", path, "", headers);
    return response ? response->status() : 0;
  }
  WebFolder web;
};

TEST_F(WebGateTest, WithoutAFileThereIsNone) {
  const auto gate = WebGate::open("", web.clock);
  ASSERT_TRUE(gate);
  EXPECT_EQ(*gate, nullptr);
}

TEST_F(WebGateTest, UsersGetInAndNobodyElseDoes) {
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  web.start();
  const auto refused = request(web.port(), "GET", "/");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status(), 401);
  EXPECT_EQ(refused->header("WWW-Authenticate"), "Basic");
  EXPECT_EQ(refused->body, "Unauthorized\n");
  EXPECT_EQ(status_of("/", kAliceHeader), 200);
  EXPECT_EQ(status_of("/nowhere"), 401) << "what pages there are is not told either";
  EXPECT_EQ(status_of("/nowhere", kAliceHeader), 404);
}

TEST_F(WebGateTest, ABodyIsNotReadFromWhoMayNotSendIt) {
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  web.start();
  HttpPeer peer(web.port());
  peer.send("POST / HTTP/1.1\r\nContent-Length: 4000000000\r\n\r\n");
  const auto refused = peer.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status(), 401);
  EXPECT_TRUE(peer.ends());
}

TEST_F(WebGateTest, APageWithASecretOfItsOwnDecidesItself) {
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  web.start();
  const auto response = request(web.port(), "POST", "/hook", "", "Authorization: Bearer token\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status(), 202);
  EXPECT_EQ(response->body, "Bearer token\n");
}

TEST_F(WebGateTest, UsersAreTakenUpWhenTheFileChanges) {
  web.write("web.yml", "");
  web.start();
  HttpPeer kept(web.port());
  kept.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(kept.read()->status(), 200);
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  kept.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(kept.read()->status(), 401) << "the connection stays, the rules are new";
  web.write("web.yml", "basic_auth_users: {bob: " + kHashOfSecret + "}");
  EXPECT_EQ(status_of("/", kAliceHeader), 401) << "what was remembered of alice is worth nothing";
}

TEST_F(WebGateTest, AFileThatGoesBadChangesNothing) {
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  web.start();
  testing::internal::CaptureStderr();
  for (const char* bad : {"basic_auth_users: {alice: topsecret}", "basic_auth_users: [",
                          "tls_server_config: {cert_file: nothing, key_file: nothing}"}) {
    web.write("web.yml", bad);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(status_of("/", kAliceHeader), 200) << bad;
      EXPECT_EQ(status_of("/"), 401) << bad;
    }
    EXPECT_FALSE(web.gate->last_reload_successful()) << bad;
  }
  std::filesystem::remove(web.folder.path("web.yml"));
  EXPECT_EQ(status_of("/"), 401);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 4) << "each once:\n" << log;
  EXPECT_THAT(log, Not(HasSubstr("topsecret")));
  web.write("web.yml", "");
  EXPECT_EQ(status_of("/"), 200);
  EXPECT_TRUE(web.gate->last_reload_successful());
}

TEST_F(WebGateTest, HeadersComeWithEveryReply) {
  web.write(
      "web.yml",
      "http_server_config: {headers: {X-Frame-Options: deny, X-Content-Type-Options: nosniff, "
      "Strict-Transport-Security: max-age=1}}");
  web.start();
  for (const char* path : {"/", "/nowhere"}) {
    HttpPeer peer(web.port());
    peer.send(std::string("GET ") + path + " HTTP/1.1\r\n\r\n");
    const auto response = peer.read();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->header("X-Frame-Options"), "deny");
    EXPECT_EQ(response->header("Strict-Transport-Security"), "max-age=1");
    EXPECT_EQ(response->header("X-Content-Type-Options"), "nosniff");
  }
}

TEST_F(WebGateTest, RequestsOverTheRateAreTurnedAway) {
  web.write("web.yml", "rate_limit: {interval: 1h, burst: 2}");
  web.start();
  EXPECT_EQ(status_of("/"), 200);
  EXPECT_EQ(status_of("/"), 200);
  EXPECT_EQ(status_of("/"), 429);
  web.write("web.yml", "rate_limit: {interval: 1h, burst: 3}");
  EXPECT_EQ(status_of("/"), 200);
}

TEST_F(WebGateTest, WrongPasswordsFromOneAddressAreLimited) {
  web.write("web.yml", "basic_auth_users: {alice: " + kHashOfSecret + "}");
  web.start();
  const auto guess = [&](int i) {
    const std::string password = "d3JvbmdB" + std::string(1, static_cast<char>('A' + i)) + "WFh";
    return request(web.port(), "GET", "/", "", "Authorization: Basic YWxpY2U6" + password + "\r\n");
  };
  for (int i = 0; i < 2 * LoginLimit::kBurst; ++i)
    EXPECT_EQ(guess(i)->status(), 401) << "this machine itself is not limited";
  web.gate->logins()->set_exempt([](const std::string&) { return false; });
  EXPECT_EQ(status_of("/", kAliceHeader), 429);
  const auto refused = guess(25);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status(), 429);
  EXPECT_EQ(refused->header("Retry-After"), "6");
  EXPECT_EQ(web.gate->logins()->limited(), 2u);
  EXPECT_EQ(status_of("/"), 401) << "who is asked for a password has not been wrong";
}

TEST_F(WebGateTest, TlsWithACertificateThatIsRenewed) {
  web.write("web.yml", kTlsFiles);
  web.write_certificate("first");
  web.start();
  TlsPeer before(web.port());
  ASSERT_TRUE(before.connected());
  EXPECT_EQ(before.server_name(), "first");
  EXPECT_EQ(before.get("/")->body, "inside");
  web.write_certificate("second");
  EXPECT_EQ(TlsPeer(web.port()).server_name(), "second");
  EXPECT_EQ(before.get("/")->body, "inside") << "who is connected stays so";
  EXPECT_TRUE(web.gate->last_reload_successful());
}

TEST_F(WebGateTest, ACertificateWithoutItsKeyWaitsForIt) {
  web.write("web.yml", kTlsFiles);
  web.write_certificate("first");
  web.start();
  const TestCertificate second = web.authority.sign({.subject = {{"CN", "second"}}});
  web.write("tls.crt", second.pem());
  EXPECT_EQ(TlsPeer(web.port()).server_name(), "first");
  EXPECT_FALSE(web.gate->last_reload_successful());
  web.write("tls.key", second.key_pem());
  EXPECT_EQ(TlsPeer(web.port()).server_name(), "second");
  EXPECT_TRUE(web.gate->last_reload_successful());
}

TEST_F(WebGateTest, CertificateAndKeyInTheFileItself) {
  const TestCertificate made = web.authority.sign({.subject = {{"CN", "inline"}}});
  const auto indented = [](const std::string& pem) {
    std::string text = "|\n      ";
    for (const char c : pem) text += c == '\n' ? std::string("\n      ") : std::string(1, c);
    return text + "\n";
  };
  web.write("web.yml", "tls_server_config:\n  cert: " + indented(made.pem()) +
                           "  key: " + indented(made.key_pem()));
  web.start();
  EXPECT_EQ(TlsPeer(web.port()).server_name(), "inline");
}

TEST_F(WebGateTest, TlsIsNotTurnedOnOrOffWhileRunning) {
  web.write("web.yml", kTlsFiles);
  web.write_certificate("first");
  web.start();
  web.write("web.yml", "");
  EXPECT_EQ(TlsPeer(web.port()).get("/")->body, "inside");
  EXPECT_FALSE(web.gate->last_reload_successful());
}

TEST_F(WebGateTest, VersionsAndSuitesAreThoseOfTheMoment) {
  web.write("web.yml", kTlsFiles +
                           "  max_version: TLS12\n"
                           "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n"
                           "  curve_preferences: [CurveP384]\n");
  web.write_certificate("first");
  web.start();
  const TlsPeer old(web.port());
  EXPECT_EQ(old.version(), "TLSv1.2");
  EXPECT_EQ(old.cipher(), "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_FALSE(TlsPeer(web.port(), {.certificate = {},
                                    .max_version = TLS1_2_VERSION,
                                    .ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305"})
                   .connected());
  web.write("web.yml", kTlsFiles + "  min_version: TLS13\n");
  EXPECT_EQ(TlsPeer(web.port()).version(), "TLSv1.3");
  EXPECT_FALSE(
      TlsPeer(web.port(), {.certificate = {}, .max_version = TLS1_2_VERSION, .ciphers = ""})
          .connected());
  web.write("web.yml", kTlsFiles + "  min_version: TLS10\n");
  EXPECT_EQ(TlsPeer(web.port(), {.certificate = {},
                                 .min_version = TLS1_VERSION,
                                 .max_version = TLS1_1_VERSION,
                                 .ciphers = "DEFAULT@SECLEVEL=0"})
                .version(),
            "TLSv1.1");
}

TEST_F(WebGateTest, TheExampleWorksAsItStands) {
  const Result<std::string> example = read_small_file(SELFHEAL_WEB_EXAMPLE);
  ASSERT_TRUE(example) << example.error().message;
  web.write("web.yml", *example);
  web.write_certificate("server");
  std::filesystem::rename(web.folder.path("tls.crt"), web.folder.path("server.crt"));
  std::filesystem::rename(web.folder.path("tls.key"), web.folder.path("server.key"));
  web.start();
  TlsPeer peer(web.port());
  const auto stranger = peer.get("/");
  ASSERT_TRUE(stranger);
  EXPECT_EQ(stranger->status(), 401);
  EXPECT_EQ(stranger->header("X-Frame-Options"), "deny");
  const auto user = peer.get("/", "Authorization: Basic cHJvbWV0aGV1czpjaGFuZ2UtbWU=\r\n");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->status(), 200);
  // And with the settings that stand there as comments.
  web.write("clients.pem", web.authority.pem());
  web.write("web.yml",
            std::regex_replace(*example, std::regex("\n#(?=rate_limit|  client)"), "\n"));
  EXPECT_FALSE(TlsPeer(web.port()).get("/"));
  EXPECT_TRUE(web.gate->last_reload_successful());
}

TEST_F(WebGateTest, FilesThatCantBeUsedAreNamed) {
  const auto fault_of = [&](const std::string& yaml) {
    web.write("web.yml", yaml);
    const auto gate = web.open_gate();
    return gate ? "none" : gate.error().message;
  };
  EXPECT_THAT(WebGate::open(web.folder.path("missing.yml"), web.clock).error().message,
              HasSubstr("missing.yml: No such file"));
  EXPECT_THAT(fault_of(kTlsFiles), HasSubstr("web.yml:2: tls_server_config.cert_file: " +
                                             web.folder.path("tls.crt") + ": No such file"));
  web.write_certificate("first");
  EXPECT_EQ(fault_of(kTlsFiles), "none");
  const std::string other_key = web.authority.sign({}).key_pem();
  web.write("tls.key", other_key);
  EXPECT_THAT(fault_of(kTlsFiles), HasSubstr("tls.key: does not belong to the certificate"));
  web.write("tls.key", "nonsense");
  EXPECT_THAT(fault_of(kTlsFiles), HasSubstr("tls.key: can't be read as a private key"));
  web.write("tls.crt", "nonsense");
  EXPECT_THAT(fault_of(kTlsFiles), HasSubstr("tls.crt: there is no certificate in it"));
  web.write_certificate("first");
  EXPECT_THAT(fault_of(kTlsFiles + "  client_ca_file: /dev/null\n"
                                   "  client_auth_type: VerifyClientCertIfGiven\n"),
              HasSubstr("/dev/null: there is no certificate in it"));
}

}  // namespace
}  // namespace selfheal
