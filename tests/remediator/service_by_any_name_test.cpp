// What counts for a service, whichever of its containers the alerts name: each update gives those
// new names, and so new incidents.
#include <algorithm>
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/remediator/samples.h"
#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ServiceByAnyNameTest : public testing::Test {
 protected:
  // Its containers are watched, and never seen to work unless a test says so.
  ServiceByAnyNameTest() {
    shop_.docker.add_service("web").container_labels["selfheal.enable"] = "true";
  }
  bool last_attempt_is_over() {
    const Incident incident = shop_.incident();
    return !incident.attempts.empty() && incident.attempts.back().ended_at.has_value();
  }
  void fire_task(const std::string& name) {
    shop_.service.clear();
    shop_.container = name;
    ContainerDetails& task = shop_.docker.add(name);
    task.labels["selfheal.action"] = "service-update";
    task.labels["com.docker.swarm.service.name"] = "web";
    shop_.fire(Milliseconds(0));
  }
  void break_task(const std::string& name) {
    fire_task(name);
    for (int waited = 0; waited < 200 && !last_attempt_is_over(); ++waited) shop_.run(seconds(1));
    shop_.docker.lose(name);
    shop_.resolve(seconds(0));
  }
  void break_three_tasks() {
    for (const char* name : {"web.1.t1", "web.1.t2", "web.1.t3"}) break_task(name);
  }
  void break_service() {
    shop_.service = "web";
    shop_.fire(Milliseconds(0), "service-update");
    shop_.run(seconds(40));
  }
  std::map<std::string, AttemptCount> counts() {
    std::map<std::string, AttemptCount> found;
    const WallTime now = shop_.clock.wall_now();
    EXPECT_TRUE(shop_.journal
                    ->read([&](JournalReader& reader) {
                      for (const AttemptCount& count :
                           reader.attempt_counts(now - hours(24), now, std::chrono::minutes(10)))
                        found[count.container] = count;
                    })
                    .ok());
    return found;
  }
  bool breaker_open(const std::string& name) {
    const auto all = counts();
    const auto found = all.find(name);
    return found != all.end() && breaker_of(found->second, shop_.settings.get()->breaker(),
                                            shop_.clock.wall_now()) == Breaker::open;
  }
  void write(const std::function<void(JournalWriter&)>& change) {
    EXPECT_TRUE(shop_.journal->write(change).ok());
  }
  std::vector<int64_t> reset(const std::string& name) {
    std::vector<int64_t> ids;
    write([&](JournalWriter& writer) { ids = writer.reset("box", name, shop_.clock.wall_now()); });
    return ids;
  }
  // That nobody has given up.
  int breakers_told() {
    const auto all = shop_.outbox();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [](const OutcomeRow& row) {
      return row.message.kind == OutcomeKind::breaker_open;
    }));
  }

  Workshop shop_;
};

TEST_F(ServiceByAnyNameTest, PeopleAreToldOfTheServiceAndOfAllItsAttempts) {
  break_three_tasks();
  std::vector<std::string> told;
  for (const OutcomeRow& row : shop_.outbox()) {
    told.push_back(std::string(to_string(row.message.kind)) + " " + row.message.attempts);
    EXPECT_EQ(row.message.container, "service/web");
    EXPECT_THAT(row.message.summary, testing::StartsWith("service/web "));
    EXPECT_THAT(row.message.description, HasSubstr("of web.1.t")) << "and which container it was";
  }
  EXPECT_THAT(told, ElementsAre("failed 1 of 3", "failed 2 of 3", "breaker_open 3 of 3"));
  break_service();
  EXPECT_EQ(shop_.incident().reason, "attempts_used_up");
  EXPECT_THAT(shop_.outbox(), SizeIs(3)) << "an open breaker is told once, whoever meets it";
  write([](JournalWriter& writer) { writer.tell_anew(); });  // as a start does
  shop_.run(seconds(60));
  EXPECT_THAT(shop_.outbox(), SizeIs(3)) << "it was told, though by another incident";
}

TEST_F(ServiceByAnyNameTest, WhatWasGivenUpIsToldByOneOfThem) {
  break_three_tasks();
  break_service();
  fire_task("web.1.t4");
  shop_.run(seconds(40));
  const OutcomeRow breaker = shop_.outbox().back();
  write([&](JournalWriter& writer) { writer.outcome_given_up(breaker.id, kNow); });
  shop_.run(seconds(60));
  EXPECT_EQ(breakers_told(), 1) << "in the place of the one that was given up";
  shop_.service = "web";
  shop_.run(seconds(60));
  EXPECT_EQ(breakers_told(), 1);
}

TEST_F(ServiceByAnyNameTest, OpenAgainItIsToldAgain) {
  break_three_tasks();
  shop_.clock.advance(hours(2));  // somebody has mended it
  shop_.prometheus.set([](FakePrometheus::State& state) { state.health = Health::proven; });
  for (const char* name : {"web.1.t4", "web.1.t5", "web.1.t6"}) break_task(name);
  EXPECT_THAT(shop_.actions(), SizeIs(6));
  EXPECT_EQ(breakers_told(), 1);
  break_task("web.1.t7");
  EXPECT_EQ(shop_.decisions().back().reason, "attempts_used_up");
  EXPECT_EQ(breakers_told(), 2);
}

TEST_F(ServiceByAnyNameTest, TheBreakerIsTheServicesUnderEachName) {
  break_task("web.1.t1");
  EXPECT_EQ(counts()["service/web"].attempts_used, 1) << "though no alert ever named it";
  EXPECT_FALSE(breaker_open("service/web"));
  break_task("web.1.t2");
  break_task("web.1.t3");
  for (const char* name : {"service/web", "web.1.t3"}) {
    EXPECT_TRUE(breaker_open(name)) << name;
    EXPECT_EQ(counts()[name].attempts_used, 3) << name;
    EXPECT_EQ(counts()[name].attempts_within_hour, 3) << name;
  }
  break_service();
  EXPECT_TRUE(breaker_open("service/web"));
  EXPECT_EQ(shop_.incident().attempts_used(), 3);
  shop_.resolve(seconds(0));
  shop_.clock.advance(std::chrono::minutes(10));
  EXPECT_FALSE(breaker_open("service/web"));
}

TEST_F(ServiceByAnyNameTest, AResetOfAContainerIsOneOfItsService) {
  break_three_tasks();
  break_service();
  EXPECT_THAT(reset("web.1.t3"), testing::Contains(shop_.incident().id)) << "which waits for it";
  EXPECT_FALSE(breaker_open("service/web"));
  EXPECT_FALSE(breaker_open("web.1.t3"));
  shop_.run(seconds(60));
  EXPECT_THAT(shop_.actions(), SizeIs(4));
}

TEST_F(ServiceByAnyNameTest, AResetOfAServiceIsOneOfItsContainers) {
  break_three_tasks();
  EXPECT_THAT(reset("service/web"), SizeIs(3)) << "though no alert ever named it";
  EXPECT_FALSE(breaker_open("service/web"));
  EXPECT_FALSE(breaker_open("web.1.t3"));
  write([&](JournalWriter& writer) {
    for (const char* name : {"web.1.t1", "web.1.t2", "web.1.t3"})
      EXPECT_THAT(writer.attempts_of_container("box", name, kNow - hours(1)), IsEmpty()) << name;
  });
  break_task("web.1.t4");
  EXPECT_THAT(shop_.actions(), SizeIs(4));
  EXPECT_EQ(shop_.outbox().back().message.attempts, "1 of 3");
}

TEST_F(ServiceByAnyNameTest, APauseOfAServiceHoldsItsContainers) {
  write([&](JournalWriter& writer) {
    writer.begin_pause(
        {{PauseScope::container, "box", "service/web"}, "", shop_.clock.wall_now(), std::nullopt});
  });
  break_task("web.1.t1");
  EXPECT_THAT(shop_.actions(), IsEmpty());
  EXPECT_EQ(shop_.decisions().front().reason, "paused");
}

}  // namespace
}  // namespace selfheal
