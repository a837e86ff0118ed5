#include "remediator/intake/alert_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// As Alertmanager 0.25 sends it.
constexpr const char* kPayload025 = R"({
  "receiver": "selfheal\\.remediator",
  "status": "firing",
  "alerts": [
    {"status": "firing",
     "labels": {"alertname": "ProbeFailing", "container": "web", "group": "shop/web",
                "host": "box", "remediation": "restart"},
     "annotations": {"summary": "web does not answer"},
     "startsAt": "2026-01-31T11:59:57.123456789Z",
     "endsAt": "0001-01-01T00:00:00Z",
     "generatorURL": "http://prometheus:9090/graph?g0.expr=x",
     "fingerprint": "c4ab6d8e6e9dbb2f"},
    {"status": "resolved",
     "labels": {"alertname": "ProbeFailing", "container": "db", "host": "box",
                "remediation": "restart"},
     "annotations": {},
     "startsAt": "2026-01-31T12:50:00.5+01:00",
     "endsAt": "2026-01-31T11:59:00Z",
     "generatorURL": "",
     "fingerprint": "aa"}],
  "groupLabels": {"alertname": "ProbeFailing"},
  "commonLabels": {"host": "box"},
  "commonAnnotations": {},
  "externalURL": "http://alertmanager:9093",
  "version": "4",
  "groupKey": "{}/{remediation=~\".+\"}:{alertname=\"ProbeFailing\"}",
  "truncatedAlerts": 0
})";

// 0.34 adds keys at the top.
constexpr const char* kPayload034 = R"({
  "receiver": "r", "status": "firing", "notification_reason": "group_interval",
  "routeLabels": {"a": ["b"]},
  "alerts": [{"status": "firing", "labels": {"alertname": "Watchdog"}, "annotations": {},
              "startsAt": "2026-01-31T12:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
              "generatorURL": "", "fingerprint": "w", "silenceURL": "http://x"}],
  "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
  "version": "4", "groupKey": "k", "truncatedAlerts": 7})";

std::string payload_with(const std::string& alerts) {
  return R"({"version":"4","alerts":[)" + alerts + "]}";
}

constexpr const char* kGoodAlert =
    R"({"status":"firing","labels":{"host":"box","container":"web","remediation":"restart"},)"
    R"("startsAt":"2026-01-31T12:00:00Z","fingerprint":"good"})";

// The one fault of the alert, which stands beside a good one.
std::string fault_of(const std::string& alert) {
  const auto payload = parse_webhook(payload_with(std::string(kGoodAlert) + "," + alert));
  if (!payload) return "the whole payload: " + payload.error().message;
  EXPECT_THAT(payload->alerts, SizeIs(1)) << "a bad alert costs only itself";
  return payload->unreadable.empty() ? "" : payload->unreadable.front();
}

TEST(AlertParser, ReadsThePayloadOfAlertmanager025) {
  const auto payload = parse_webhook(kPayload025);
  ASSERT_TRUE(payload.ok()) << payload.error().message;
  ASSERT_THAT(payload->alerts, SizeIs(2));
  const ReceivedAlert& first = payload->alerts[0];
  EXPECT_EQ(first.status, AlertStatus::firing);
  EXPECT_EQ(first.label("container"), "web");
  EXPECT_EQ(first.label("absent"), "");
  EXPECT_EQ(first.fingerprint, "c4ab6d8e6e9dbb2f");
  EXPECT_EQ(first.starts_at, parse_rfc3339("2026-01-31T11:59:57.123456789Z"));
  EXPECT_TRUE(first.wants_remediation());
  EXPECT_EQ(payload->alerts[1].status, AlertStatus::resolved)
      << "each by its own status, not by the payload's";
  EXPECT_EQ(payload->alerts[1].starts_at, parse_rfc3339("2026-01-31T11:50:00.5Z"));
  EXPECT_THAT(payload->unreadable, IsEmpty());
  EXPECT_EQ(payload->truncated, 0u);
}

TEST(AlertParser, ReadsThePayloadOfAlertmanager034) {
  const auto payload = parse_webhook(kPayload034);
  ASSERT_TRUE(payload.ok()) << payload.error().message;
  ASSERT_THAT(payload->alerts, SizeIs(1));
  EXPECT_FALSE(payload->alerts[0].wants_remediation());
  EXPECT_EQ(payload->truncated, 7u);
}

TEST(AlertParser, AnEmptyListIsFine) {
  const auto payload = parse_webhook(payload_with(""));
  ASSERT_TRUE(payload.ok());
  EXPECT_THAT(payload->alerts, IsEmpty());
}

TEST(AlertParser, WhatIsNoPayloadSaysWhy) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "not JSON"},
      {"{", "not JSON"},
      {"alerts=1", "not JSON"},
      {"{\"version\":\"4\",\"alerts\":[]} trailing", "not JSON"},
      {"{\"version\":\"4\",\"alerts\":[],\"x\":\"\xff\"}", "not JSON"},
      {"[]", "not a JSON object"},
      {"\"4\"", "not a JSON object"},
      {"null", "not a JSON object"},
      {R"({"alerts":[]})", "version is \"\", expected \"4\""},
      {R"({"version":4,"alerts":[]})", "version is \"\", expected \"4\""},
      {R"({"version":"3","alerts":[]})", "version is \"3\", expected \"4\""},
      {R"({"version":"4"})", "no list of alerts"},
      {R"({"version":"4","alerts":null})", "no list of alerts"},
      {R"({"version":"4","alerts":{}})", "no list of alerts"},
  };
  for (const auto& [text, expected] : cases) {
    const auto payload = parse_webhook(text);
    ASSERT_FALSE(payload.ok()) << text;
    EXPECT_THAT(payload.error().message, HasSubstr(expected)) << text;
  }
  EXPECT_FALSE(parse_webhook(std::string(kPayload025).substr(0, 700)).ok()) << "cut off";
}

TEST(AlertParser, ABadAlertCostsOnlyItself) {
  const std::pair<const char*, const char*> cases[] = {
      {"3", "alert 1: it is not an object"},
      {"null", "alert 1: it is not an object"},
      {"{}", "its status is \"\""},
      {R"({"status":"pending"})", "its status is \"pending\", expected firing or resolved"},
      {R"({"status":"firing"})", "it has no labels"},
      {R"({"status":"firing","labels":[]})", "it has no labels"},
      {R"({"status":"firing","labels":{"a":1}})", "its label a is not text"},
      {R"({"status":"firing","labels":{"a":null}})", "its label a is not text"},
      {R"({"status":"firing","labels":{}})", "it has no fingerprint"},
      {R"({"status":"firing","labels":{},"fingerprint":7})", "it has no fingerprint"},
      {R"({"status":"firing","labels":{},"fingerprint":"f"})", "its startsAt is no time"},
      {R"({"status":"firing","labels":{},"fingerprint":"f","startsAt":"soon"})",
       "its startsAt is no time"},
      {R"({"status":"firing","labels":{},"fingerprint":"f","startsAt":"1969-12-31T23:59:59Z"})",
       "its startsAt is no time"},
      {R"({"status":"firing","labels":{},"fingerprint":"f","startsAt":"2200-01-01T00:00:01Z"})",
       "its startsAt is no time"},
      {R"({"status":"firing","labels":{},"fingerprint":"f","startsAt":"0001-01-01T00:00:00Z"})",
       "its startsAt is no time"},
  };
  for (const auto& [alert, expected] : cases) EXPECT_THAT(fault_of(alert), HasSubstr(expected));
}

TEST(AlertParser, WhatAsksForRemediationNamesOneContainer) {
  const auto with_labels = [](const std::string& labels) {
    return fault_of(R"({"status":"firing","labels":{)" + labels +
                    R"(},"fingerprint":"f","startsAt":"2026-01-31T12:00:00Z"})");
  };
  const auto lacks = HasSubstr("lacks the label host or container");
  EXPECT_THAT(with_labels(R"("remediation":"restart","host":"box")"), lacks);
  EXPECT_THAT(with_labels(R"("remediation":"restart","container":"web")"), lacks);
  EXPECT_THAT(with_labels(R"("remediation":"restart","container":"","host":"box")"), lacks);
}

TEST(AlertParser, WhatIsForPeopleNeedsNoContainer) {
  const auto payload = parse_webhook(
      payload_with(R"({"status":"firing","labels":{"alertname":"SlackOnly"},"fingerprint":"f",)"
                   R"("startsAt":"2026-01-31T12:00:00Z"})"));
  ASSERT_TRUE(payload.ok());
  EXPECT_THAT(payload->alerts, SizeIs(1));
  EXPECT_THAT(payload->unreadable, IsEmpty());
}

TEST(AlertParser, TruncationIsReadOnlyAsANumber) {
  EXPECT_EQ(parse_webhook(R"({"version":"4","alerts":[],"truncatedAlerts":"9"})")->truncated, 0u);
  EXPECT_EQ(parse_webhook(R"({"version":"4","alerts":[],"truncatedAlerts":-9})")->truncated, 0u);
  EXPECT_EQ(parse_webhook(R"({"version":"4","alerts":[],"truncatedAlerts":9})")->truncated, 9u);
}

TEST(AlertParser, DepthDoesNotOverflowTheStack) {
  EXPECT_FALSE(parse_webhook(std::string(1'000'000, '[')).ok());
  const std::string deep = std::string(50'000, '[') + std::string(50'000, ']');
  EXPECT_THAT(fault_of(R"({"status":)" + deep + "}"), HasSubstr("its status is"));
}

// They stand in metrics, logs, pages and messages.
TEST(AlertParser, NamesAreALineOfBoundedLength) {
  const auto fault_of = [](const std::string& label, const std::string& text) {
    nlohmann::json labels{{"host", "box"}, {"container", "web"}, {"remediation", "restart"}};
    labels[label] = text;
    const nlohmann::json alert{{"status", "firing"},
                               {"labels", labels},
                               {"fingerprint", "f"},
                               {"startsAt", "2026-01-31T12:00:00Z"}};
    const auto payload =
        parse_webhook(nlohmann::json{{"version", "4"}, {"alerts", {alert}}}.dump());
    return !payload || payload->unreadable.empty() ? "" : payload->unreadable.front();
  };
  const std::string longest(kLongestAlertText, 'x');
  for (const char* label : {"host", "container", "group", "alertname", "remediation"}) {
    EXPECT_EQ(fault_of(label, longest), "") << label;
    for (const std::string& bad :
         {longest + "x", std::string("a\nb"), std::string("a\0b", 3), std::string("a\x7f")})
      EXPECT_THAT(fault_of(label, bad), testing::HasSubstr(std::string("its label ") + label));
  }
  EXPECT_EQ(fault_of("description", longest + longest + "\n"), "") << "nothing is kept of that";
}

ReceivedAlert asking_for(const std::string& action,
                         const std::map<std::string, std::string>& labels) {
  ReceivedAlert alert;
  alert.labels = labels;
  alert.labels["remediation"] = action;
  return alert;
}

TEST(Target, IsAServiceOnlyWhereThatIsToBeUpdated) {
  EXPECT_EQ(asking_for("service-update", {{"service", "web"}}).target(), "service/web");
  EXPECT_EQ(asking_for("service-update", {{"service", "web"}, {"container", "web.1.a"}}).target(),
            "service/web");
  EXPECT_EQ(asking_for("service-update", {{"container", "web.1.a"}}).target(), "web.1.a");
  // Of Kubernetes, or Compose: a label of that name says nothing to other actions.
  EXPECT_EQ(asking_for("restart", {{"service", "web"}, {"container", "web-1"}}).target(), "web-1");
  EXPECT_EQ(asking_for("restart", {{"service", "web"}}).target(), "");
}

TEST(Target, AServicesGroupIsItsOwnNameWithoutAnother) {
  EXPECT_EQ(asking_for("service-update", {{"service", "web"}}).group(), "web");
  EXPECT_EQ(asking_for("service-update", {{"service", "web"}, {"group", "fronts"}}).group(),
            "fronts");
  EXPECT_EQ(asking_for("restart", {{"service", "web"}, {"container", "web-1"}}).group(), "");
}

TEST(AlertParser, AnAlertMayNameAServiceInPlaceOfAContainer) {
  const auto payload = parse_webhook(payload_with(
      R"({"status":"firing","labels":{"host":"box","service":"web",)"
      R"("remediation":"service-update"},"startsAt":"2026-01-31T12:00:00Z","fingerprint":"a"})"));
  ASSERT_TRUE(payload.ok());
  EXPECT_THAT(payload->alerts, SizeIs(1));
  EXPECT_THAT(fault_of(R"({"status":"firing","labels":{"host":"box","service":"web",)"
                       R"("remediation":"restart"},"startsAt":"2026-01-31T12:00:00Z",)"
                       R"("fingerprint":"a"})"),
              HasSubstr("lacks the label host or container"));
}

}  // namespace
}  // namespace selfheal
