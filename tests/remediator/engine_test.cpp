// What the remediator does to real containers, on whichever engine: the same for all.
#include "tests/remediator/engine_fixture.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

// An app that does not obey its stop signal: SIGWINCH is ignored unless somebody asks for it.
constexpr const char* kDeaf = "--stop-signal SIGWINCH ";

// ---- the actions: a new one is a line in kActions

enum class Leaves { started_once, down, as_it_was, another_container };

struct ActionCase {
  const char* action;        // as the alert asks for it
  const char* options = "";  // of docker run
  const char* breaks = "";   // docker's command that brings about what it is for, or nothing
  Leaves leaves = Leaves::started_once;
  double shortest = 0;  // seconds that Docker must take
  double longest = 20;  // an app that is not up yet ignores SIGTERM, and is killed after 10 s
};

class EngineActions : public EngineFixture, public testing::WithParamInterface<ActionCase> {
 protected:
  void expect_left(Leaves leaves, const ContainerDetails& before) {
    const ContainerDetails after = live();
    EXPECT_EQ(after.running(), leaves != Leaves::down);
    EXPECT_EQ(after.id == before.id, leaves != Leaves::another_container);
    const bool started = leaves == Leaves::started_once || leaves == Leaves::another_container;
    EXPECT_EQ(after.started_at > before.started_at, started);
    if (leaves != Leaves::started_once) return;
    EXPECT_EQ(attempt()["started_after"], format_rfc3339(*after.started_at));
  }
  // Podman does not show all that a new container would have to be given.
  bool is_refused() {
    const auto first = [&] {
      const Json attempts = incident()["attempts"];
      return attempts.empty() ? Json("") : attempts[0]["result"];
    };
    const auto is_over = [&] { return first() != ""; };
    return eventually(is_over, seconds(60)) && first() == "action_failed";
  }
};

TEST_P(EngineActions, HealOnce) {
  const ActionCase& that = GetParam();
  run(that.options);
  if (*that.breaks != '\0') docker(that.breaks + (" " + name));
  const ContainerDetails before = live();
  tell(that.action);
  if (std::string(that.action) == "recreate" && is_refused()) {
    EXPECT_THAT(attempt()["detail"].get<std::string>(), testing::HasSubstr("Podman"));
    return expect_left(Leaves::as_it_was, before);
  }
  ASSERT_TRUE(incident_becomes("state", "closed", seconds(60))) << incident().dump(1);
  const bool stays_down = that.leaves == Leaves::down;
  EXPECT_EQ(incident()["outcome"], stays_down ? "stopped" : "recovered") << incident().dump(1);
  EXPECT_EQ(attempt()["action"], that.action);
  EXPECT_EQ(attempt()["result"], stays_down ? "stopped" : "verified");
  const Json done = attempt()["acted_at"].is_null() ? attempt()["ended_at"] : attempt()["acted_at"];
  const double took = between(attempt()["requested_at"], done).count();
  EXPECT_GE(took, that.shortest);
  EXPECT_LT(took, that.longest);
  expect_left(that.leaves, before);
}

constexpr const char* kHealthcheck =
    "-e PORT=18311 --label 'selfheal.action=exec:/sample-app --healthcheck'";

const ActionCase kActions[] = {
    {"restart"},
    {"restart", "--stop-signal SIGWINCH --label selfheal.stop-timeout=2", "", Leaves::started_once,
     2},
    {"restart", "--stop-signal SIGWINCH --stop-timeout 1", "", Leaves::started_once, 1},
    {"kill", "--stop-signal SIGWINCH --stop-timeout 60"},
    {"start", "", "stop -t 1"},
    {"start", "", "kill"},
    {"stop", "", "", Leaves::down},
    {"stop", "--stop-signal SIGWINCH --label selfheal.stop-timeout=2", "", Leaves::down, 2},
    {"exec", kHealthcheck, "", Leaves::as_it_was},
    {"recreate", "-e A=b", "", Leaves::another_container},
};

INSTANTIATE_TEST_SUITE_P(All, EngineActions, testing::ValuesIn(kActions), [](const auto& instance) {
  return instance.param.action + std::to_string(instance.index);
});

// ---- what happens meanwhile

class RemediatorOnEngine : public EngineFixture {};

TEST_F(RemediatorOnEngine, TheContainerIsRemovedDuringAnAttempt) {
  run(kDeaf + std::string("--label selfheal.stop-timeout=20"));
  tell();
  ASSERT_TRUE(incident_becomes("state", "acting"));
  docker("rm -f " + name);
  const Json removed_at = format_rfc3339(clock.wall_now());  // Podman lets the restart end first
  expect_result("container_gone");
  EXPECT_LT(between(removed_at, attempt()["ended_at"]), seconds(30));
}

TEST_F(RemediatorOnEngine, WhatIsRemovedWhileItIsVerifiedIsGone) {
  run();
  tell();
  ASSERT_TRUE(incident_becomes("state", "verifying"));
  docker("rm -f " + name);
  expect_result("container_gone");
}

TEST_F(RemediatorOnEngine, SomebodyElseRestartsItWhileItIsVerified) {
  run();
  tell();
  ASSERT_TRUE(incident_becomes("state", "verifying"));
  docker("restart -t 1 " + name);
  expect_result("restarted_again");
}

TEST_F(RemediatorOnEngine, SomebodyStopsItWhileItIsVerified) {
  run();
  tell();
  ASSERT_TRUE(incident_becomes("state", "verifying"));
  docker("stop -t 1 " + name);
  expect_result("not_healthy");
  EXPECT_EQ(live().state, ContainerState::exited) << "a person's stop is not undone";
}

TEST_F(RemediatorOnEngine, WhatIsPausedIsLeftAlone) {
  run();
  docker("pause " + name);
  const auto started_at = live().started_at;
  tell();
  ASSERT_TRUE(incident_becomes("reason", "container_paused"));
  EXPECT_EQ(live().state, ContainerState::paused);
  EXPECT_EQ(live().started_at, started_at);
  EXPECT_THAT(incident()["attempts"], SizeIs(0));
  docker("unpause " + name);
  EXPECT_TRUE(incident_becomes("outcome", "recovered")) << incident().dump(1);
}

TEST_F(RemediatorOnEngine, WhatAPersonHasStoppedIsNotRestarted) {
  run();
  docker("stop -t 1 " + name);
  tell("restart");
  ASSERT_TRUE(incident_becomes("reason", "container_not_running"));
  EXPECT_EQ(live().state, ContainerState::exited);
  EXPECT_THAT(incident()["attempts"], SizeIs(0));
}

TEST_F(RemediatorOnEngine, WhatDidNotOptInIsRefused) {
  run("--label selfheal.enable=false");
  tell();
  ASSERT_TRUE(incident_becomes("reason", "not_opted_in"));
  EXPECT_THAT(incident()["attempts"], SizeIs(0));
}

// ---- what is seen before it

class EvidenceOnEngine : public EngineFixture {
 protected:
  Json evidence_of(const std::string& options) {
    run(options);
    // Its first line is in the log then.
    EXPECT_TRUE(eventually(
        [&] { return docker("logs " + name).find("listening on port") != std::string::npos; }));
    tell();
    EXPECT_TRUE(incident_becomes("outcome", "recovered")) << incident().dump(1);
    return attempt()["evidence"];
  }
  static void expect_seen(const Json& evidence) {
    ASSERT_TRUE(evidence.is_object()) << evidence.dump(1);
    EXPECT_EQ(evidence["container"]["state"], "running");
    ASSERT_TRUE(evidence["logs"].contains("lines")) << evidence["logs"].dump();
    ASSERT_THAT(evidence["logs"]["lines"], SizeIs(1)) << evidence["logs"].dump();
    const std::string line = evidence["logs"]["lines"][0];
    EXPECT_THAT(line, testing::ContainsRegex("^20[0-9-]+T[0-9:.]+(Z|[+-][0-9:]+) listening on port "
                                             "[0-9]+\r?$"));
    ASSERT_TRUE(evidence["top"].contains("processes")) << evidence["top"].dump();
    EXPECT_THAT(evidence["top"].dump(), HasSubstr("sample-app"));
    EXPECT_FALSE(evidence["stats"].contains("error")) << evidence["stats"].dump();
    EXPECT_GT(evidence["stats"]["memory_bytes"], 100'000) << evidence["stats"].dump();
  }
};

TEST_F(EvidenceOnEngine, IsThereAndHasNoSecrets) {
  const Json evidence = evidence_of("-e DB_PASSWORD=hunter22");
  expect_seen(evidence);
  EXPECT_THAT(evidence.dump(), testing::Not(HasSubstr("hunter22")));
  EXPECT_EQ(evidence["container"]["environment"]["DB_PASSWORD"], "***");
}

TEST_F(EvidenceOnEngine, IsThereOfATerminalToo) {
  expect_seen(evidence_of("-t"));
}

}  // namespace
}  // namespace selfheal
