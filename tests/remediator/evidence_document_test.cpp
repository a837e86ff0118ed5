#include "remediator/act/evidence_document.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/remediator/samples.h"

namespace selfheal {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

Evidence good_evidence() {
  Evidence evidence;
  evidence.collected_at = kNow;
  evidence.took = Milliseconds(120);
  evidence.host = "box";
  evidence.group = "shop/web";
  evidence.alert = fired(kNow - seconds(3)).alert;
  evidence.container = *good_facts().inspected;
  evidence.container.image = "shop/web:7";
  evidence.container.command = {"/bin/web", "--port", "8080"};
  evidence.container.environment = {"LANG=C", "DB_PASSWORD=hunter22"};
  evidence.log = LogText{"t1 one\nt2 two\n"};
  evidence.processes = ProcessList{{"PID", "CMD"}, {{"7", "/bin/web"}}};
  evidence.stats = ContainerStats{MemoryUsage{4096, 65'536}, 1.5, {}, 3};
  return evidence;
}

Json shown(const Evidence& evidence, const EvidenceSettings& settings = {}) {
  const std::string text = evidence_json(evidence, settings);
  EXPECT_LE(text.size(), static_cast<size_t>(settings.max_bytes));
  Json json = Json::parse(text, nullptr, false);
  EXPECT_TRUE(json.is_object()) << text;
  return json;
}

TEST(EvidenceJson, ShowsAllThatWasSeen) {
  Evidence evidence = good_evidence();
  evidence.container.health = ContainerHealth::unhealthy;
  evidence.container.last_check = HealthCheckRun{1, "no answer"};
  evidence.container.finished_at = kNow - seconds(9);
  evidence.container.exit_code = 137;
  evidence.container.oom_killed = true;
  evidence.container.restart_count = 4;
  evidence.queries.emplace_back("rate", std::vector<PromSample>{{{{"code", "500"}}, 0.25}});
  const Json json = shown(evidence);
  EXPECT_EQ(json["collected_at"], "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(json["took_seconds"], 0.12);
  EXPECT_EQ(json["alert"]["alertname"], "ProbeFailing");
  EXPECT_EQ(json["alert"]["starts_at"], "2026-01-31T11:59:57.000Z");
  EXPECT_EQ(json["alert"]["remediation"], "restart");
  EXPECT_EQ(json["alert"]["labels"],
            Json({{"host", "box"}, {"group", "shop/web"}, {"container", "web"}}));
  const Json& container = json["container"];
  EXPECT_EQ(container["id"], "id-of-web");
  EXPECT_EQ(container["name"], "web");
  EXPECT_EQ(container["image"], "shop/web:7");
  EXPECT_EQ(container["state"], "running");
  EXPECT_EQ(container["health"], "unhealthy");
  EXPECT_EQ(container["last_check"], Json({{"exit_code", 1}, {"output", "no answer"}}));
  EXPECT_EQ(container["exit_code"], 137);
  EXPECT_EQ(container["oom_killed"], true);
  EXPECT_EQ(container["restart_count"], 4);
  EXPECT_EQ(container["started_at"], "2026-01-31T11:00:00.000Z");
  EXPECT_EQ(container["finished_at"], "2026-01-31T11:59:51.000Z");
  EXPECT_EQ(container["command"], Json({"/bin/web", "--port", "8080"}));
  EXPECT_EQ(container["environment"], Json({{"LANG", "C"}, {"DB_PASSWORD", "***"}}));
  EXPECT_EQ(json["logs"], Json({{"lines", {"t1 one", "t2 two"}}, {"cut", false}}));
  EXPECT_EQ(json["top"], Json({{"titles", {"PID", "CMD"}},
                               {"processes", Json::array({Json::array({"7", "/bin/web"})})},
                               {"cut", false}}));
  EXPECT_EQ(json["stats"], Json({{"memory_bytes", 4096},
                                 {"memory_limit_bytes", 65'536},
                                 {"cpu_seconds", 1.5},
                                 {"tasks", 3}}));
  EXPECT_EQ(json["queries"]["rate"]["samples"],
            Json::array({Json({{"labels", {{"code", "500"}}}, {"value", 0.25}})}));
}

TEST(EvidenceJson, SaysWhyWhatIsMissingIsMissing) {
  Evidence evidence = good_evidence();
  evidence.alert.reset();
  evidence.log = Error{"Docker's logs: timed out"};
  evidence.processes = Error{"the container is exited"};
  evidence.stats = Error{"no"};
  evidence.queries.emplace_back("rate", Error{"Prometheus is away"});
  const Json json = shown(evidence);
  EXPECT_EQ(json["alert"], Json({{"error", "no alert fires any more"}}));
  EXPECT_EQ(json["logs"], Json({{"error", "Docker's logs: timed out"}}));
  EXPECT_EQ(json["top"], Json({{"error", "the container is exited"}}));
  EXPECT_EQ(json["stats"], Json({{"error", "no"}}));
  EXPECT_EQ(json["queries"]["rate"], Json({{"error", "Prometheus is away"}}));
}

TEST(EvidenceJson, NoSecretIsInAnyOfIt) {
  Evidence evidence = good_evidence();
  evidence.container.command.emplace_back("--password=hunter22");
  evidence.container.last_check = HealthCheckRun{1, "login with hunter22 failed"};
  evidence.log = LogText{"t1 password hunter22 refused\n"};
  evidence.processes = ProcessList{{"PID", "CMD"}, {{"7", "/bin/web --password=hunter22"}}};
  evidence.queries.emplace_back("q", std::vector<PromSample>{{{{"arg", "hunter22"}}, 1}});
  EvidenceSettings settings;
  EXPECT_THAT(evidence_json(evidence, settings), Not(HasSubstr("hunter22")));
  const Json json = shown(evidence);
  EXPECT_EQ(json["logs"]["lines"][0], "t1 password *** refused");
  EXPECT_EQ(json["top"]["processes"][0][1], "/bin/web --password=***");
  EXPECT_EQ(json["container"]["command"][3], "--password=***");
  settings.mask.push_back(*NamePattern::compile("^LANG$"));
  EXPECT_EQ(shown(evidence, settings)["container"]["environment"]["LANG"], "***");
}

TEST(EvidenceJson, ALongLogLosesItsBeginningAtALine) {
  Evidence evidence = good_evidence();
  std::string log;
  for (int i = 0; i < 10'000; ++i) log += "line " + std::to_string(i) + " \u20ac\n";
  evidence.log = LogText{log, true};
  EvidenceSettings settings;
  settings.max_bytes = kLeastEvidenceBytes;
  const std::string text = evidence_json(evidence, settings);
  EXPECT_LE(text.size(), static_cast<size_t>(kLeastEvidenceBytes));
  EXPECT_GE(text.size(), static_cast<size_t>(kLeastEvidenceBytes - 200)) << "the space is used";
  const Json logs = Json::parse(text)["logs"];
  EXPECT_EQ(logs["cut"], true);
  EXPECT_EQ(logs["lines"].back(), "line 9999 \u20ac");
  const size_t count = logs["lines"].size();
  EXPECT_EQ(logs["lines"][0], "line " + std::to_string(10'000 - count) + " \u20ac") << "whole";
}

TEST(EvidenceJson, ALineThatIsTooLongLosesItsBeginningAtACharacter) {
  Evidence evidence = good_evidence();
  std::string line = "short\n";
  for (int i = 0; i < 100'000; ++i) line += "\u20ac";
  evidence.log = LogText{line + "end\n"};
  const Json logs = shown(evidence)["logs"];
  ASSERT_EQ(logs["lines"].size(), 1u);
  const auto kept = logs["lines"][0].get<std::string>();
  EXPECT_EQ(kept.substr(0, 3), "\u20ac");
  EXPECT_EQ(kept.substr(kept.size() - 6), "\u20acend");
  EXPECT_EQ(logs["cut"], true);
}

TEST(EvidenceJson, OfALogThatBeginsInTheMiddleNoPartOfASecretIsShown) {
  Evidence evidence = good_evidence();
  evidence.log = LogText{"ter22 and more\nt2 two\n", true};
  EXPECT_EQ(shown(evidence)["logs"]["lines"], Json({"t2 two"}));
  evidence.log = LogText{"ter22 and \u20ac more", true};
  EXPECT_EQ(shown(evidence)["logs"]["lines"], Json({"d \u20ac more"}));
  evidence.log = LogText{"ter22", true};
  EXPECT_EQ(shown(evidence)["logs"]["lines"], Json({""}));
}

TEST(EvidenceJson, OfACheckThatEndsInTheMiddleNoPartOfASecretIsShown) {
  Evidence evidence = good_evidence();
  evidence.container.last_check = HealthCheckRun{1, "no login with hunter2", true};
  EXPECT_EQ(shown(evidence)["container"]["last_check"]["output"], "no login with");
}

TEST(EvidenceJson, HostileBytesAreSafe) {
  Evidence evidence = good_evidence();
  const std::string hostile("\xff\xc0\x80 \0 \x1b[31mred\x1b[0m \"\\ \xe2\x82", 24);
  evidence.log = LogText{hostile + "\r\n" + hostile};
  evidence.container.environment.push_back("ODD" + hostile + "=" + hostile);
  evidence.container.command = {hostile};
  evidence.container.last_check = HealthCheckRun{1, hostile};
  evidence.container.image = hostile;
  evidence.alert->alertname = hostile;
  evidence.processes = ProcessList{{hostile}, {{hostile}}};
  evidence.stats = Error{hostile};
  evidence.queries.emplace_back(hostile, std::vector<PromSample>{{{{hostile, hostile}}, 1}});
  const Json json = shown(evidence);
  EXPECT_EQ(json["logs"]["lines"][0],
            std::string("\ufffd\ufffd\ufffd \0 \x1b[31mred\x1b[0m \"\\ \ufffd\ufffd", 34));
  EXPECT_EQ(json["logs"]["lines"].size(), 2u);
  EXPECT_EQ(json["logs"]["lines"][0], json["logs"]["lines"][1]) << "without a terminal's \\r";
}

TEST(EvidenceJson, NumbersThatJsonHasNoWordForAreTexts) {
  Evidence evidence = good_evidence();
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    evidence.queries.emplace_back("q" + std::to_string(evidence.queries.size()),
                                  std::vector<PromSample>{{{}, value}});
  const Json json = shown(evidence)["queries"];
  EXPECT_EQ(json["q0"]["samples"][0]["value"], "NaN");
  EXPECT_EQ(json["q1"]["samples"][0]["value"], "+Inf");
  EXPECT_EQ(json["q2"]["samples"][0]["value"], "-Inf");
}

// Each byte of these takes six in JSON.
TEST(EvidenceJson, IsNeverLongerThanItMayBe) {
  const std::string wide(5'000, '\x01');
  Evidence evidence = good_evidence();
  evidence.host = evidence.group = wide;
  *evidence.alert = {wide, kNow, wide, wide, true, kNow, kNow};
  ContainerDetails& container = evidence.container;
  container.id = container.name = container.image = wide;
  container.command.assign(500, wide);
  container.last_check = HealthCheckRun{-1, wide};
  for (int i = 0; i < 500; ++i)
    container.environment.push_back("NAME" + std::to_string(i) + "=" + wide);
  evidence.log = LogText{wide + "\n" + wide, true};
  evidence.processes = ProcessList{{wide, wide}, {1000, {wide, wide}}};
  for (size_t i = 0; i < kMostEvidenceQueries; ++i) {
    const std::string name = std::string(kLongestQueryName - 2, 'q') + std::to_string(10 + i);
    if (i % 2 == 0)
      evidence.queries.emplace_back(name, Error{wide});
    else
      evidence.queries.emplace_back(name, std::vector<PromSample>(100, {{{wide, wide}}, 1}));
  }
  EvidenceSettings settings;
  for (const int max_bytes : {kLeastEvidenceBytes, 65'536, 1 << 20}) {
    settings.max_bytes = max_bytes;
    const Json json = shown(evidence, settings);
    EXPECT_EQ(json["logs"]["cut"], true);
    EXPECT_EQ(json["top"]["cut"], true);
    EXPECT_GT(json["container"]["environment_left_out"], 0);
    EXPECT_EQ(json["container"]["command_cut"], true);
  }
}

}  // namespace
}  // namespace selfheal
