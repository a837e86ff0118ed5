// TCP probes on a loop of their own, of stubs on real sockets.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "exporter/probes/tcp/tcp_probe.h"
#include "tests/exporter/loop_probe.h"
#include "tests/support/stub_server.h"
#include "tests/support/test_certificates.h"

namespace selfheal {

using Steps = std::vector<QueryResponse>;

inline QueryResponse expecting(const std::string& text) {
  QueryResponse step;
  step.expect = *Regexp::compile(text);
  return step;
}
inline QueryResponse sending(const std::string& text) {
  QueryResponse step;
  step.send = text;
  return step;
}
inline QueryResponse upgrading() {
  QueryResponse step;
  step.starttls = true;
  return step;
}

inline Module tcp_module(Steps steps) {
  Module module;
  module.prober = ProbeKind::tcp;
  // The stubs listen on IPv4 alone, and localhost is whatever the machine says.
  module.tcp.ip.preferred = IpProtocol::ip4;
  module.tcp.query_response = std::move(steps);
  return module;
}

inline ProbeResult run(const ProbeRequest& request) {
  TlsContexts tls;
  return run_probe(
      [&](EventLoop& loop, NameResolver& resolver) {
        return std::make_unique<TcpProber>(loop, resolver, tls);
      },
      request);
}

inline std::string at(const StubServer& server, const std::string& host = "127.0.0.1") {
  return host + ":" + std::to_string(server.port());
}

inline ProbeResult talk(const StubServer& server, Module module,
                        Milliseconds timeout = Milliseconds(5'000)) {
  return run(probe_request(std::move(module), at(server), timeout));
}

// The next line of what the probe says, with its end.
inline std::string read_line(StubConnection& connection, std::string& buffer) {
  while (buffer.find('\n') == std::string::npos) {
    if (!connection.receive(buffer)) return std::exchange(buffer, "");
  }
  const size_t length = buffer.find('\n') + 1;
  const std::string line = buffer.substr(0, length);
  buffer.erase(0, length);
  return line;
}

class TcpProbe : public testing::Test {
 protected:
  static void SetUpTestSuite() { root = new TestCertificate(TestCertificate::authority("Root")); }
  static void TearDownTestSuite() { delete root; }
  static inline TestCertificate* root = nullptr;

  static Module trusting(Steps steps) {
    Module module = tcp_module(std::move(steps));
    module.tcp.tls_config.ca = root->pem();
    return module;
  }
};

}  // namespace selfheal
