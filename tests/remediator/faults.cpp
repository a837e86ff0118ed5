#include "tests/remediator/faults.h"

#include <thread>

namespace selfheal {
namespace {

constexpr Milliseconds kLook{100};

// Quick where the defaults make a test wait, as by default where a fault could make a busy loop.
constexpr const char* kConfig = R"(
guards: {start_grace: 0s, cooldown: 0s, host_budget: {per_hour: 1000},
         backoff: {initial: 200ms, jitter_percent: 0}}
escalation: {restart: [restart]}
verification: {settled: 0s}
prometheus: {timeout: 300ms}
evidence: {timeout: 100ms}
limits: {concurrent_attempts: 64}
)";

}  // namespace

FaultsTest::FaultsTest() {
  options_.listen_addresses = {"127.0.0.1:0"};
  options_.docker.host = "unix://" + engine_.socket_path();
  options_.prometheus_url = prometheus_.url();
  options_.journal_path = folder_.path("journal.db");
  options_.config_file = folder_.write("remediator.yml", kConfig);
}

void FaultsTest::start() {
  auto made = Remediator::create(options_, clock_);
  ASSERT_TRUE(made.ok()) << made.error().message;
  remediator_ = *std::move(made);
  const auto started = remediator_->start();
  ASSERT_TRUE(started.ok()) << started.error().message;
}

void FaultsTest::run_all(const std::vector<std::pair<std::string, Script>>& cases) {
  std::vector<std::thread> threads;
  threads.reserve(cases.size());
  for (const auto& [name, script] : cases)
    threads.emplace_back([&name = name, &script = script] {
      SCOPED_TRACE(name);
      script(name);
    });
  for (std::thread& thread : threads) thread.join();
}

int FaultsTest::fire(const std::string& container) {
  const std::string body =
      R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"ProbeFailing",)"
      R"("remediation":"restart","host":")" +
      host_ + R"(","container":")" + container +
      R"("},"startsAt":"2026-01-31T11:59:57Z","fingerprint":")" + container + "\"}]}";
  const auto answer = request(remediator_->port(), "POST", "/api/v1/alerts", body,
                              "Content-Type: application/json\r\n");
  return answer ? answer->status() : 0;
}

HttpText FaultsTest::get(const std::string& target) const {
  return request(remediator_->port(), "GET", target).value_or(HttpText{});
}

FaultsTest::Json FaultsTest::incident(const std::string& container) const {
  const Json listed =
      Json::parse(get("/api/v1/incidents?limit=1&container=" + container).body, nullptr, false);
  if (!listed.is_object() || listed["incidents"].empty()) return nullptr;
  const std::string id = std::to_string(listed["incidents"][0]["id"].get<int64_t>());
  return Json::parse(get("/api/v1/incidents/" + id).body, nullptr, false);
}

void FaultsTest::await(const std::string& what, const std::function<bool()>& wanted) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!wanted()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "waited in vain for " << what;
      return;
    }
    std::this_thread::sleep_for(kLook);
  }
}

FaultsTest::Json FaultsTest::await(const std::string& container, const std::string& what,
                                   const std::function<bool(const Json&)>& wanted) const {
  Json seen;
  await(what + " of " + container, [&] {
    seen = incident(container);
    return seen.is_object() && wanted(seen);
  });
  return seen;
}

FaultsTest::Json FaultsTest::await_state(const std::string& container,
                                         const std::string& state) const {
  return await(container, "the state " + state,
               [&](const Json& incident) { return incident["state"] == state; });
}

FaultsTest::Json FaultsTest::await_reason(const std::string& container,
                                          const std::string& reason) const {
  return await(container, "the reason " + reason,
               [&](const Json& incident) { return incident["reason"] == reason; });
}

void FaultsTest::await_action(const std::string& container) {
  fire(container);
  await("an action on " + container, [&] { return engine_.asked(container, Call::restart) > 0; });
}

FaultsTest::Json FaultsTest::expect_recovered(const std::string& container, size_t attempts,
                                              int starts) {
  await("the attempts on " + container, [&] {
    const Json seen = incident(container);
    return seen.is_object() && seen["attempts"].size() >= attempts && seen["state"] == "verifying";
  });
  prometheus_.set_healthy(container);
  const Json closed = await_state(container, "closed");
  EXPECT_EQ(closed["outcome"], "recovered") << closed.dump(1);
  EXPECT_EQ(closed["attempts"].size(), attempts) << closed["attempts"].dump(1);
  EXPECT_EQ(engine_.starts(container), starts) << "as often as was decided";
  expect_calm(container, closed);
  return closed;
}

void FaultsTest::expect_calm(const std::string& container, const Json& incident) const {
  EXPECT_LE(engine_.busiest_second(container), kMostInASecond);
  EXPECT_LE(prometheus_.busiest_second(container), kMostInASecond);
  EXPECT_LE(incident["decisions"].size(), kMostDecisions) << incident["decisions"].dump(1);
}

void FaultsTest::expect_decision(const Json& incident, const std::string& reason,
                                 const std::string& words) {
  for (const Json& decision : incident["decisions"]) {
    if (decision["reason"] != reason) continue;
    EXPECT_THAT(decision["detail"].get<std::string>(), testing::HasSubstr(words));
    return;
  }
  ADD_FAILURE() << "no decision says " << reason << ": " << incident["decisions"].dump(1);
}

}  // namespace selfheal
