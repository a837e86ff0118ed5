#include "exporter/blackbox/trace_families.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/blackbox/address_hash.h"
#include "tests/support/metrics_text.h"

namespace selfheal {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

// "name{label=value}" to value.
std::map<std::string, double> samples(ProbeKind kind, const ProbeResult& result) {
  const MetricsText text = parse_metrics(trace_families(kind, result));
  for (const auto& [name, type] : text.type) {
    EXPECT_EQ(type, "gauge") << name;
    EXPECT_FALSE(text.help.at(name).empty()) << name;
  }
  std::map<std::string, double> all;
  for (const MetricSample& sample : text.samples) {
    std::string key = sample.name;
    for (const auto& [name, value] : sample.labels) key += "{" + name + "=" + value + "}";
    EXPECT_TRUE(all.emplace(key, sample.value).second) << key << " is there twice";
  }
  return all;
}

ProbeResult with(ProbeResult result, ProbeTrace trace) {
  result.trace = std::make_shared<ProbeTrace>(std::move(trace));
  return result;
}

WallTime at(int64_t unix_seconds) {
  return WallTime(std::chrono::seconds(unix_seconds));
}

ResolveTrace resolved() {
  return {TraceSeconds(0.25), "127.0.0.1", false};
}

TlsTrace certificate() {
  TlsTrace tls;
  tls.version = "TLS 1.3";
  tls.cipher = "TLS_AES_128_GCM_SHA256";
  tls.earliest_expiry = at(1'800'000'000);
  tls.last_chain_expiry = at(1'900'000'000);
  tls.fingerprint_sha256 = "ab12";
  tls.subject = "CN=a";
  tls.issuer = "CN=b";
  tls.subject_alternative = "a,b";
  tls.serial = "04d2";
  return tls;
}

TEST(TraceFamilies, APassedHttpProbe) {
  ProbeTrace trace;
  trace.resolve = resolved();
  HttpTrace http;
  http.asked = true;
  http.connect = TraceSeconds(0.5);
  http.status = 204;
  http.content_length = -1;
  http.version = 1.1;
  trace.http = http;
  ProbeResult result = passed();
  result.duration = std::chrono::milliseconds(1500);
  const auto all = samples(ProbeKind::http, with(result, trace));
  EXPECT_THAT(all, Contains(Pair("probe_success", 1)));
  EXPECT_THAT(all, Contains(Pair("probe_duration_seconds", 1.5)));
  EXPECT_THAT(all, Contains(Pair("probe_dns_lookup_time_seconds", 0.25)));
  EXPECT_THAT(all, Contains(Pair("probe_ip_protocol", 4)));
  EXPECT_THAT(all, Contains(Pair("probe_http_duration_seconds{phase=connect}", 0.5)));
  EXPECT_THAT(all, Contains(Pair("probe_http_duration_seconds{phase=tls}", 0)));
  EXPECT_THAT(all, Contains(Pair("probe_http_status_code", 204)));
  EXPECT_THAT(all, Contains(Pair("probe_http_content_length", -1)));
  EXPECT_THAT(all, Contains(Pair("probe_http_version", 1.1)));
  EXPECT_THAT(all, Not(Contains(Key("probe_failure_reason{reason=timeout}"))));
  EXPECT_THAT(all, Not(Contains(Key("probe_ssl_earliest_cert_expiry"))));
  EXPECT_THAT(all, Not(Contains(Key("probe_http_last_modified_timestamp_seconds"))));
}

TEST(TraceFamilies, AFailureTellsItsReason) {
  const auto all = samples(ProbeKind::tcp, failed(ProbeReason::refused, "nobody"));
  EXPECT_THAT(all, UnorderedElementsAre(Pair("probe_success", 0), Pair("probe_duration_seconds", 0),
                                        Pair("probe_failure_reason{reason=refused}", 1),
                                        Pair("probe_failed_due_to_regex", 0)));
}

TEST(TraceFamilies, ANameThatIsNotResolvedHasOnePhase) {
  ProbeTrace trace;
  trace.resolve = ResolveTrace{TraceSeconds(0.1), "", false};
  trace.http = HttpTrace{};
  const auto all = samples(ProbeKind::http, with(failed(ProbeReason::dns, "no"), trace));
  EXPECT_THAT(all, Contains(Pair("probe_ip_protocol", 0)));
  EXPECT_THAT(all, Contains(Pair("probe_ip_addr_hash", 0)));
  EXPECT_THAT(all, Contains(Key("probe_http_duration_seconds{phase=resolve}")));
  EXPECT_THAT(all, Not(Contains(Key("probe_http_duration_seconds{phase=connect}"))));
}

TEST(TraceFamilies, TheCertificateOfAGoodHandshake) {
  ProbeTrace trace;
  trace.tls = certificate();
  const auto all = samples(ProbeKind::tcp, with(passed(), trace));
  EXPECT_THAT(all, Contains(Pair("probe_ssl_earliest_cert_expiry", 1'800'000'000)));
  EXPECT_THAT(all, Contains(Pair("probe_ssl_last_chain_expiry_timestamp_seconds", 1'900'000'000)));
  EXPECT_THAT(all, Contains(Pair("probe_tls_version_info{version=TLS 1.3}", 1)));
  EXPECT_THAT(all, Contains(Pair("probe_ssl_last_chain_info{fingerprint_sha256=ab12}{issuer=CN=b}"
                                 "{serialnumber=04d2}{subject=CN=a}{subjectalternative=a,b}",
                                 1)));
  const char* cipher = "probe_tls_cipher_info{cipher=TLS_AES_128_GCM_SHA256}";
  EXPECT_THAT(all, Not(Contains(Key(cipher)))) << "blackbox_exporter has it of HTTP alone";
  EXPECT_THAT(samples(ProbeKind::http, with(passed(), trace)), Contains(Pair(cipher, 1)));
}

TEST(TraceFamilies, TheCertificateThatWasRefusedIsTold) {
  ProbeTrace trace;
  trace.tls = certificate();
  trace.tls->version = "";
  trace.tls->last_chain_expiry.reset();
  const auto all = samples(ProbeKind::http, with(failed(ProbeReason::tls, "expired"), trace));
  EXPECT_THAT(all, Contains(Pair("probe_ssl_earliest_cert_expiry", 1'800'000'000)));
  EXPECT_THAT(all, Not(Contains(Key("probe_ssl_last_chain_expiry_timestamp_seconds"))));
  EXPECT_THAT(all, Not(Contains(Key("probe_tls_version_info{version=}"))));
}

TEST(TraceFamilies, AChainThatNobodyVerifiedLastsUntilYearOne) {
  ProbeTrace trace;
  trace.tls = certificate();
  trace.tls->last_chain_expiry.reset();
  EXPECT_THAT(samples(ProbeKind::tcp, with(passed(), trace)),
              Contains(Pair("probe_ssl_last_chain_expiry_timestamp_seconds", -62135596800.0)));
}

TEST(TraceFamilies, GrpcHealth) {
  ProbeTrace trace;
  trace.resolve = resolved();
  trace.grpc = GrpcTrace{};
  trace.grpc->serving_status = "NOT_SERVING";
  const auto all = samples(ProbeKind::grpc, with(failed(ProbeReason::unhealthy, "no"), trace));
  EXPECT_THAT(all, Contains(Pair("probe_grpc_healthcheck_response{serving_status=SERVING}", 0)));
  EXPECT_THAT(all,
              Contains(Pair("probe_grpc_healthcheck_response{serving_status=NOT_SERVING}", 1)));
  EXPECT_THAT(all, Contains(Key("probe_grpc_duration_seconds{phase=check}")));
  EXPECT_THAT(all, Not(Contains(Key("probe_ssl_earliest_cert_expiry"))));
}

TEST(TraceFamilies, DnsAndIcmp) {
  ProbeTrace trace;
  trace.dns = DnsTrace{};
  trace.dns->answer_rrs = 2;
  trace.dns->serial = 4'000'000'000U;
  trace.icmp = IcmpTrace{};
  trace.icmp->reply_hop_limit = 64;
  const auto dns = samples(ProbeKind::dns, with(passed(), trace));
  EXPECT_THAT(dns, Contains(Pair("probe_dns_answer_rrs", 2)));
  EXPECT_THAT(dns, Contains(Pair("probe_dns_serial", 4'000'000'000.0)));
  EXPECT_THAT(dns, Contains(Key("probe_dns_duration_seconds{phase=request}")));
  const auto icmp = samples(ProbeKind::icmp, with(passed(), trace));
  EXPECT_THAT(icmp, Contains(Pair("probe_icmp_reply_hop_limit", 64)));
  EXPECT_THAT(icmp, Contains(Key("probe_icmp_duration_seconds{phase=setup}")));
}

TEST(AddressHash, IsFnv1aOfTheBytes) {
  EXPECT_EQ(address_hash("127.0.0.1"), 3668918509U);
  EXPECT_EQ(address_hash("::ffff:127.0.0.1"), address_hash("127.0.0.1"));
  EXPECT_NE(address_hash("::1"), 0U);
  EXPECT_EQ(address_hash("fe80::1%eth0"), address_hash("fe80::1"));
  EXPECT_EQ(address_hash("localhost"), 0U);
}

}  // namespace
}  // namespace selfheal
