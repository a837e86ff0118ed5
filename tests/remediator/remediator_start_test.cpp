// Its start, its reload and its end, and what is wrong before it starts.
#include "common/base/log.h"
#include "tests/remediator/remediator_fixture.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST_F(RemediatorTest, MetricsMayTakeThePlaceOfTheLandingPage) {
  options_.telemetry_path = "/";
  start();
  EXPECT_THAT(get("/").body, HasSubstr("selfheal_remediator_build_info"));
  EXPECT_EQ(get("/metrics").status(), 404);
}

TEST_F(RemediatorTest, MetricsTakeThePlaceOfNoOtherPage) {
  for (const char* taken : {"/config", "/-/ready", "/api/v1/incidents", "/api/v1/incidents/1"}) {
    options_.telemetry_path = taken;
    const auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    const Outcome<> started = (*made)->start();
    ASSERT_FALSE(started.ok()) << taken;
    EXPECT_THAT(started.error().message, HasSubstr(std::string("--web.telemetry-path ") + taken));
  }
}

TEST_F(RemediatorTest, ReloadsOverHttpWhereThatIsAllowed) {
  start();
  EXPECT_EQ(post("/-/reload").status(), 403);
  remediator_.reset();
  options_.enable_lifecycle = true;
  start();
  folder_.write("remediator.yml", "guards: {max_attempts: 7}\n");
  EXPECT_EQ(post("/-/reload").status(), 200);
  EXPECT_THAT(get("/config").body, HasSubstr("max_attempts: 7"));
  folder_.write("remediator.yml", "guards: {max_attempts: lots}\n");
  const HttpText failed = post("/-/reload");
  EXPECT_EQ(failed.status(), 500);
  EXPECT_THAT(failed.body, HasSubstr("remediator.yml:1: guards.max_attempts"));
  EXPECT_THAT(get("/config").body, HasSubstr("max_attempts: 7")) << "what was loaded before stays";
  EXPECT_THAT(get("/metrics").body, HasSubstr("config_last_reload_successful 0"));
}

TEST_F(RemediatorTest, AReloadTakesTheNewToken) {
  options_.webhook_token_file = folder_.write("token", "old\n");
  start();
  const auto status_with = [&](const std::string& token) {
    return post("/api/v1/alerts", firing("gone"), "Authorization: Bearer " + token + "\r\n")
        .status();
  };
  EXPECT_EQ(status_with("old"), 200);
  folder_.write("token", "new\n");
  ASSERT_TRUE(remediator_->reload().ok());
  EXPECT_EQ(status_with("old"), 401);
  EXPECT_EQ(status_with("new"), 200);
  folder_.write("token", "");
  EXPECT_FALSE(remediator_->reload().ok());
  EXPECT_EQ(status_with("new"), 200) << "an empty token lets nobody else in";
}

TEST_F(RemediatorTest, StopsTwice) {
  start();
  remediator_->stop();
  remediator_->stop();
}

TEST_F(RemediatorTest, WarnsOfLinksThatLeadNowhere) {
  const auto warns = [&] {
    log::configure(log::Level::warn, log::Format::logfmt);
    testing::internal::CaptureStderr();
    EXPECT_TRUE(Remediator::create(options_, clock_).ok());
    return testing::internal::GetCapturedStderr().find("no --web.external-url") !=
           std::string::npos;
  };
  EXPECT_FALSE(warns()) << "nobody is told";
  options_.alertmanager_urls = {"http://127.0.0.1:9093"};
  EXPECT_TRUE(warns());
  options_.external_url = "https://selfheal.example";
  EXPECT_FALSE(warns());
  options_.external_url.clear();
  options_.webhook_token_file = folder_.write("token", "secret\n");
  EXPECT_TRUE(warns());
  options_.listen_addresses = {":0"};
  EXPECT_FALSE(warns());
}

TEST_F(RemediatorTest, SaysWhatIsWrongBeforeItStarts) {
  RemediatorOptions good = options_;
  options_.config_file = folder_.write("bad.yml", "nonsense: 1\n");
  EXPECT_THAT(refusal(), HasSubstr("bad.yml:1: nonsense"));
  options_ = good;
  options_.webhook_token_file = folder_.path("none");
  EXPECT_THAT(refusal(), HasSubstr("the token can't be read"));
  options_ = good;
  options_.docker.host = "ssh://box";
  EXPECT_THAT(refusal(), HasSubstr("--docker.host: ssh:// would take"));
  options_ = good;
  options_.alertmanager_urls = {"http://box:9093", "box:9093"};
  EXPECT_THAT(refusal(), HasSubstr("--alertmanager.url: \"box:9093\""));
  options_ = good;
  options_.prometheus_url = "user:secret@box:9090";
  EXPECT_THAT(refusal(), HasSubstr("--prometheus.url: \"user:***@box:9090\""));
  options_ = good;
  options_.external_url = "box";
  EXPECT_THAT(refusal(), HasSubstr("--web.external-url: \"box\""));
  options_ = good;
  options_.listen_addresses = {"0.0.0.0:0"};
  EXPECT_THAT(refusal(), HasSubstr("needs a --webhook.token-file"));
  options_ = good;
  options_.journal_path = folder_.path("none/journal.db");
  EXPECT_THAT(refusal(), HasSubstr("none/journal.db"));
  options_ = good;
  start();
  EXPECT_THAT(refusal(), HasSubstr("another selfheal-remediator"));
  options_.journal_path = folder_.path("second.db");
  options_.listen_addresses = {"127.0.0.1:" + std::to_string(remediator_->port())};
  auto second = Remediator::create(options_, clock_);
  ASSERT_TRUE(second.ok());
  EXPECT_THAT((*second)->start().error().message, HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace selfheal
