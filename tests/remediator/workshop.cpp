#include "tests/remediator/workshop.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <prometheus/text_serializer.h>

#include "remediator/incident/target.h"

namespace selfheal {
namespace {

constexpr std::chrono::seconds kRepeatInterval{15};
constexpr Milliseconds kLongestWait{20'000};

void demand(bool fine, const std::string& what) {
  if (!fine) throw std::runtime_error(what);
}

}  // namespace

Workshop::Workshop(Policy policy) {
  docker.add("web");
  hosts.start(kLongestWait);
  auto opened = Journal::open(folder.path("journal.db"));
  demand(opened.ok(), "the journal can't be opened");
  journal = *std::move(opened);
  clock_keeper = std::make_unique<ClockKeeper>(*journal, journal_clock, metrics);
  PrometheusApi* asked = policy == Policy::by_prometheus ? &prometheus : nullptr;
  facts_reader = std::make_unique<FactsReader>(hosts, asked);
  runner = std::make_unique<AttemptRunner>(*journal, hosts, asked, *facts_reader, recorder,
                                           settings, metrics, journal_clock);
  intake = std::make_unique<AlertIntake>(*journal, recorder, settings, metrics, journal_clock,
                                         [this](const std::vector<int64_t>& ids) {
                                           woken_.insert(woken_.end(), ids.begin(), ids.end());
                                         });
}

ReceivedAlert Workshop::alert(AlertStatus status, WallTime starts_at, const std::string& action) {
  ReceivedAlert made;
  made.status = status;
  made.fingerprint = "f1";
  made.starts_at = starts_at;
  made.labels = {{"alertname", "ProbeFailing"},
                 {"host", "box"},
                 {"container", "web"},
                 {"group", "shop/web"},
                 {"remediation", action}};
  return made;
}

ReceivedAlert Workshop::told(AlertStatus status, WallTime starts_at,
                             const std::string& action) const {
  ReceivedAlert made = alert(status, starts_at, action);
  made.labels["container"] = container;
  if (service.empty()) return made;
  made.labels.erase("container");
  made.labels.erase("group");
  made.labels["service"] = service;
  return made;
}

IntakeCounts Workshop::accept(std::vector<ReceivedAlert> alerts) {
  WebhookPayload payload;
  payload.alerts = std::move(alerts);
  const auto counts = intake->accept(payload);
  demand(counts.ok(), "the payload was not accepted");
  return *counts;
}

std::vector<int64_t> Workshop::fire(std::chrono::nanoseconds ago, const std::string& action) {
  woken_.clear();
  last_fired_ = told(AlertStatus::firing, clock.wall_now() - ago, action);
  last_delivery_ = journal_clock.wall_now();
  accept({*last_fired_});
  if (!woken_.empty()) again_at_.reset();
  return woken_;
}

std::vector<int64_t> Workshop::resolve(std::chrono::nanoseconds ago) {
  woken_.clear();
  last_fired_.reset();
  accept({told(AlertStatus::resolved, clock.wall_now() - ago,
               service.empty() ? "restart" : "service-update")});
  if (!woken_.empty()) again_at_.reset();
  return woken_;
}

std::optional<WallTime> Workshop::step() {
  const int64_t id = incident().id;
  again_at_ = runner->step(id);
  return again_at_;
}

void Workshop::keep_clock() {
  const WallTime before = journal_clock.wall_now();
  if (!clock_keeper->keep()) return;
  again_at_.reset();
  last_delivery_ += journal_clock.wall_now() - before;
}

void Workshop::run(std::chrono::nanoseconds duration) {
  keep_clock();
  const WallTime end = journal_clock.wall_now() + duration;
  for (;;) {
    const Incident now_incident = incident();
    WallTime next = end + std::chrono::hours(1);
    if (now_incident.state != IncidentState::closed || now_incident.owes)
      next = std::max(now_incident.next_at, again_at_.value_or(now_incident.next_at));
    const WallTime repeat = last_delivery_ + kRepeatInterval;
    const bool repeat_is_next = repeats && last_fired_ && repeat < next;
    if (repeat_is_next) next = repeat;
    if (next > end) break;
    if (next > journal_clock.wall_now()) clock.advance(next - journal_clock.wall_now());
    if (repeat_is_next) {
      last_delivery_ = journal_clock.wall_now();
      accept({*last_fired_});
    } else {
      step();
    }
  }
  if (end > journal_clock.wall_now()) clock.advance(end - journal_clock.wall_now());
}

Incident Workshop::incident() {
  std::optional<Incident> last;
  const std::string target = service.empty() ? container : service_target(service);
  const auto look = [&](JournalReader& reader) { last = reader.last_incident("box", target); };
  demand(journal->read(look).ok(), "the journal can't be read");
  demand(last.has_value(), "there is no incident");
  return *last;
}

std::vector<DecisionRow> Workshop::decisions() {
  std::vector<DecisionRow> all;
  const int64_t id = incident().id;
  demand(journal->read([&](JournalReader& reader) { all = reader.decisions(id); }).ok(),
         "the journal can't be read");
  return all;
}

std::vector<OutcomeRow> Workshop::outbox() {
  std::vector<OutcomeRow> rows;
  demand(
      journal->read([&](JournalReader& reader) { rows = reader.untold_outcomes(1'000'000); }).ok(),
      "the journal can't be read");
  return rows;
}

std::vector<std::string> Workshop::outcomes() {
  std::vector<std::string> told;
  for (const OutcomeRow& row : outbox())
    told.push_back(std::string(to_string(row.message.kind)) + " " + row.message.attempts);
  return told;
}

std::string Workshop::metrics_text() const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, metrics.collectable().Collect());
  return text.str();
}

void Workshop::pause(const PauseTarget& target) {
  const auto written = journal->write([&](JournalWriter& writer) {
    writer.begin_pause({target, "moving house", clock.wall_now(), std::nullopt});
  });
  demand(written.ok(), "nothing can be paused");
}

void Workshop::resume(const PauseTarget& target) {
  const auto written =
      journal->write([&](JournalWriter& writer) { writer.end_pause(target, clock.wall_now()); });
  demand(written.ok(), "no pause can be ended");
}

void Workshop::break_journal() {
  SqliteConnection(folder.path("journal.db"), SqliteConnection::Mode::read_write)
      .execute(
          "CREATE TRIGGER broken BEFORE INSERT ON incident "
          "BEGIN SELECT raise(ABORT, 'the disk is full'); END");
}

void Workshop::mend_journal() {
  SqliteConnection(folder.path("journal.db"), SqliteConnection::Mode::read_write)
      .execute("DROP TRIGGER broken");
}

}  // namespace selfheal
