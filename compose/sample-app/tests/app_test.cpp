#include "compose/sample-app/app.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace sample_app {
namespace {

using namespace std::chrono_literals;

Failure in_mode(FailureMode mode) {
  Failure failure;
  failure.mode = mode;
  return failure;
}

std::future<std::optional<Answer>> ask(App& app) {
  return std::async(std::launch::async, [&app] { return app.answer(Endpoint::health); });
}

void until_held(const App& app, size_t count) {
  while (app.held_requests() != count) std::this_thread::yield();
}

TEST(App, IsHealthyAtFirst) {
  App app(1);
  EXPECT_EQ(app.answer(Endpoint::health)->status, 200);
  EXPECT_EQ(app.answer(Endpoint::health)->body, "ok\n");
  EXPECT_EQ(app.answer(Endpoint::root)->status, 200);
}

TEST(App, AnswersErrorsUntilFixed) {
  App app(1);
  app.break_with(in_mode(FailureMode::error));
  EXPECT_EQ(app.answer(Endpoint::health)->status, 500);
  EXPECT_EQ(app.answer(Endpoint::root)->status, 500);
  app.fix();
  EXPECT_EQ(app.answer(Endpoint::health)->status, 200);
}

TEST(App, HangsUntilFixed) {
  App app(2);
  app.break_with(in_mode(FailureMode::hang));
  auto answer = ask(app);
  until_held(app, 1);
  app.fix();
  EXPECT_EQ(answer.get()->status, 200);
}

TEST(App, TakesTheNextFailureToThoseWhoHang) {
  App app(2);
  app.break_with(in_mode(FailureMode::hang));
  auto answer = ask(app);
  until_held(app, 1);
  app.break_with(in_mode(FailureMode::error));
  EXPECT_EQ(answer.get()->status, 500);
}

TEST(App, ClosesWithoutAnAnswerWhenTooManyHang) {
  App app(1);
  app.break_with(in_mode(FailureMode::hang));
  auto first = ask(app);
  until_held(app, 1);
  auto second = ask(app);
  EXPECT_EQ(first.get(), std::nullopt);
  until_held(app, 1);
  app.fix();
  EXPECT_TRUE(second.get().has_value());
}

TEST(App, IsSlow) {
  App app(1);
  Failure slow = in_mode(FailureMode::slow);
  slow.delay = 20ms;
  app.break_with(slow);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(app.answer(Endpoint::health)->status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(App, LeaksUpToItsLimitAndGivesItBack) {
  App app(1);
  Failure leak = in_mode(FailureMode::leak);
  leak.leak_limit_bytes = 1000;
  app.break_with(leak);
  while (app.answer(Endpoint::health)->status == 200) std::this_thread::yield();
  EXPECT_EQ(app.answer(Endpoint::health)->status, 503);
  EXPECT_EQ(app.leaked_bytes(), 1000u);
  app.fix();
  EXPECT_EQ(app.leaked_bytes(), 0u);
  EXPECT_EQ(app.answer(Endpoint::health)->status, 200);
}

}  // namespace
}  // namespace sample_app
