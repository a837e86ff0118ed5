// What the running remediator keeps out, keeps to itself, and bears: over real sockets.
#include <thread>
#include <vector>

#include "common/base/log.h"
#include "tests/remediator/remediator_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kToken = "Authorization: Bearer t0psecret-token\r\n";
const std::string kGuess = "Authorization: Bearer t0psecret-guess\r\n";

class RemediatorSecurityTest : public RemediatorTest {
 protected:
  RemediatorSecurityTest() {
    engine_.answer("GET /containers/json",
                   {http_response(200, R"([{"Id":"aa","Names":["/web"],"State":"running",)"
                                       R"("Labels":{"selfheal.group":"shop/web"}}])")});
    options_.webhook_token_file = folder_.write("token", "t0psecret-token\n");
  }
};

// Mistyped, it would hold nothing.
TEST_F(RemediatorSecurityTest, APauseOfWhatThereIsNotIsRefusedUnlessItSaysSo) {
  start();
  for (const auto& [scope, name, status] : {std::tuple{"container", "web", 200},
                                            {"container", "wbe", 404},
                                            {"container", "aa", 404},  // its id
                                            {"group", "shop/web", 200},
                                            {"group", "shop/wbe", 404}}) {
    Json body{{"scope", scope}, {"host", "box"}, {"name", name}};
    const HttpText answer = post("/api/v1/pause", body.dump(), kJson + kToken);
    EXPECT_EQ(answer.status(), status) << answer.body;
    if (status == 200) continue;
    EXPECT_THAT(answer.body, HasSubstr(std::string("there is no ") + scope + " " + name));
    body["ahead"] = true;
    EXPECT_EQ(post("/api/v1/pause", body.dump(), kJson + kToken).status(), 200) << name;
  }
}

TEST_F(RemediatorSecurityTest, ThisMachineIsToldThatItsTokenIsWrongAndNotLockedOut) {
  start();
  for (int i = 0; i < 3 * LoginLimit::kBurst; ++i)
    EXPECT_EQ(post("/api/v1/alerts", firing("gone"), kGuess).status(), 401);
  EXPECT_EQ(post("/api/v1/alerts", firing("gone"), kToken).status(), 200);
  EXPECT_THAT(get("/metrics").body,
              HasSubstr("\nselfheal_remediator_web_logins_limited_total 0\n"));
}

// A path is not UTF-8 because somebody sends it.
TEST_F(RemediatorSecurityTest, AnswersAreJsonWhateverIsAsked) {
  start();
  for (const char* path :
       {"/api/v1/containers/box/%ff%fe/reset", "/api/v1/containers/%c3%28/web/reset"}) {
    const HttpText answer = post(path, "{}", kJson + kToken);
    EXPECT_EQ(answer.status(), 404) << path;
    EXPECT_TRUE(Json::parse(answer.body).contains("error")) << path;
  }
}

// Idle ones, headers that never end, bodies that never come, all without the token.
TEST_F(RemediatorSecurityTest, FortyEightWhoHoldTheirConnectionsDoNotHoldUpAnAlert) {
  start();
  const std::string head = "POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\n";
  const std::vector<std::string> beginnings{
      "", head + "X-Long: ", head + kGuess + "Content-Length: 1000\r\n\r\n"};
  std::vector<std::unique_ptr<HttpPeer>> peers;
  for (size_t i = 0; i < 48; ++i) {
    peers.push_back(std::make_unique<HttpPeer>(remediator_->port()));
    peers.back()->send(beginnings[i % beginnings.size()]);
  }
  for (int i = 0; i < 20; ++i) {
    for (auto& peer : peers) peer->send("a");
    const SteadyTime begun = clock_.steady_now();
    EXPECT_EQ(post("/api/v1/alerts", firing("gone"), kToken).status(), 200);
    EXPECT_LT(clock_.steady_now() - begun, Milliseconds(1000)) << "alert " << i;
  }
}

TEST_F(RemediatorSecurityTest, SecretsAreInNoLogAndOnNoPage) {
  engine_.answer("POST /containers/aa/restart", {http_response(500, R"({"message":"no"})")});
  options_.config_file = folder_.write("remediator.yml", "guards: {max_attempts: 1}\n");
  options_.alertmanager_urls = {"http://user:t0psecret-alertmanager@127.0.0.1:1"};
  log::configure(log::Level::debug, log::Format::logfmt);
  testing::internal::CaptureStderr();
  start();
  EXPECT_EQ(post("/api/v1/alerts", firing("gone"), kGuess).status(), 401);
  EXPECT_EQ(post("/api/v1/alerts", firing("web"), kToken).status(), 200);
  while (get("/metrics").body.find("\nselfheal_remediator_outcome_posts_failed_total 0") !=
         std::string::npos)
    std::this_thread::sleep_for(Milliseconds(20));
  ASSERT_TRUE(remediator_->reload().ok());
  std::string shown;
  for (const char* path : {"/", "/config", "/metrics", "/incidents/1", "/api/v1/incidents/1",
                           "/api/v1/containers", "/-/ready", "/-/reload"})
    shown += get(path).body;
  remediator_->stop();
  const std::string log = testing::internal::GetCapturedStderr();
  log::configure(log::Level::info, log::Format::logfmt);
  EXPECT_THAT(log, HasSubstr("webhook refused"));
  EXPECT_THAT(log, Not(HasSubstr("t0psecret")));
  EXPECT_THAT(shown, Not(HasSubstr("t0psecret")));
}

}  // namespace
}  // namespace selfheal
