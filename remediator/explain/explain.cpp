#include "remediator/explain/explain.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "common/base/log.h"
#include "common/base/program.h"
#include "common/base/time_text.h"
#include "remediator/addresses.h"
#include "remediator/explain/decision_now.h"
#include "remediator/explain/delivery_history.h"

namespace selfheal {
namespace {

std::optional<std::string> read_all(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// What the flags come to.
struct Question {
  WebhookPayload payload;
  RemediatorSettings settings;
  WallTime at;
  bool of_the_past = false;
  std::unique_ptr<Journal> journal;  // null without --journal
  std::vector<EngineAddress> engines;
  std::string prometheus_url;
};

Result<Question> read_question(const ExplainOptions& options, const RemediatorOptions& remediator,
                               const Clock& clock) {
  Question question;
  const auto text = read_all(options.payload_file);
  if (!text) return Error{options.payload_file + ": can't be read"};
  auto payload = parse_webhook(*text);
  if (!payload) return Error{options.payload_file + ": " + payload.error().message};
  question.payload = *std::move(payload);
  auto settings = read_config(remediator.config_file);
  if (!settings) return settings.error();
  question.settings = *std::move(settings);
  question.settings.guards.dry_run = remediator.dry_run;
  const WallTime now = clock.wall_now();
  const auto at = options.at.empty() ? now : parse_rfc3339(options.at);
  if (!at) return Error{"--at: \"" + options.at + "\" is not a time such as 2026-01-31T12:00:00Z"};
  question.at = *at;
  if (!options.journal.empty()) {
    auto opened = Journal::open_read_only(options.journal);
    if (!opened) return opened.error();
    question.journal = *std::move(opened);
    question.of_the_past = *at < now;
  }
  auto engines = engine_addresses(remediator.docker, question.settings.docker_hosts);
  if (!engines) return engines.error();
  question.engines = *std::move(engines);
  auto prometheus_url = optional_base_url("--prometheus.url", remediator.prometheus_url);
  if (!prometheus_url) return prometheus_url.error();
  question.prometheus_url = *std::move(prometheus_url);
  return question;
}

// In the payload's order; of each that the journal knows nothing of, nothing.
Result<std::vector<std::optional<Explanation>>, JournalFault> explain_past(
    const Question& question) {
  std::vector<std::optional<Explanation>> found;
  const auto read = question.journal->read([&](JournalReader& reader) {
    DeliveryHistory history(reader, question.at, question.settings.incident);
    for (const ReceivedAlert& alert : question.payload.alerts)
      found.push_back(history.explain(alert));
  });
  if (!read) return read.error();
  return found;
}

int fault(const JournalFault& what) {
  std::cerr << what.message << '\n';
  return kExitFailed;
}

// Docker and Prometheus are asked only where the journal does not tell.
int answer(const Question& question, bool json, const Clock& clock) {
  const std::vector<ReceivedAlert>& alerts = question.payload.alerts;
  std::vector<std::optional<Explanation>> found(alerts.size());
  if (question.of_the_past) {
    auto past = explain_past(question);
    if (!past) return fault(past.error());
    found = *std::move(past);
  }
  std::unique_ptr<DecisionNow> now;
  for (size_t i = 0; i < alerts.size(); ++i) {
    if (!found[i]) {
      if (!now)
        now = std::make_unique<DecisionNow>(question.engines, question.prometheus_url,
                                            question.journal.get(), question.settings, clock);
      auto decided = now->explain(alerts[i], question.at);
      if (!decided) return fault(decided.error());
      found[i] = *std::move(decided);
    }
    std::cout << (json ? to_json(alerts[i], *found[i]) : to_text(alerts[i], *found[i])) << '\n';
  }
  for (const std::string& what : question.payload.unreadable)
    (json ? std::cerr : std::cout) << "unreadable: " << what << '\n';
  return kExitDone;
}

}  // namespace

int explain(const ExplainOptions& options, const RemediatorOptions& remediator,
            const Clock& clock) {
  const auto question = read_question(options, remediator, clock);
  if (!question) {
    std::cerr << question.error().message << '\n';
    return kExitBadUsage;
  }
  log::configure(log::Level::error, log::Format::logfmt);  // what is asked for is on stdout
  return answer(*question, options.json, clock);
}

}  // namespace selfheal
