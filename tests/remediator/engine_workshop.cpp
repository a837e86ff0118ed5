#include "tests/remediator/engine_workshop.h"

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/exporter/eventually.h"

namespace selfheal {
namespace {

constexpr std::chrono::seconds kPatience{30};

// Nothing is waited for that is not the engine.
RemediatorSettings without_pauses() {
  RemediatorSettings settings;
  settings.guards.start_grace = settings.guards.create_grace = Milliseconds(0);
  settings.guards.cooldown = settings.guards.judge_again = Milliseconds(0);
  settings.incident.backoff_initial = Milliseconds(0);
  settings.verification.poll_interval = Milliseconds(20);
  return settings;
}

std::unique_ptr<Journal> opened(const std::string& path) {
  auto journal = Journal::open(path);
  if (!journal) throw std::runtime_error("the journal can't be opened");
  return *std::move(journal);
}

}  // namespace

EngineWorkshop::EngineWorkshop(DockerApi& docker, PrometheusApi& prometheus,
                               const std::string& journal, std::string container)
    : container_(std::move(container)),
      docker_(docker),
      hosts_({borrowed(docker_)}, clock_, Milliseconds(3'600'000)),
      settings_(without_pauses()),
      journal_(opened(journal)),
      recorder_(settings_, metrics_, [] {}),
      facts_reader_(hosts_, &prometheus),
      runner_(*journal_, hosts_, &prometheus, facts_reader_, recorder_, settings_, metrics_,
              clock_),
      intake_(*journal_, recorder_, settings_, metrics_, clock_, [](const auto&) {}) {
  docker_.outlives_its_user = true;  // the next process has it too
  hosts_.start(kPatience);
}

void EngineWorkshop::fire(const std::string& action) {
  deliver(AlertStatus::firing, action);
}

void EngineWorkshop::resolve() {
  deliver(AlertStatus::resolved, "restart");
}

void EngineWorkshop::deliver(AlertStatus status, const std::string& action) {
  ReceivedAlert alert;
  alert.status = status;
  alert.fingerprint = "f1";
  alert.starts_at = clock_.wall_now();
  alert.labels = {{"alertname", "ProbeFailing"},
                  {"host", hosts_.find("").engine_host},
                  {"container", container_},
                  {"group", container_},
                  {"remediation", action}};
  WebhookPayload payload;
  payload.alerts = {alert};
  EXPECT_TRUE(intake_.accept(payload)) << "the payload was not accepted";
}

void EngineWorkshop::pause(const std::string& container) {
  const PauseTarget target{PauseScope::container, hosts_.find("").engine_host, container};
  const auto written = journal_->write([&](JournalWriter& writer) {
    writer.begin_pause({target, "for a test", clock_.wall_now(), std::nullopt});
  });
  EXPECT_TRUE(written);
}

bool EngineWorkshop::run_until(const std::function<bool(const Incident&)>& there) {
  const bool came = eventually(
      [&] {
        const Incident now = incident();
        if (there(now)) return true;
        if (now.state == IncidentState::closed && !now.owes)
          throw std::runtime_error("over: " + now.detail);
        if (clock_.wall_now() >= std::max(now.next_at, again_at_.value_or(now.next_at)))
          again_at_ = runner_.step(now.id);
        return false;
      },
      kPatience);
  if (!came) ADD_FAILURE() << "it stands at: " << incident().reason << " " << incident().detail;
  return came;
}

bool EngineWorkshop::run_to_the_end(IncidentOutcome outcome) {
  return run_until([&](const Incident& now) { return now.outcome == outcome; });
}

bool EngineWorkshop::run_to_a_result(AttemptResult result) {
  return run_until([&](const Incident& now) {
    return !now.attempts.empty() && now.attempts.back().result == result;
  });
}

Incident EngineWorkshop::incident() {
  std::optional<Incident> last;
  const auto read = journal_->read([&](JournalReader& reader) {
    last = reader.last_incident(hosts_.find("").engine_host, container_);
  });
  if (!read || !last) throw std::runtime_error("there is no incident");
  return *last;
}

std::string EngineWorkshop::shared_network() {
  std::string told;
  const int64_t id = incident().id;
  const auto read = journal_->read([&](JournalReader& reader) {
    for (const DecisionRow& row : reader.decisions(id))
      if (row.reason == "shared_network") told += row.detail;
  });
  EXPECT_TRUE(read);
  return told;
}

}  // namespace selfheal
