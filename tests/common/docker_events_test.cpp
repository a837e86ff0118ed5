// DockerClient's stream of events.
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/docker/docker_client.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using Then = FakeEngine::Then;

std::string line(const std::string& action) {
  return R"({"Type":"container","Action":")" + action + R"(","Actor":{"ID":"aa"}})" + "\n";
}

std::string stream(const std::string& lines) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + lines;
}

class DockerEventsTest : public testing::Test {
 protected:
  DockerResult<Done> read(int64_t since = 0, int64_t until = 0) {
    return docker_.events(since, until, [this](DockerEvent event) {
      const std::lock_guard lock(mutex_);
      actions_.push_back(event.action);
    });
  }

  FakeEngine engine_{"1.12", "1.41"};
  SystemClock clock_;
  DockerClient docker_{engine_.address(), clock_};
  std::mutex mutex_;
  std::vector<std::string> actions_;
};

TEST_F(DockerEventsTest, HandsOverEachLine) {
  engine_.answer(
      "GET /events",
      {stream(line("start") + line("die") + line("health_status: healthy")), Then::close});
  const auto end = read();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().kind, DockerFailureKind::closed) << "a stream for ever never ends well";
  EXPECT_THAT(actions_, ElementsAre("start", "die", "health_status: healthy"));
}

TEST_F(DockerEventsTest, BadLinesCostOnlyThemselves) {
  engine_.answer("GET /events", {stream("garbage\n" + line("start") + "\n{}\n[1]\n" + line("die") +
                                        R"({"Type":"con)"),
                                 Then::close});
  EXPECT_FALSE(read().ok());
  EXPECT_THAT(actions_, ElementsAre("start", "die"));
}

TEST_F(DockerEventsTest, AnEventThatIsTooLongCostsOnlyItself) {
  const std::string labels(3 << 20, 'x');
  engine_.answer("GET /events", {stream(line("start") + line(labels) + line("die")), Then::close});
  EXPECT_EQ(read().error().kind, DockerFailureKind::closed);
  EXPECT_THAT(actions_, ElementsAre("start", "die"));
}

TEST_F(DockerEventsTest, AsksForARangeInNanoseconds) {
  engine_.answer("GET /events", {stream(line("start")), Then::close});
  EXPECT_TRUE(read(1'769'860'800'000'000'005, 1'769'860'801'500'000'000).ok())
      << "ending at `until` is how it should";
  EXPECT_THAT(engine_.requests(), Contains(HasSubstr("&since=1769860800.000000005")));
  EXPECT_THAT(engine_.requests(), Contains(HasSubstr("&until=1769860801.500000000")));
  EXPECT_THAT(engine_.requests(),
              Contains(HasSubstr("filters=%7B%22type%22%3A%5B%22container%22%2C%22network")));
}

TEST_F(DockerEventsTest, ARefusalIsAFailureWithItsMessage) {
  engine_.answer("GET /events", {http_response(403, "{\"message\":\"not by this proxy\"}\n")});
  const auto end = read();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().kind, DockerFailureKind::refused);
  EXPECT_THAT(end.error().message, HasSubstr("not by this proxy"));
  engine_.answer("GET /events", {http_response(500, "no newline at the end")});
  EXPECT_THAT(read().error().message, HasSubstr("no newline at the end"));
  EXPECT_THAT(actions_, testing::IsEmpty());
}

TEST_F(DockerEventsTest, AfterAFailureTheVersionIsNegotiatedAgain) {
  engine_.answer("GET /events", {"", Then::close});
  EXPECT_FALSE(read().ok());
  EXPECT_FALSE(read().ok());
  EXPECT_EQ(engine_.count("/_ping"), 2);
}

TEST_F(DockerEventsTest, ShutDownEndsTheStream) {
  engine_.answer("GET /events", {stream(line("start"))});
  std::promise<void> streaming;
  std::promise<DockerFailureKind> end;
  std::thread reader([&] {
    const auto result = docker_.events(0, 0, [&](const DockerEvent&) { streaming.set_value(); });
    end.set_value(result ? DockerFailureKind::failed : result.error().kind);
  });
  streaming.get_future().wait();
  docker_.shut_down();
  EXPECT_EQ(end.get_future().get(), DockerFailureKind::aborted);
  reader.join();
}

}  // namespace
}  // namespace selfheal
