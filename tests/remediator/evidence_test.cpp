// What is kept of a container before it is acted on, and that this is in nobody's way.
#include "remediator/act/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/workshop.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Effect = FakeDocker::Effect;
using Json = nlohmann::json;

constexpr const char* kRestart = "restart id-of-web t=10";

class EvidenceTest : public testing::Test {
 protected:
  void configure(const std::function<void(EvidenceSettings&)>& how) {
    RemediatorSettings settings = *shop_.settings.get();
    how(settings.evidence);
    shop_.settings.set(settings);
  }
  std::vector<EvidenceRow> rows() {
    std::vector<EvidenceRow> all;
    const int64_t id = shop_.incident().id;
    EXPECT_TRUE(
        shop_.journal->read([&](JournalReader& reader) { all = reader.evidence(id); }).ok());
    return all;
  }
  Json only_evidence() {
    const auto all = rows();
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? Json() : Json::parse(all[0].content);
  }
  void execute(const std::string& sql) {
    SqliteConnection(shop_.folder.path("journal.db"), SqliteConnection::Mode::read_write)
        .execute(sql);
  }

  Workshop shop_;
};

TEST_F(EvidenceTest, IsInTheJournalBeforeDockerIsAskedToAct) {
  std::vector<EvidenceRow> seen;
  std::vector<std::string> looks;
  shop_.docker.next_action({Effect::restarts, {}, [&] {
                              seen = rows();
                              looks = shop_.docker.looks();
                            }});
  shop_.fire();
  shop_.step();
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].attempt, 1);
  EXPECT_EQ(seen[0].collected_at, shop_.clock.wall_now());
  EXPECT_THAT(looks, ElementsAre("logs id-of-web", "stats id-of-web", "top id-of-web"));
  const Json json = Json::parse(seen[0].content);
  EXPECT_EQ(json["alert"]["alertname"], "ProbeFailing");
  EXPECT_EQ(json["container"]["state"], "running");
  EXPECT_EQ(json["logs"]["lines"], Json({"2026-01-31T12:00:00Z serving"}));
  EXPECT_EQ(json["top"]["processes"][0][1], "/bin/web");
  EXPECT_EQ(json["stats"]["memory_bytes"], 4096);
  EXPECT_EQ(json["queries"], Json::object());
}

TEST_F(EvidenceTest, EachAttemptHasItsOwn) {
  shop_.docker.next_action({Effect::none, DockerFailureKind::failed, {}, 2});
  shop_.fire();
  shop_.run(seconds(31));
  const auto all = rows();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].attempt, 1);
  EXPECT_EQ(all[1].attempt, 2);
  EXPECT_GE(all[1].collected_at - all[0].collected_at, seconds(30));
}

TEST_F(EvidenceTest, OffMeansThatNothingIsAskedOrWritten) {
  configure([](EvidenceSettings& evidence) {
    evidence.enabled = false;
    evidence.queries = {{"up", "up"}};
  });
  shop_.fire();
  shop_.step();
  EXPECT_THAT(shop_.docker.looks(), IsEmpty());
  EXPECT_THAT(shop_.prometheus.queries(), SizeIs(1)) << "the policy";
  EXPECT_THAT(rows(), IsEmpty());
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
}

TEST_F(EvidenceTest, OfWhatDoesNotRunThereAreNoProcesses) {
  shop_.docker.change("web", [](ContainerDetails& web) {
    web.state = ContainerState::exited;
    web.exit_code = 3;
  });
  shop_.fire(seconds(3), "start");
  shop_.step();
  const Json json = only_evidence();
  EXPECT_EQ(json["container"]["exit_code"], 3);
  EXPECT_EQ(json["logs"]["cut"], false);
  EXPECT_EQ(json["top"], Json({{"error", "the container is exited"}}));
  EXPECT_EQ(json["stats"], Json({{"error", "the container is exited"}}));
  EXPECT_THAT(shop_.docker.looks(), ElementsAre("logs id-of-web"));
}

TEST_F(EvidenceTest, WhatDockerDoesNotSayIsSaidAndStopsNothing) {
  FakeDocker::Evidence evidence;
  evidence.log = DockerFailure{DockerFailureKind::timeout, "Docker's logs: timed out"};
  evidence.processes = DockerFailure{DockerFailureKind::failed, "no ps on the host"};
  shop_.docker.set_evidence(evidence);
  shop_.fire();
  shop_.step();
  const Json json = only_evidence();
  EXPECT_EQ(json["logs"], Json({{"error", "Docker's logs: timed out"}}));
  EXPECT_EQ(json["top"], Json({{"error", "no ps on the host"}}));
  EXPECT_EQ(json["stats"]["tasks"], 3);
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
}

TEST_F(EvidenceTest, IsBoundedByTheTimeForAllOfIt) {
  configure([](EvidenceSettings& evidence) { evidence.timeout = seconds(2); });
  FakeDocker::Evidence evidence;
  std::mutex mutex;
  std::vector<Milliseconds> timeouts;
  evidence.meanwhile = [&](Milliseconds timeout) {
    const std::lock_guard lock(mutex);
    timeouts.push_back(timeout);
  };
  shop_.docker.set_evidence(evidence);
  shop_.fire();
  shop_.step();
  EXPECT_THAT(timeouts, ElementsAre(seconds(2), seconds(2), seconds(2))) << "at the same time";
}

TEST_F(EvidenceTest, TheConfigurationsQueriesAreAskedWithTheContainersNames) {
  configure([](EvidenceSettings& evidence) {
    evidence.queries = {{"errors", "rate(errors{host={{host}},container=\"{{container}}\"}[5m])"},
                        {"unknown", "up"}};
  });
  shop_.prometheus.set([](FakePrometheus::State& state) {
    state.answers["rate(errors{host=\"box\",container=\"web\"}[5m])"] = {{{{"code", "500"}}, 7}};
  });
  shop_.fire();
  shop_.step();
  const Json queries = only_evidence()["queries"];
  EXPECT_EQ(queries["errors"]["samples"][0]["value"], 7);
  EXPECT_EQ(queries["unknown"], Json({{"error", "the fake Prometheus does not know up"}}));
}

TEST(Evidence, WithoutAPrometheusThatIsWhatIsSaid) {
  Workshop shop(Workshop::Policy::own_guards_alone);
  RemediatorSettings settings;
  settings.evidence.queries = {{"up", "up"}};
  shop.settings.set(settings);
  shop.fire();
  shop.step();
  std::vector<EvidenceRow> rows;
  ASSERT_TRUE(shop.journal->read([&](JournalReader& reader) { rows = reader.evidence(1); }).ok());
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(Json::parse(rows[0].content)["queries"]["up"],
            Json({{"error", "there is no --prometheus.url"}}));
}

TEST_F(EvidenceTest, TheLogIsAskedForAsTheContainerAndTheConfigurationSay) {
  configure([](EvidenceSettings& evidence) {
    evidence.log_lines = 7;
    evidence.max_bytes = 20'000;
  });
  shop_.docker.change("web", [](ContainerDetails& web) { web.has_terminal = true; });
  shop_.fire();
  shop_.step();
  const auto tail = shop_.docker.last_log_tail();
  ASSERT_TRUE(tail.has_value());
  EXPECT_EQ(tail->lines, 7);
  EXPECT_EQ(tail->max_bytes, 40'000u);
  EXPECT_TRUE(tail->from_terminal);
}

TEST_F(EvidenceTest, AJournalThatCantTakeItDoesNotStopTheAttempt) {
  execute(
      "CREATE TRIGGER full BEFORE INSERT ON evidence "
      "BEGIN SELECT raise(ABORT, 'the disk is full'); END");
  testing::internal::CaptureStderr();
  shop_.fire();
  shop_.step();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("evidence is lost"));
  EXPECT_THAT(shop_.actions(), ElementsAre(kRestart));
  EXPECT_EQ(shop_.incident().state, IncidentState::verifying);
  EXPECT_THAT(rows(), IsEmpty());
}

// Else a slow engine would use up what an action that answered nothing is granted.
TEST_F(EvidenceTest, TheTimeItTookIsNotTheActions) {
  bool slow = true;
  configure([](EvidenceSettings& settings) { settings.queries = {{"slow", "slow"}}; });
  shop_.prometheus.set([&](FakePrometheus::State& state) {
    state.answers["slow"] = {};
    state.meanwhile = [&] {  // of the policy's answer: the next one is the evidence's
      shop_.prometheus.set([&](FakePrometheus::State& next) {
        next.meanwhile = [&] {
          if (std::exchange(slow, false)) shop_.clock.advance(seconds(4));
        };
      });
    };
  });
  shop_.docker.next_action({Effect::none, DockerFailureKind::closed});
  shop_.fire();
  shop_.step();
  EXPECT_FALSE(slow);
  shop_.run(Milliseconds(24'900));
  EXPECT_EQ(shop_.incident().state, IncidentState::acting);
  shop_.run(Milliseconds(300));
  EXPECT_EQ(shop_.incident().attempts.back().result, AttemptResult::no_effect);
}

}  // namespace
}  // namespace selfheal
