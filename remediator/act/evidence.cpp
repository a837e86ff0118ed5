#include "remediator/act/evidence.h"

#include <algorithm>
#include <functional>
#include <system_error>
#include <thread>

#include "common/base/log.h"

namespace selfheal {
namespace {

// From Docker comes more than is kept: secrets in it take less as ***.
constexpr size_t kLogSurplus = 2;

// A look at each takes 0.2 ms.
constexpr size_t kMostTasksLookedAt = 32;

const Error kNoTimeLeft{"there was no time left"};

const std::string& message_of(const DockerFailure& failure) {
  return failure.message;
}
const std::string& message_of(const Error& error) {
  return error.message;
}

// At the same time, so that none waits for another that hangs. Where there is no thread to be had,
// one after the other: each knows by when it is to be over.
void run_together(const std::vector<std::function<void()>>& tasks) {
  std::vector<std::thread> threads;
  threads.reserve(tasks.size());
  for (const auto& task : tasks) {
    try {
      threads.emplace_back(task);
    } catch (const std::system_error&) {
      task();
    }
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

EvidenceKeeper::EvidenceKeeper(Journal& journal, PrometheusApi* prometheus, const Clock& clock)
    : journal_(journal), prometheus_(prometheus), clock_(clock) {}

std::optional<Milliseconds> EvidenceKeeper::left_until(SteadyTime deadline) const {
  const auto left = std::chrono::duration_cast<Milliseconds>(deadline - clock_.steady_now());
  if (left < Milliseconds(1)) return std::nullopt;  // a timeout of 0 would mean none
  return left;
}

template <class T, class Ask>
Result<T> EvidenceKeeper::in_time(SteadyTime deadline, Ask ask) const {
  const auto left = left_until(deadline);
  if (!left) return kNoTimeLeft;
  auto answer = ask(*left);
  if (!answer) return Error{message_of(answer.error())};
  return *std::move(answer);
}

void EvidenceKeeper::ask_prometheus(Evidence& evidence, const EvidenceSettings& settings,
                                    SteadyTime deadline) const {
  using Samples = std::vector<PromSample>;
  for (const auto& [name, query] : settings.queries) {
    if (prometheus_ == nullptr) {
      evidence.queries.emplace_back(name, Error{"there is no --prometheus.url"});
      continue;
    }
    const std::string filled = filled_query(query, evidence.host, evidence.container.name);
    evidence.queries.emplace_back(name, in_time<Samples>(deadline, [&](Milliseconds left) {
                                    return prometheus_->query_within(filled, left);
                                  }));
  }
}

Evidence EvidenceKeeper::collect(DockerApi& docker, const Incident& incident,
                                 const ContainerDetails& container,
                                 const EvidenceSettings& settings) const {
  const SteadyTime begun = clock_.steady_now();
  const SteadyTime deadline = begun + settings.timeout;
  Evidence evidence;
  evidence.host = incident.host;
  evidence.group = incident.group;
  if (const IncidentAlert* alert = incident.newest_firing()) evidence.alert = *alert;
  evidence.container = container;
  const LogTail tail{settings.log_lines, kLogSurplus * static_cast<size_t>(settings.max_bytes),
                     container.has_terminal};
  std::vector<std::function<void()>> tasks{[&] {
    evidence.log = in_time<LogText>(
        deadline, [&](Milliseconds left) { return docker.logs(container.id, tail, left); });
  }};
  if (container.running()) {
    tasks.emplace_back([&] {
      evidence.processes = in_time<ProcessList>(
          deadline, [&](Milliseconds left) { return docker.top(container.id, left); });
    });
    tasks.emplace_back([&] {
      evidence.stats = in_time<ContainerStats>(
          deadline, [&](Milliseconds left) { return docker.stats(container.id, left); });
    });
  } else {
    const Error not_running{"the container is " + std::string(to_string(container.state))};
    evidence.processes = not_running;
    evidence.stats = not_running;
  }
  if (!settings.queries.empty())
    tasks.emplace_back([&] { ask_prometheus(evidence, settings, deadline); });
  run_together(tasks);
  evidence.collected_at = clock_.wall_now();
  evidence.took = std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - begun);
  return evidence;
}

std::optional<ContainerDetails> EvidenceKeeper::worst_of(DockerApi& docker,
                                                         const std::vector<TaskDetails>& tasks) {
  std::optional<ContainerDetails> worst;
  for (size_t i = 0; i < std::min(tasks.size(), kMostTasksLookedAt); ++i) {
    if (tasks[i].container_id.empty()) continue;
    auto container = docker.inspect(tasks[i].container_id);
    if (!container) continue;  // of another node
    const bool unhealthy = container->health == ContainerHealth::unhealthy;
    if (!worst || unhealthy) worst = *std::move(container);
    if (unhealthy) break;
  }
  return worst;
}

std::optional<EvidenceRow> EvidenceKeeper::look(DockerApi& docker, const Incident& incident,
                                                const Facts& facts,
                                                const EvidenceSettings& settings) const {
  const auto container = facts.inspected ? facts.inspected : worst_of(docker, facts.tasks);
  if (!container) return std::nullopt;
  const Evidence evidence = collect(docker, incident, *container, settings);
  return EvidenceRow{static_cast<int>(incident.attempts.size()) + 1, evidence.collected_at,
                     evidence_json(evidence, settings)};
}

void EvidenceKeeper::keep(const Incident& incident, const EvidenceRow& row) const {
  const auto written =
      journal_.write([&](JournalWriter& writer) { writer.add_evidence(incident.id, row); });
  if (!written)
    log::warn("evidence is lost, and the attempt goes on without",
              {{"incident", std::to_string(incident.id)},
               {"container", incident.container},
               {"err", written.error().message}});
}

}  // namespace selfheal
