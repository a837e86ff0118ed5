#include "exporter/blackbox/on_demand_prober.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/exporter/eventually.h"
#include "tests/exporter/fake_docker.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

class OnDemandProberTest : public testing::Test {
 protected:
  ProbeRequest request(Milliseconds timeout = Milliseconds(5'000)) {
    ProbeRequest request;
    request.module = modules_.find("http_2xx");
    request.target = "http://127.0.0.1:" + std::to_string(server_.port()) + "/";
    request.timeout = timeout;
    return request;
  }
  auto probe_in_background(Milliseconds timeout = Milliseconds(30'000)) {
    return std::async(std::launch::async,
                      [this, timeout] { return prober_.probe(request(timeout)); });
  }
  bool hanging(int probes) {
    return eventually([&] { return server_.connections() >= probes; });
  }

  SystemClock clock_;
  FakeDocker docker_;
  ModuleSet modules_;
  StubServer server_;
  OnDemandProber prober_{clock_, docker_, 2};
};

TEST_F(OnDemandProberTest, WaitsForTheResult) {
  const auto before = clock_.wall_now();
  const auto result = prober_.probe(request());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, ProbeOutcome::passed) << result->detail;
  EXPECT_GT(result->duration.count(), 0);
  EXPECT_GE(result->started_at, before);
}

TEST_F(OnDemandProberTest, AProbeThatHangsEndsWithItsTimeout) {
  server_.set_mode(StubServer::Mode::hang);
  const auto result = prober_.probe(request(Milliseconds(50)));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, ProbeOutcome::failed);
  EXPECT_EQ(result->reason, ProbeReason::timeout);
}

TEST_F(OnDemandProberTest, RefusesWhatIsBeyondTheLimit) {
  server_.set_mode(StubServer::Mode::hang);
  auto first = probe_in_background();
  auto second = probe_in_background();
  ASSERT_TRUE(hanging(2));
  const auto third = prober_.probe(request());
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error(), OnDemandProber::Unavailable::busy);
  prober_.set_limit(3);
  const auto fourth = prober_.probe(request(Milliseconds(50)));
  EXPECT_TRUE(fourth);
  prober_.stop();
}

TEST_F(OnDemandProberTest, ThoseWhoWaitAreToldThatItStops) {
  server_.set_mode(StubServer::Mode::hang);
  auto waiting = probe_in_background();
  ASSERT_TRUE(hanging(1));
  prober_.stop();
  const auto result = waiting.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), OnDemandProber::Unavailable::stopping);
  EXPECT_EQ(prober_.probe(request()).error(), OnDemandProber::Unavailable::stopping);
}

TEST_F(OnDemandProberTest, ManyAskAtOnce) {
  prober_.set_limit(16);
  std::vector<std::future<Result<ProbeResult, OnDemandProber::Unavailable>>> all;
  for (int i = 0; i < 16; ++i) all.push_back(probe_in_background());
  for (auto& one : all) {
    const auto result = one.get();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->outcome, ProbeOutcome::passed) << result->detail;
  }
}

}  // namespace
}  // namespace selfheal
