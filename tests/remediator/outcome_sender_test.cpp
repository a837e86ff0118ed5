#include "remediator/outcome/outcome_sender.h"

#include <atomic>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "tests/remediator/workshop.h"
#include "tests/support/stub_server.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Json = nlohmann::json;
using Kind = PostFault::Kind;

constexpr const char* kUrl = "http://box:10116";

// What an Alertmanager was given, and how it answers. Safe from any thread.
struct Scripted {
  std::mutex mutex;
  std::vector<std::string> taken;  // the outcomes' labels incident and attempt, "1/2"
  int posts = 0;
  std::optional<Kind> fault = std::nullopt;
  std::string refuses = {};              // "1/2": that one only
  std::function<void()> meanwhile = {};  // what else happens before the answer
};

class FakeAlertmanager final : public AlertmanagerApi {
 public:
  explicit FakeAlertmanager(Scripted& script) : script_(script) {}
  Outcome<PostFault> post(const std::string& alerts) override {
    const Json labels = Json::parse(alerts).at(0).at("labels");
    const std::string name =
        labels["incident"].get<std::string>() + "/" + labels["attempt"].get<std::string>();
    const std::lock_guard lock(script_.mutex);
    ++script_.posts;
    if (script_.meanwhile) script_.meanwhile();
    if (script_.fault) return PostFault{*script_.fault, "the fake Alertmanager does not take it"};
    if (name == script_.refuses) return PostFault{Kind::refused, "not this one"};
    script_.taken.push_back(name);
    return Done{};
  }
  void shut_down() override {}

 private:
  Scripted& script_;
};

class OutcomeSenderTest : public testing::Test {
 protected:
  OutcomeSenderTest() { shop_.fire(); }
  // Outcomes of the incident 1, one for each of these attempts.
  void put(std::initializer_list<int> attempts) {
    for (const int attempt : attempts) put(attempt);
  }
  void put(int attempt) {
    OutcomeMessage message;
    message.incident = 1;
    message.attempt = attempt;
    message.happened_at = shop_.clock.wall_now();
    message.description = "number " + std::to_string(attempt);
    ASSERT_TRUE(
        shop_.journal->write([&](JournalWriter& writer) { writer.add_outcome(message); }).ok());
  }
  void make(std::initializer_list<Scripted*> scripts) {
    OutcomeSender::Alertmanagers alertmanagers;
    for (Scripted* script : scripts)
      alertmanagers.push_back(std::make_unique<FakeAlertmanager>(*script));
    sender_ = std::make_unique<OutcomeSender>(*shop_.journal, std::move(alertmanagers),
                                              shop_.metrics, shop_.clock);
  }
  std::optional<Milliseconds> pass() { return sender_->pass(kUrl); }
  void expect_failed_posts(int count) {
    EXPECT_THAT(shop_.metrics_text(),
                HasSubstr("outcome_posts_failed_total " + std::to_string(count) + "\n"));
  }
  std::vector<OutcomeRow> rows() {
    std::vector<OutcomeRow> all;
    EXPECT_TRUE(shop_.journal->read([&](JournalReader& reader) { all = reader.outcomes(1); }).ok());
    return all;
  }

  Workshop shop_;
  Scripted one_, two_;
  std::unique_ptr<OutcomeSender> sender_;
};

TEST_F(OutcomeSenderTest, TellsWhatThereIsInItsOrderOnce) {
  put({1, 2, 3});
  make({&one_});
  EXPECT_EQ(pass(), std::nullopt) << "nothing is left";
  EXPECT_THAT(one_.taken, ElementsAre("1/1", "1/2", "1/3"));
  EXPECT_EQ(rows().at(0).told_at, shop_.clock.wall_now());
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, SizeIs(3));
  expect_failed_posts(0);
}

TEST_F(OutcomeSenderTest, EveryAlertmanagerOfAClusterIsTold) {
  put({1});
  make({&one_, &two_});
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/1"));
  EXPECT_THAT(two_.taken, ElementsAre("1/1"));
}

TEST_F(OutcomeSenderTest, OneThatTakesItIsEnough) {
  put({1, 2});
  make({&one_, &two_});
  one_.fault = Kind::away;
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_EQ(one_.posts, 1) << "who is away is not asked again for each outcome";
  EXPECT_THAT(two_.taken, ElementsAre("1/1", "1/2"));
  EXPECT_THAT(shop_.outbox(), IsEmpty());
  expect_failed_posts(1);
  put({3});
  one_.fault.reset();
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/3"));
}

TEST_F(OutcomeSenderTest, WhatNobodyTakesIsTriedAgainMoreAndMoreRarely) {
  put({1, 2});
  make({&one_});
  one_.fault = Kind::away;
  for (const int pause : {1, 2, 4, 8, 16, 30, 30}) EXPECT_EQ(pass(), seconds(pause));
  EXPECT_EQ(one_.posts, 7) << "one post a pass";
  expect_failed_posts(7);
  one_.fault.reset();
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/1", "1/2"));
  one_.fault = Kind::away;
  put({3});
  EXPECT_EQ(pass(), seconds(1)) << "from the beginning";
}

TEST_F(OutcomeSenderTest, ARefusedOneHoldsUpNoOther) {
  put({1, 2, 3});
  make({&one_});
  one_.refuses = "1/1";
  EXPECT_EQ(pass(), seconds(1));
  EXPECT_THAT(one_.taken, ElementsAre("1/2", "1/3"));
  EXPECT_THAT(shop_.outbox(), SizeIs(1));
}

TEST_F(OutcomeSenderTest, WhatIsOldAndCantBeToldIsGivenUp) {
  put({1});
  make({&one_});
  one_.fault = Kind::away;
  shop_.clock.advance(minutes(14));
  put({2});
  EXPECT_EQ(pass(), seconds(1));
  EXPECT_THAT(shop_.outbox(), SizeIs(2));
  shop_.clock.advance(minutes(1));
  log::configure(log::Level::warn, log::Format::logfmt);
  testing::internal::CaptureStderr();
  EXPECT_EQ(pass(), seconds(2));
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_THAT(logged, HasSubstr("level=warn"));
  EXPECT_THAT(logged, HasSubstr("number 1")) << "it is in the log at least";
  EXPECT_THAT(logged, HasSubstr("the fake Alertmanager does not take it"));
  EXPECT_THAT(shop_.outbox(), SizeIs(1));
  EXPECT_EQ(rows().at(0).given_up_at, shop_.clock.wall_now());
  EXPECT_EQ(rows().at(1).given_up_at, std::nullopt);
  one_.fault.reset();
  pass();
  EXPECT_THAT(one_.taken, ElementsAre("1/2")) << "what is given up is not told later";
}

TEST_F(OutcomeSenderTest, AfterALongAbsenceOfThisProcessItIsStillTriedOnce) {
  put({1});
  make({&one_});
  shop_.clock.advance(hours(5));
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/1"));
}

TEST_F(OutcomeSenderTest, TheTimeOfAnAbsenceIsNotCounted) {
  put({1});
  shop_.clock.advance(hours(5));
  make({&one_});
  one_.fault = Kind::away;
  pass();
  shop_.clock.advance(minutes(15) - seconds(1));
  pass();
  EXPECT_THAT(shop_.outbox(), SizeIs(1));
  shop_.clock.advance(seconds(1));
  pass();
  EXPECT_THAT(shop_.outbox(), IsEmpty());
}

TEST_F(OutcomeSenderTest, WhatIsTakenWhileItStopsIsMarkedSo) {
  put({1, 2});
  make({&one_, &two_});
  one_.meanwhile = [&] { sender_->stop(); };
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_TRUE(rows().at(0).told_at.has_value());
}

TEST_F(OutcomeSenderTest, ManyAreToldByAndBy) {
  for (int i = 1; i <= kOutcomesAtOnce + 1; ++i) put(i);
  make({&one_});
  EXPECT_EQ(pass(), Milliseconds(0)) << "there may be more, come back at once";
  EXPECT_THAT(one_.taken, SizeIs(kOutcomesAtOnce));
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, SizeIs(kOutcomesAtOnce + 1));
}

TEST_F(OutcomeSenderTest, ToldButNotMarkedItIsToldAgain) {
  put({1});
  make({&one_});
  SqliteConnection other(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write);
  other.execute(
      "CREATE TRIGGER broken BEFORE UPDATE ON outcome "
      "BEGIN SELECT raise(ABORT, 'the disk is full'); END");
  EXPECT_EQ(pass(), seconds(1));
  other.execute("DROP TRIGGER broken");
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/1", "1/1")) << "at least once";
  expect_failed_posts(0);
}

TEST_F(OutcomeSenderTest, AJournalThatCantBeReadIsTriedAgain) {
  put({1});
  make({&one_});
  SqliteConnection other(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write);
  other.execute("ALTER TABLE outcome RENAME TO elsewhere");
  EXPECT_EQ(pass(), seconds(1));
  other.execute("ALTER TABLE elsewhere RENAME TO outcome");
  EXPECT_EQ(pass(), std::nullopt);
  EXPECT_THAT(one_.taken, ElementsAre("1/1"));
}

// ---- with its thread

TEST_F(OutcomeSenderTest, TheThreadTellsWhatIsLeftAndWhatComes) {
  put({1});
  make({&one_});
  sender_->start(kUrl);
  const auto taken = [&] {
    const std::lock_guard lock(one_.mutex);
    return one_.taken.size();
  };
  while (taken() < 1) std::this_thread::yield();
  put({2});
  sender_->wake();
  while (taken() < 2) std::this_thread::yield();
  sender_->stop();
  sender_->stop();
  EXPECT_THAT(one_.taken, ElementsAre("1/1", "1/2"));
}

TEST_F(OutcomeSenderTest, StopDoesNotWaitForASilentAlertmanager) {
  std::atomic<bool> asked{false};
  const StubServer silent([&](StubConnection& connection) {
    connection.read_request();
    asked = true;
    connection.wait_until_closed();
  });
  put({1});
  const SystemClock system;
  OutcomeSender::Alertmanagers alertmanagers;
  alertmanagers.push_back(
      std::make_unique<AlertmanagerClient>(silent.url(""), std::chrono::hours(1), system));
  OutcomeSender sender(*shop_.journal, std::move(alertmanagers), shop_.metrics, shop_.clock);
  sender.start(kUrl);
  while (!asked) std::this_thread::yield();
  sender.stop();
  EXPECT_THAT(shop_.outbox(), SizeIs(1)) << "the next process tells it";
  expect_failed_posts(0);
}

TEST_F(OutcomeSenderTest, StopsWithoutHavingBeenStarted) {
  make({&one_});
  sender_->stop();
}

}  // namespace
}  // namespace selfheal
