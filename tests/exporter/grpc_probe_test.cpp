// gRPC health checks against an HTTP/2 server on a real socket.
#include "exporter/probes/grpc/grpc_probe.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/probes/tls/certificate_text.h"
#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"
#include "tests/exporter/no_descriptors.h"
#include "tests/support/http2_stub.h"
#include "tests/support/test_certificates.h"

namespace selfheal {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

Http2Response grpc_response(const std::string& body, int status = 0) {
  return {{{":status", "200"}, {"content-type", "application/grpc"}},
          body,
          {{"grpc-status", std::to_string(status)}}};
}

Http2Response health(char status) {
  return grpc_response("\0\0\0\0\x02\x08"s + status);
}

// As gRPC's servers answer what they don't do: nothing but headers.
Http2Response error_response(int status, const std::string& message) {
  return {{{":status", "200"},
           {"content-type", "application/grpc"},
           {"grpc-status", std::to_string(status)},
           {"grpc-message", message}},
          "",
          {}};
}

class GrpcServer {
 public:
  explicit GrpcServer(std::optional<Http2Response> response, std::shared_ptr<SSL_CTX> tls = nullptr)
      : response_(std::move(response)), tls_(std::move(tls)), server_([this](auto& connection) {
          if (tls_ && !connection.start_tls(tls_.get())) return;
          serve_http2(connection, [this](const Http2Request& request) {
            const std::lock_guard lock(mutex_);
            last_ = request;
            return response_;
          });
        }) {}
  std::string target(const std::string& host = "127.0.0.1") const {
    return host + ":" + std::to_string(server_.port());
  }
  Http2Request last_request() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  Http2Request last_;
  const std::optional<Http2Response> response_;
  const std::shared_ptr<SSL_CTX> tls_;
  StubServer server_;
};

template <class Change>
Module grpc_module(const Change& change) {
  Module module;
  module.prober = ProbeKind::grpc;
  // The stubs listen on IPv4 alone, and localhost is whatever the machine says.
  module.grpc.ip.preferred = IpProtocol::ip4;
  change(module.grpc);
  return module;
}
Module grpc_module() {
  return grpc_module([](GrpcModule&) {});
}

ProbeResult probe_grpc(const Module& module, const std::string& target,
                       Milliseconds timeout = Milliseconds(5'000)) {
  return run_with_services<GrpcProber>(probe_request(module, target, timeout));
}

ProbeResult answered(const Http2Response& response) {
  const GrpcServer server(response);
  return probe_grpc(grpc_module(), server.target());
}

TEST(GrpcProbe, PassesWhatServes) {
  const GrpcServer server(health(1));
  const ProbeResult result = probe_grpc(grpc_module(), server.target("localhost"));
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  ASSERT_TRUE(result.trace && result.trace->grpc && result.trace->resolve);
  const GrpcTrace& grpc = *result.trace->grpc;
  EXPECT_EQ(grpc.serving_status, "SERVING");
  EXPECT_EQ(grpc.status_code, 0);
  EXPECT_FALSE(grpc.ssl);
  EXPECT_GT(grpc.check.count(), 0);
  EXPECT_FALSE(result.trace->tls);
  EXPECT_EQ(result.trace->resolve->address, "127.0.0.1");
}

TEST(GrpcProbe, WithoutDescriptorsItSaysNothingAboutTheServer) {
  SystemClock clock;
  EventLoop loop(clock);
  ProberWithServices<GrpcProber> prober(loop);
  const NoDescriptors none;
  const ProbeResult result =
      run_probe_on(loop, prober, probe_request(grpc_module(), "127.0.0.1:1"));
  EXPECT_EQ(result.outcome, ProbeOutcome::inconclusive);
  EXPECT_THAT(result.detail, HasSubstr("Too many open files"));
}

TEST(GrpcProbe, AsksAsGrpcDoes) {
  const GrpcServer server(health(1));
  const Module module = grpc_module([](GrpcModule& grpc) {
    grpc.service = "shop.Cart";
    grpc.metadata["x-tenant"] = {"one", "two"};
  });
  EXPECT_EQ(probe_grpc(module, server.target("localhost")).outcome, ProbeOutcome::passed);
  const Http2Request request = server.last_request();
  EXPECT_EQ(request.header(":method"), "POST");
  EXPECT_EQ(request.header(":scheme"), "http");
  EXPECT_EQ(request.header(":path"), "/grpc.health.v1.Health/Check");
  EXPECT_EQ(request.header(":authority"), server.target("localhost"));
  EXPECT_EQ(request.header("content-type"), "application/grpc");
  EXPECT_EQ(request.header("te"), "trailers");
  EXPECT_EQ(request.header("accept"), "");
  EXPECT_THAT(request.header("user-agent"), HasSubstr("selfheal-exporter/"));
  EXPECT_EQ(request.header("x-tenant"), "one");
  EXPECT_EQ(request.body, "\0\0\0\0\x0b\x0a\x09shop.Cart"s);
}

TEST(GrpcProbe, WhatTheServiceSaysOfItself) {
  const ProbeResult sick = answered(health(2));
  EXPECT_EQ(sick.outcome, ProbeOutcome::failed);
  EXPECT_EQ(sick.reason, ProbeReason::status);
  EXPECT_EQ(sick.detail, "the service's health is NOT_SERVING");
  EXPECT_EQ(sick.trace->grpc->serving_status, "NOT_SERVING");
  EXPECT_EQ(sick.trace->grpc->status_code, 0);
  EXPECT_EQ(answered(health(3)).trace->grpc->serving_status, "SERVICE_UNKNOWN");
  EXPECT_EQ(answered(grpc_response("\0\0\0\0\0"s)).trace->grpc->serving_status, "UNKNOWN");
}

TEST(GrpcProbe, ErrorsOfGrpc) {
  const ProbeResult missing = answered(error_response(12, "unknown%20service"));
  EXPECT_EQ(missing.reason, ProbeReason::status);
  EXPECT_EQ(missing.detail, "gRPC: UNIMPLEMENTED: unknown service");
  EXPECT_EQ(missing.trace->grpc->status_code, 12);
  EXPECT_EQ(missing.trace->grpc->serving_status, "");
  EXPECT_EQ(answered(grpc_response("", 5)).trace->grpc->status_code, 5) << "in trailers alone";
}

TEST(GrpcProbe, WhatIsNotGrpc) {
  const auto told = [](const Http2Response& response) {
    const ProbeResult result = answered(response);
    EXPECT_EQ(result.outcome, ProbeOutcome::failed);
    EXPECT_EQ(result.reason, ProbeReason::protocol) << result.detail;
    return result.trace->grpc->status_code;
  };
  EXPECT_EQ(told({{{":status", "404"}, {"content-type", "text/html"}}, "<html>", {}}), 12);
  EXPECT_EQ(told({{{":status", "503"}}, "", {}}), 14);
  EXPECT_EQ(told({{{":status", "200"}, {"content-type", "text/html"}}, "<html>", {}}), 2);
  EXPECT_EQ(told({{{":status", "200"}, {"content-type", "application/grpc"}}, "\0\0\0\0\0"s, {}}),
            2)
      << "no grpc-status";
  told(grpc_response("\0\0\0\0\x09\x08\x01"s));
  told(grpc_response(std::string(1 << 20, 'x')));
}

TEST(GrpcProbe, AServerOfHttp1) {
  const HttpSite site(http_response(400, ""));
  const ProbeResult result =
      probe_grpc(grpc_module(), "127.0.0.1:" + std::to_string(site.port()), Milliseconds(1'000));
  EXPECT_EQ(result.outcome, ProbeOutcome::failed);
  // All that libcurl tells is that there was no answer.
  EXPECT_TRUE(result.reason == ProbeReason::protocol || result.reason == ProbeReason::reset)
      << to_string(result.reason) << ": " << result.detail;
  EXPECT_EQ(result.trace->grpc->status_code, 14);
}

TEST(GrpcProbe, OverTls) {
  const TestCertificate root = TestCertificate::authority("Root");
  const TestCertificate certificate = root.sign({});
  const auto context = server_context(certificate);
  offer_http2(context.get());
  const GrpcServer server(health(1), context);
  const Module module = grpc_module([&](GrpcModule& grpc) {
    grpc.tls = true;
    grpc.tls_config.ca = root.pem();
  });
  const ProbeResult result = probe_grpc(module, server.target());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_TRUE(result.trace->grpc->ssl);
  EXPECT_EQ(result.trace->tls->version, "TLS 1.3");
  EXPECT_EQ(result.cert_expiry, not_after(certificate.x509()));
  EXPECT_EQ(server.last_request().header(":scheme"), "https");

  const Module stranger = grpc_module([](GrpcModule& grpc) { grpc.tls = true; });
  const ProbeResult refused = probe_grpc(stranger, server.target());
  EXPECT_EQ(refused.reason, ProbeReason::tls);
  EXPECT_FALSE(refused.trace->grpc->ssl);
  EXPECT_EQ(refused.trace->grpc->status_code, 14);
  EXPECT_EQ(refused.cert_expiry, not_after(certificate.x509())) << "told all the same";
}

TEST(GrpcProbe, TheNameThatTheCertificateMustBeFor) {
  const TestCertificate root = TestCertificate::authority("Root");
  const auto context = server_context(root.sign({.alternative_names = "DNS:shop.example"}));
  offer_http2(context.get());
  const GrpcServer server(health(1), context);
  Module module = grpc_module([&](GrpcModule& grpc) {
    grpc.tls = true;
    grpc.tls_config.ca = root.pem();
  });
  EXPECT_EQ(probe_grpc(module, server.target()).reason, ProbeReason::tls);
  module.grpc.tls_config.server_name = "shop.example";
  EXPECT_EQ(probe_grpc(module, server.target()).outcome, ProbeOutcome::passed);
}

TEST(GrpcProbe, WithoutHttp2InTheHandshakeItIsNotGrpc) {
  const TestCertificate root = TestCertificate::authority("Root");
  const HttpSite site({{"*", http_response(200, "")}}, server_context(root.sign({})));
  const Module module = grpc_module([&](GrpcModule& grpc) {
    grpc.tls = true;
    grpc.tls_config.ca = root.pem();
  });
  const ProbeResult result = probe_grpc(module, "127.0.0.1:" + std::to_string(site.port()));
  EXPECT_EQ(result.reason, ProbeReason::protocol) << result.detail;
}

TEST(GrpcProbe, PeersThatDontAnswer) {
  const ProbeResult refused =
      probe_grpc(grpc_module(), "127.0.0.1:" + std::to_string(closed_port()));
  EXPECT_EQ(refused.reason, ProbeReason::refused);
  EXPECT_FALSE(refused.connected);
  EXPECT_EQ(refused.trace->grpc->status_code, 14);

  const GrpcServer silent(std::nullopt);
  const ProbeResult late = probe_grpc(grpc_module(), silent.target(), Milliseconds(200));
  EXPECT_EQ(late.reason, ProbeReason::timeout);
  EXPECT_TRUE(late.connected);
  EXPECT_EQ(late.trace->grpc->status_code, 4);

  const StubServer reset([](StubConnection& connection) {
    std::string preface;
    connection.receive(preface);
    connection.reset();
  });
  const ProbeResult gone = probe_grpc(grpc_module(), "127.0.0.1:" + std::to_string(reset.port()));
  EXPECT_EQ(gone.reason, ProbeReason::reset) << gone.detail;

  const ProbeResult unknown = probe_grpc(grpc_module(), "no-such-host.invalid:50051");
  EXPECT_EQ(unknown.reason, ProbeReason::dns);
  EXPECT_FALSE(unknown.connected);
}

TEST(GrpcProbe, TargetsThatAreNone) {
  for (const char* target : {"", ":50051", "host:port"})
    EXPECT_EQ(probe_grpc(grpc_module(), target, Milliseconds(1'000)).outcome, ProbeOutcome::failed)
        << target;
}

}  // namespace
}  // namespace selfheal
