#include "remediator/explain/decision_now.h"

#include "common/docker/docker_client.h"
#include "remediator/act/service_attempts.h"

namespace selfheal {
namespace {

constexpr Milliseconds kNeverAgain{60'000};  // asked once, explain is done long before
constexpr Milliseconds kFirstAnswer{20'000};

std::unique_ptr<PrometheusClient> client_of(const std::string& url, Milliseconds timeout,
                                            const Clock& clock) {
  if (url.empty()) return nullptr;
  return std::make_unique<PrometheusClient>(url, timeout, clock);
}

std::vector<NamedEngine> clients_of(const std::vector<EngineAddress>& engines, const Clock& clock) {
  std::vector<NamedEngine> clients;
  for (const EngineAddress& engine : engines)
    clients.push_back(
        {engine.name, engine.url, std::make_shared<DockerClient>(engine.address, clock)});
  return clients;
}

DecisionRow row_of(const Decision& decision, const Facts& facts) {
  const bool acts = decision.verdict == Verdict::act;
  return {facts.now, std::string(to_string(decision.verdict)),
          std::string(to_string(decision.reason)), acts ? to_text(decision.step) : decision.detail,
          to_json(facts)};
}

}  // namespace

DecisionNow::DecisionNow(const std::vector<EngineAddress>& engines,
                         const std::string& prometheus_url, Journal* journal,
                         const RemediatorSettings& settings, const Clock& clock)
    : journal_(journal),
      settings_(settings),
      prometheus_(client_of(prometheus_url, settings.prometheus_timeout, clock)),
      hosts_(clients_of(engines, clock), clock, kNeverAgain),
      facts_reader_(hosts_, prometheus_.get()) {
  hosts_.start(kFirstAnswer);
}

Result<Explanation, JournalFault> DecisionNow::explain(const ReceivedAlert& alert, WallTime now) {
  Delivery delivery;
  Surroundings around;
  const auto look = [&](JournalReader* reader) {
    delivery = deliver_to(reader, alert, now, settings_.incident);
    if (reader != nullptr && delivery.incident)
      around = reader->surroundings(*delivery.incident, now);
  };
  if (journal_ == nullptr) {
    look(nullptr);
  } else if (const auto read = journal_->read([&](JournalReader& reader) { look(&reader); });
             !read) {
    return read.error();
  }
  const std::optional<Incident>& incident = delivery.incident;
  Explanation explanation{delivery.kind, false, incident ? incident->id : 0, {}, {}};
  if (incident && incident->attempt_under_way()) explanation.under_way = incident->state;
  const bool judged =
      incident && incident->state == IncidentState::waiting && alert.status == AlertStatus::firing;
  if (!judged) return explanation;
  Facts facts = facts_reader_.read(*incident, std::move(around), now, settings_.incident);
  if (journal_ != nullptr) {
    const auto added = journal_->read(
        [&](JournalReader& reader) { add_service(facts, *incident, reader, settings_); });
    if (!added) return added.error();
  }
  explanation.decision = row_of(decide(facts, settings_.guards), facts);
  return explanation;
}

}  // namespace selfheal
