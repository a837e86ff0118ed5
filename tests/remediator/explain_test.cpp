#include "remediator/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/flags.h"
#include "tests/remediator/samples.h"
#include "tests/support/fake_engine.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    engine_.answer("GET /info", {http_response(200, R"({"Name":"box","ServerVersion":"20.10"})")});
    engine_.answer("GET /containers/web/json",
                   {http_response(200, R"({"Id":"aa","Name":"/web","State":{"Status":"running"},)"
                                       R"("Config":{"Labels":{"monitored":"true"}}})")});
    remediator_.docker.host = "unix://" + engine_.socket_path();
  }
  int explain_text(const std::string& payload) {
    options_.payload_file = folder_.write("payload.json", payload);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = explain(options_, remediator_, clock_);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return status;
  }
  static std::string payload(const std::string& labels, const std::string& status = "firing") {
    return R"({"version":"4","alerts":[{"status":")" + status + R"(","labels":{)" + labels +
           R"(},"startsAt":"2026-01-31T11:59:57Z","fingerprint":"f1"}]})";
  }
  static std::string of(const std::string& container) {
    return R"("alertname":"A","host":"box","remediation":"restart","container":")" + container +
           "\"";
  }

  ManualClock clock_;
  TempFolder folder_;
  FakeEngine engine_{"1.12", "1.41"};
  ExplainOptions options_;
  RemediatorOptions remediator_;
  std::string out_, err_;
};

TEST_F(ExplainTest, TellsWhatWouldBeDoneAndDoesNothing) {
  EXPECT_EQ(explain_text(payload(of("web"))), kExitDone) << err_;
  EXPECT_EQ(out_, "A box/web: act (restart)\n");
  EXPECT_EQ(engine_.count("POST"), 0);
}

TEST_F(ExplainTest, TellsWhyNot) {
  EXPECT_EQ(explain_text(payload(of("gone"))), kExitDone);
  EXPECT_THAT(out_, HasSubstr("A box/gone: refuse (no_such_container"));
  remediator_.dry_run = true;
  explain_text(payload(of("web")));
  EXPECT_THAT(out_, HasSubstr("refuse (dry_run"));
  explain_text(payload(of("web"), "resolved"));
  EXPECT_THAT(out_, HasSubstr("withdraw"));
  explain_text(payload(R"("alertname":"Slow")"));
  EXPECT_THAT(out_, HasSubstr("ignore (for people"));
  explain_text(payload(R"("remediation":"restart")"));
  EXPECT_THAT(out_, HasSubstr("unreadable: alert 0"));
}

TEST_F(ExplainTest, ReadsWhatHappenedBeforeFromAJournal) {
  options_.journal = folder_.path("journal.db");
  const IncidentSettings settings;
  const auto journal = Journal::open(options_.journal);
  ASSERT_TRUE(journal.ok());
  const auto save = [&](Incident incident) {
    ASSERT_TRUE((*journal)->write([&](JournalWriter& writer) { writer.save(incident); }).ok());
  };
  Incident incident = waiting_incident();
  apply(incident, attempt_on(), kNow, settings);
  incident.id = 1;
  save(incident);
  explain_text(payload(of("web")));
  EXPECT_THAT(out_, HasSubstr("go on (an attempt is under way: acting)"));
  apply(incident, AttemptFailed{AttemptResult::no_effect, ""}, kNow, settings);
  save(incident);
  explain_text(payload(of("web")));
  EXPECT_THAT(out_, HasSubstr("wait (backoff"));
  options_.at = "2026-01-31T12:00:31Z";
  explain_text(payload(of("web")));
  EXPECT_THAT(out_, HasSubstr("act (kill)")) << "the restart did not help";
  options_.at.clear();
  apply(incident, attempt_on(), kNow, settings);
  apply(incident, Acted{kNow}, kNow, settings);
  apply(incident, Verified{}, kNow, settings);
  save(incident);
  explain_text(payload(of("web")));
  EXPECT_THAT(out_, HasSubstr("ignore (this failure was closed as recovered already)"));
}

TEST_F(ExplainTest, SaysWhatItCantRead) {
  EXPECT_EQ(explain_text("not json"), kExitBadUsage);
  EXPECT_THAT(err_, HasSubstr("payload.json: the body is not JSON"));
  options_.at = "noon";
  EXPECT_EQ(explain_text(payload(of("web"))), kExitBadUsage);
  EXPECT_THAT(err_, HasSubstr("--at: \"noon\""));
  options_.at.clear();
  options_.journal = folder_.path("none.db");
  EXPECT_EQ(explain_text(payload(of("web"))), kExitBadUsage);
  EXPECT_THAT(err_, HasSubstr("none.db"));
  options_.journal.clear();
  remediator_.config_file = folder_.path("none.yml");
  EXPECT_EQ(explain_text(payload(of("web"))), kExitBadUsage);
  remediator_.config_file.clear();
  options_.payload_file = folder_.path("none.json");
  EXPECT_EQ(explain(options_, remediator_, clock_), kExitBadUsage);
}

}  // namespace
}  // namespace selfheal
