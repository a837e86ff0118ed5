#include "bench/load/alert_payload.h"

#include <set>

#include <gtest/gtest.h>

#include "remediator/intake/alert_parser.h"

namespace selfheal::bench {
namespace {

const WallTime kStart = WallTime(std::chrono::seconds(1'800'000'000));

TEST(AlertPayload, IsWhatTheRemediatorTakes) {
  const auto payload = parse_webhook(webhook_payload({17, 0, kStart}));
  ASSERT_TRUE(payload);
  EXPECT_TRUE(payload->unreadable.empty());
  ASSERT_EQ(payload->alerts.size(), 1u);
  const ReceivedAlert& alert = payload->alerts[0];
  EXPECT_TRUE(alert.wants_remediation());
  EXPECT_EQ(alert.status, AlertStatus::firing);
  EXPECT_EQ(alert.label("container"), "web-17");
  EXPECT_EQ(alert.label("host"), kHost);
  EXPECT_EQ(alert.starts_at, kStart);
}

TEST(AlertPayload, EachAlertOfEachContainerHasAFingerprintOfItsOwn) {
  std::set<std::string> fingerprints;
  for (int container = 0; container < 100; ++container)
    for (int kind = 0; kind < 2; ++kind)
      fingerprints.insert(
          parse_webhook(webhook_payload({container, kind, kStart}))->alerts[0].fingerprint);
  EXPECT_EQ(fingerprints.size(), 200u);
}

TEST(AlertPayload, TheRequestSaysHowLongItsBodyIs) {
  const FiringAlert alert{1, 0, kStart};
  const std::string request = webhook_request(alert, "secret");
  const std::string body = webhook_payload(alert);
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + body));
  EXPECT_NE(request.find("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"),
            std::string::npos);
  EXPECT_NE(request.find("\r\nAuthorization: Bearer secret\r\n"), std::string::npos);
  EXPECT_EQ(webhook_request(alert, "").find("Authorization"), std::string::npos);
}

}  // namespace
}  // namespace selfheal::bench
