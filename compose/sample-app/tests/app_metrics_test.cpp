#include "compose/sample-app/app_metrics.h"

#include <gtest/gtest.h>

namespace sample_app {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(AppMetrics, CountsFromZero) {
  App app(1);
  AppMetrics metrics;
  const std::string text = metrics.render(app);
  EXPECT_TRUE(contains(text, R"(sample_app_http_requests_total{code="500",handler="/health"} 0)"))
      << text;
}

TEST(AppMetrics, CountsByHandlerAndCode) {
  App app(1);
  AppMetrics metrics;
  metrics.count_request("/", "200", std::chrono::milliseconds(3));
  const std::string text = metrics.render(app);
  EXPECT_TRUE(contains(text, R"(sample_app_http_requests_total{code="200",handler="/"} 1)"))
      << text;
  EXPECT_TRUE(
      contains(text, R"(sample_app_http_request_duration_seconds_count{code="200",handler="/"} 1)"))
      << text;
}

TEST(AppMetrics, SaysHowItIsBroken) {
  App app(1);
  AppMetrics metrics;
  Failure failure;
  failure.mode = FailureMode::error;
  app.break_with(failure);
  const std::string text = metrics.render(app);
  EXPECT_TRUE(contains(text, R"(sample_app_broken{mode="error"} 1)")) << text;
  EXPECT_TRUE(contains(text, R"(sample_app_broken{mode="hang"} 0)")) << text;
}

}  // namespace
}  // namespace sample_app
