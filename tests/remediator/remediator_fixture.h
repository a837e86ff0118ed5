// The remediator as main() wires it, in this process, beside an engine of one container.
#pragma once

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remediator/remediator.h"
#include "tests/support/fake_engine.h"
#include "tests/support/http_peer.h"

namespace selfheal {

inline std::string web_started_at(const std::string& time) {
  return http_response(
      200, R"({"Id":"aa","Name":"/web","State":{"Status":"running","StartedAt":")" + time +
               R"("},"Config":{"Labels":{"selfheal.enable":"true"}}})");
}

class RemediatorTest : public testing::Test {
 protected:
  using Json = nlohmann::json;

  RemediatorTest() {
    engine_.answer("GET /info", {http_response(200, R"({"Name":"box","ServerVersion":"20.10"})")});
    engine_.answer("GET /containers/web/json", {web_started_at("2026-01-31T11:00:00Z")});
    engine_.answer("GET /containers/aa/json", {web_started_at("2026-01-31T11:00:00Z")});
    engine_.answer("POST /containers/aa/restart", {http_response(204, "")});
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.docker.host = "unix://" + engine_.socket_path();
    options_.journal_path = folder_.path("journal.db");
    options_.config_file = folder_.write("remediator.yml", "verification: {settled: 0s}\n");
  }
  void start() {
    auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    remediator_ = *std::move(made);
    const auto started = remediator_->start();
    ASSERT_TRUE(started.ok()) << started.error().message;
  }
  std::string refusal() {
    const auto made = Remediator::create(options_, clock_);
    return made ? "" : made.error().message;
  }
  HttpText get(const std::string& target) {
    return request(remediator_->port(), "GET", target).value_or(HttpText{});
  }
  HttpText post(const std::string& target, const std::string& body = "",
                const std::string& headers = "Content-Type: application/json\r\n") {
    return request(remediator_->port(), "POST", target, body, headers).value_or(HttpText{});
  }
  static std::string firing(const std::string& container) {
    return R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"ProbeFailing",)"
           R"("host":"box","remediation":"restart","container":")" +
           container + R"("},"startsAt":"2026-01-31T11:59:57Z","fingerprint":"f"}]})";
  }

  SystemClock clock_;
  TempFolder folder_;
  FakeEngine engine_{"1.12", "1.41"};
  RemediatorOptions options_;
  std::unique_ptr<Remediator> remediator_;
};

inline constexpr const char* kJson = "Content-Type: application/json\r\n";

}  // namespace selfheal
