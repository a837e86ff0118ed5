#include "remediator/act/prometheus_client.h"

#include <cmath>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr const char* kEmpty = R"({"status":"success","data":{"resultType":"vector","result":[]}})";

TEST(ParseQueryAnswer, ReadsAVector) {
  const auto samples = parse_query_answer(
      R"({"status":"success","data":{"resultType":"vector","result":[
          {"metric":{"__name__":"up","host":"box"},"value":[1769860800.123,"1"]},
          {"metric":{},"value":[1769860800.123,"NaN"]},
          {"metric":{},"value":[1769860800,"-Inf"]}]},"warnings":["w"]})");
  ASSERT_TRUE(samples.ok()) << samples.error().message;
  ASSERT_THAT(*samples, SizeIs(3));
  EXPECT_THAT((*samples)[0].labels, ElementsAre(Pair("__name__", "up"), Pair("host", "box")));
  EXPECT_EQ((*samples)[0].value, 1);
  EXPECT_TRUE(std::isnan((*samples)[1].value));
  EXPECT_TRUE(std::isinf((*samples)[2].value));
  EXPECT_THAT(*parse_query_answer(kEmpty), IsEmpty());
}

TEST(ParseQueryAnswer, WhatIsNoVectorIsAFailure) {
  for (
      const char* json :
      {"", "[]", "{}", "null", "<html>", R"({"status":"error","errorType":"bad_data","error":"x"})",
       R"({"status":"success"})", R"({"status":"success","data":{"resultType":"vector"}})",
       R"({"status":"success","data":{"resultType":"matrix","result":[]}})",
       R"({"status":"success","data":{"resultType":"scalar","result":[1,"1"]}})",
       R"({"status":"error","data":{"resultType":"vector","result":[]}})",
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}})",
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,1]}]}})",
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"1"]}]}})"}) {
    const auto samples = parse_query_answer(json);
    ASSERT_FALSE(samples.ok()) << json;
    EXPECT_THAT(samples.error().message, HasSubstr("Prometheus' answer")) << json;
  }
}

TEST(ContainerSelector, NamesHostAndContainer) {
  EXPECT_EQ(container_selector("box", "web"), R"({host="box",container="web"})");
  EXPECT_EQ(container_selector("box", "web", R"(a!="b")"),
            R"({a!="b",host="box",container="web"})");
}

TEST(ContainerSelector, EscapesWhatWouldEndAString) {
  EXPECT_EQ(container_selector("a\"b", "c\\d\ne"), R"({host="a\"b",container="c\\d\ne"})");
  EXPECT_EQ(container_selector("", R"(x"} or vector(1) #)"),
            R"({host="",container="x\"} or vector(1) #"})");
}

class PrometheusClientTest : public testing::Test {
 protected:
  Result<std::vector<PromSample>> query(const std::string& url,
                                        Milliseconds timeout = Milliseconds(9000)) {
    PrometheusClient client(url, timeout, clock_);
    return client.query("up == 1");
  }
  std::string fault_of(StubServer::Script script, Milliseconds timeout = Milliseconds(9000)) {
    const StubServer server(std::move(script));
    const auto samples = query(server.url(""), timeout);
    return samples ? "" : samples.error().message;
  }

  SystemClock clock_;
};

TEST_F(PrometheusClientTest, PostsTheQueryBelowItsPrefix) {
  std::promise<HttpText> seen;
  const StubServer server([&](StubConnection& connection) {
    seen.set_value(*connection.read_request());
    connection.send(http_response(200, kEmpty));
  });
  ASSERT_TRUE(query(server.url("/prometheus")).ok());
  const HttpText request = seen.get_future().get();
  EXPECT_EQ(request.first_line, "POST /prometheus/api/v1/query HTTP/1.1");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body, "query=up%20%3D%3D%201");
}

TEST_F(PrometheusClientTest, AFailureNamesPrometheusAndWhy) {
  EXPECT_THAT(fault_of(answer_always(http_response(503, "starting up"))),
              HasSubstr("answered 503: starting up"));
  EXPECT_THAT(fault_of(answer_always(http_response(200, "<html>"))), HasSubstr("can't be read"));
  EXPECT_THAT(fault_of([](StubConnection& c) { c.wait_until_closed(); }, Milliseconds(30)),
              HasSubstr("timed out"));
  const std::string gone = "http://127.0.0.1:" + std::to_string(closed_port());
  const auto refused = query(gone);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("Prometheus at " + gone));
}

// People are told these, far away from here.
TEST_F(PrometheusClientTest, AFailureDoesNotTellThePassword) {
  const StubServer server(answer_always(http_response(503, "starting up")));
  for (const std::string& address :
       {server.url("").substr(7), "127.0.0.1:" + std::to_string(closed_port())}) {
    const auto samples = query("http://user:secret@" + address);
    ASSERT_FALSE(samples.ok());
    EXPECT_THAT(samples.error().message, HasSubstr("Prometheus at http://user:***@" + address));
    EXPECT_THAT(samples.error().message, testing::Not(HasSubstr("secret")));
  }
}

TEST_F(PrometheusClientTest, TheTimeoutCanBeChanged) {
  StubServer silent([](StubConnection& connection) { connection.wait_until_closed(); });
  PrometheusClient client(silent.url(""), std::chrono::hours(1), clock_);
  client.set_timeout(Milliseconds(20));
  const auto samples = client.query("up");
  ASSERT_FALSE(samples.ok());
  EXPECT_THAT(samples.error().message, HasSubstr("Prometheus at"));
}

TEST_F(PrometheusClientTest, AfterShutDownItFails) {
  const StubServer server(answer_always(http_response(200, kEmpty)));
  PrometheusClient client(server.url(""), Milliseconds(9000), clock_);
  ASSERT_TRUE(client.query("up").ok());
  client.shut_down();
  EXPECT_FALSE(client.query("up").ok());
}

}  // namespace
}  // namespace selfheal
