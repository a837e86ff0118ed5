#include "exporter/blackbox/probe_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

class ProbeParametersTest : public testing::Test {
 protected:
  ProbeParametersTest() {
    Module patient;
    patient.name = "patient";
    patient.timeout = Milliseconds(10'000);
    modules_.add(patient);
    Module with_host;
    with_host.name = "with_host";
    with_host.http.headers = {{"hOST", "own.example"}};
    modules_.add(with_host);
    Module proxied;
    proxied.name = "future";
    proxied.unsupported = "carrier pigeons";
    modules_.add(proxied);
  }
  Result<ProbeOrder, ProbeRefusal> read(const std::string& query, const std::string& timeout = "") {
    return read_probe_order(query, timeout, modules_, TraceSeconds(0.5));
  }
  ProbeRefusal refusal(const std::string& query, const std::string& timeout = "") {
    const auto order = read(query, timeout);
    return order ? ProbeRefusal{200, ""} : order.error();
  }
  Milliseconds timeout(const std::string& module, const std::string& header) {
    const auto order = read("target=x&module=" + module, header);
    return order ? order->request.timeout : Milliseconds(-1);
  }
  ModuleSet modules_;
};

TEST_F(ProbeParametersTest, ATargetIsEnough) {
  const auto order = read("target=http://a.example/x");
  ASSERT_TRUE(order);
  EXPECT_EQ(order->target, "http://a.example/x");
  EXPECT_EQ(order->request.target, "http://a.example/x");
  EXPECT_EQ(order->request.module->name, "http_2xx");
  EXPECT_EQ(order->request.hostname, "");
  EXPECT_EQ(order->request.tracing, Tracing::on);
  EXPECT_EQ(order->output, ProbeOutput::metrics);
}

TEST_F(ProbeParametersTest, HttpIsTheSchemeWhereThereIsNone) {
  EXPECT_EQ(read("target=a.example:8080/x")->request.target, "http://a.example:8080/x");
  EXPECT_EQ(read("target=a.example:8080/x")->target, "a.example:8080/x");
  EXPECT_EQ(read("target=https://a.example")->request.target, "https://a.example");
  EXPECT_EQ(read("target=HTTPS://a.example")->request.target, "HTTPS://a.example");
  EXPECT_EQ(read("target=a.example:5432&module=tcp_connect")->request.target, "a.example:5432");
}

TEST_F(ProbeParametersTest, OnlyTrueAsksForDebugOutput) {
  EXPECT_EQ(read("target=x&debug=true")->output, ProbeOutput::debug);
  EXPECT_EQ(read("target=x&debug=1")->output, ProbeOutput::metrics);
}

TEST_F(ProbeParametersTest, TheHostnameIsForHttpAndTcp) {
  EXPECT_EQ(read("target=x&hostname=h")->request.hostname, "h");
  EXPECT_EQ(read("target=x:1&module=tcp_connect&hostname=h")->request.hostname, "h");
  EXPECT_EQ(read("target=x&module=icmp&hostname=h")->request.hostname, "");
}

TEST_F(ProbeParametersTest, TheHostnameMustNotContradictTheModule) {
  const ProbeRefusal refused = refusal("target=x&module=with_host&hostname=other");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.text,
            "host header defined both in module configuration (own.example) and with "
            "URL-parameter 'hostname' (other)");
  EXPECT_TRUE(read("target=x&module=with_host&hostname=own.example"));
}

TEST_F(ProbeParametersTest, RefusesInBlackboxExportersWords) {
  EXPECT_EQ(refusal("module=tcp_connect").text, "Target parameter is missing");
  EXPECT_EQ(refusal("").status, 400);
  EXPECT_EQ(refusal("target=x&module=no%22pe%0a").text, R"(Unknown module "no\"pe\n")");
  EXPECT_EQ(refusal("module=nope").cause, ProbeRefusal::Cause::unknown_module);
  const ProbeRefusal untimely = refusal("target=x", "soon");
  EXPECT_EQ(untimely.status, 500);
  EXPECT_EQ(untimely.text,
            "Failed to parse timeout from Prometheus header: strconv.ParseFloat: parsing \"soon\": "
            "invalid syntax");
}

TEST_F(ProbeParametersTest, RefusesWhatAsksInsideOfContainers) {
  EXPECT_EQ(refusal("target=x&module=exec").status, 400);
  EXPECT_THAT(refusal("target=x&module=docker_health").text,
              HasSubstr("Unknown prober \"docker\""));
}

TEST_F(ProbeParametersTest, RefusesAModuleThatCantBeUsed) {
  EXPECT_THAT(refusal("target=x&module=future").text, HasSubstr("carrier pigeons"));
}

TEST_F(ProbeParametersTest, TheTimeoutIsTheScrapesLessTheOffset) {
  EXPECT_EQ(timeout("http_2xx", ""), Milliseconds(119'500));
  EXPECT_EQ(timeout("http_2xx", "0"), Milliseconds(119'500));
  EXPECT_EQ(timeout("http_2xx", "10"), Milliseconds(9'500));
  EXPECT_EQ(timeout("http_2xx", "+2.25"), Milliseconds(1'750));
}

TEST_F(ProbeParametersTest, TheModulesTimeoutWhereItIsShorter) {
  EXPECT_EQ(timeout("patient", ""), Milliseconds(10'000));
  EXPECT_EQ(timeout("patient", "5"), Milliseconds(4'500));
  EXPECT_EQ(timeout("patient", "0.2"), Milliseconds(10'000));  // less than the offset
}

TEST_F(ProbeParametersTest, ATimeoutIsNeverNothingNorWithoutEnd) {
  EXPECT_EQ(timeout("http_2xx", "0.5"), Milliseconds(1));
  EXPECT_EQ(timeout("http_2xx", "-3"), Milliseconds(1));
  EXPECT_EQ(timeout("http_2xx", "inf"), Milliseconds(3'600'000));
  EXPECT_EQ(refusal("target=x", "nan").status, 500);
  EXPECT_EQ(refusal("target=x", "1e999").status, 500);
  EXPECT_EQ(refusal("target=x", "5 ").status, 500);
}

}  // namespace
}  // namespace selfheal
