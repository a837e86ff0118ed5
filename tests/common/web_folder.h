// A server behind a gate, whose files are in a folder of the test.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "common/http/http_server.h"
#include "common/http/web_gate.h"
#include "tests/support/http_peer.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tls_peer.h"

namespace selfheal {

// bcrypt of "secret" at the lowest cost, and the header of alice:secret.
inline const std::string kHashOfSecret =
    "$2y$04$.qwtqX4XAjyN0r0nAPpze.xroZ.51ZU/eAuArsJtOYveR0VYWAA2u";
inline const std::string kAliceHeader = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
inline const std::string kTlsFiles =
    "tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n";

class WebFolder {
 public:
  // Whole or not at all, as an administrator's tool would.
  void write(const std::string& name, const std::string& text) const {
    folder.write(name + ".new", text);
    std::filesystem::rename(folder.path(name + ".new"), folder.path(name));
  }
  void write_certificate(const std::string& common_name) const {
    const TestCertificate made = authority.sign({.subject = {{"CN", common_name}}});
    write("tls.crt", made.pem());
    write("tls.key", made.key_pem());
  }
  Result<std::shared_ptr<WebGate>> open_gate() {
    return WebGate::open(folder.path("web.yml"), clock);
  }
  void start(HttpServerOptions options = {}) {
    auto opened = open_gate();
    ASSERT_TRUE(opened) << opened.error().message;
    gate = *opened;
    options.gate = gate;
    options.listen_addresses = {"127.0.0.1:0"};
    server = std::make_unique<HttpServer>(std::move(options), clock);
    server->route("GET", "/", [](ServerRequest&) {
      ServerResponse response;
      response.body = "inside";
      return response;
    });
    server->route(
        "POST", "/hook", [](ServerRequest& r) { return refusal(202, r.header("Authorization")); },
        Access::own_secret);
    ASSERT_TRUE(server->start().ok());
  }
  uint16_t port() const { return server->port(); }

  SystemClock clock;
  TempFolder folder;
  TestCertificate authority = TestCertificate::authority("Test Root");
  std::shared_ptr<WebGate> gate;
  std::unique_ptr<HttpServer> server;
};

}  // namespace selfheal
