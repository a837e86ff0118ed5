// The families per container: see health_metrics.h.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "common/exposition/metric_text.h"
#include "exporter/metrics/health_metrics.h"

namespace selfheal {
namespace {

struct Row {
  const WatchedContainer& container;
  std::string_view labels;
};
// Those of Docker: configured targets have no state, health or restarts.
using Rows = std::vector<Row>;

Rows docker_rows(const HealthSnapshot& all, const SeriesLabels& labels) {
  Rows rows;
  for (size_t at = 0; at < all.containers.size(); ++at) {
    const WatchedContainer& seen = *all.containers[at].container;
    if (seen.origin == Origin::docker) rows.push_back({seen, labels.container(at)});
  }
  return rows;
}

// One number per container; none where there is nothing to tell.
struct NumberFamily {
  const char* name;
  const char* help;
  MetricKind kind;
  std::optional<double> (*value)(const WatchedContainer&);
};

const std::array kNumberFamilies{
    NumberFamily{"selfheal_container_start_time_seconds",
                 "Start of the container's present or last run.", MetricKind::gauge,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   if (!seen.started_at) return std::nullopt;
                   return to_unix_seconds(*seen.started_at);
                 }},
    // Docker remembers the end of the run before while a container runs.
    NumberFamily{"selfheal_container_finish_time_seconds",
                 "End of the container's last run, while it is down.", MetricKind::gauge,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   if (!seen.finished_at || !seen.started_at ||
                       *seen.finished_at < *seen.started_at)
                     return std::nullopt;
                   return to_unix_seconds(*seen.finished_at);
                 }},
    NumberFamily{
        "selfheal_container_exit_code", "Exit code of the last run, 0 while the container runs.",
        MetricKind::gauge,
        [](const WatchedContainer& seen) -> std::optional<double> { return seen.exit_code; }},
    NumberFamily{"selfheal_container_stop_requested",
                 "Whether the container is down because somebody asked Docker for it.",
                 MetricKind::gauge,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   return seen.stop_requested ? 1 : 0;
                 }},
    NumberFamily{"selfheal_container_oom_kills_total", "Kills for want of memory.",
                 MetricKind::counter,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   return static_cast<double>(seen.oom_kills);
                 }},
    NumberFamily{"selfheal_container_memory_usage_bytes",
                 "Memory that the container uses, without what can be dropped from caches.",
                 MetricKind::gauge,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   if (!seen.memory) return std::nullopt;
                   return static_cast<double>(seen.memory->used_bytes);
                 }},
    NumberFamily{"selfheal_container_memory_limit_bytes",
                 "Memory that the container may use at most.", MetricKind::gauge,
                 [](const WatchedContainer& seen) -> std::optional<double> {
                   if (!seen.memory || seen.memory->limit_bytes == 0) return std::nullopt;
                   return static_cast<double>(seen.memory->limit_bytes);
                 }},
};

void write_info(const Rows& rows, MetricsWriter& out) {
  out.family("selfheal_container_info",
             "What the container is, and the action that its labels ask for.", MetricKind::info);
  for (const auto& [seen, labels] : rows) {
    out.count(labels,
              label_block({{"container_id", seen.id},
                           {"image", seen.image},
                           {"compose_project", seen.compose_project},
                           {"compose_service", seen.compose_service},
                           {"action", seen.action}}),
              1);
  }
}

void write_state(const Rows& rows, MetricsWriter& out) {
  constexpr std::array kStates{ContainerState::created,  ContainerState::running,
                               ContainerState::paused,   ContainerState::restarting,
                               ContainerState::removing, ContainerState::exited,
                               ContainerState::dead};
  std::array<std::string, kStates.size()> blocks;
  for (size_t i = 0; i < kStates.size(); ++i)
    blocks[i] = label_block({{"state", to_string(kStates[i])}});
  out.family("selfheal_container_state", "1 for the container's present state, 0 for all others.",
             MetricKind::gauge);
  for (const auto& [seen, labels] : rows) {
    for (size_t i = 0; i < kStates.size(); ++i)
      out.count(labels, blocks[i], seen.state == kStates[i] ? 1 : 0);
  }
}

void write_health(const Rows& rows, MetricsWriter& out) {
  out.family("selfheal_container_health",
             "1 for the present verdict of the container's HEALTHCHECK.", MetricKind::gauge);
  for (const auto& [seen, labels] : rows)
    out.count(labels, label_block({{"status", to_string(seen.health)}}), 1);
}

void write_restarts(const Rows& rows, MetricsWriter& out) {
  out.family("selfheal_container_restarts_total",
             "Restarts since the exporter first saw the container, by Docker's restart policy or "
             "through the API.",
             MetricKind::counter);
  for (const auto& [seen, labels] : rows) {
    out.count(labels, R"(cause="policy")", seen.restarts.policy);
    out.count(labels, R"(cause="api")", seen.restarts.api);
  }
}

void write_stopping(const HealthSnapshot& all, const SeriesLabels& labels, MetricsWriter& out) {
  out.family("selfheal_container_stopping_since_timestamp_seconds",
             "When the exporter learnt that Docker was asked to stop the container, while it still "
             "runs.",
             MetricKind::gauge);
  for (size_t at = 0; at < all.containers.size(); ++at) {
    if (const auto since = all.containers[at].stopping_since)
      out.sample(labels.container(at), to_unix_seconds(*since));
  }
}

void write_recoveries(const HealthSnapshot& all, const SeriesLabels& labels, MetricsWriter& out) {
  out.family("app_recovery_events_total", "Outages that ended healthy, with or without a restart.",
             MetricKind::counter);
  for (size_t at = 0; at < all.containers.size(); ++at) {
    const RecoveryCounts& counts = all.containers[at].recoveries;
    out.count(labels.container(at), R"(cause="restarted")", counts.restarted);
    out.count(labels.container(at), R"(cause="spontaneous")", counts.spontaneous);
  }
}

void write_dependencies(const Rows& rows, MetricsWriter& out) {
  out.family("selfheal_container_depends_on",
             "A group that the container needs, directly or through others.", MetricKind::gauge);
  for (const auto& [seen, labels] : rows) {
    for (const std::string& dependency : seen.dependencies)
      out.count(labels, label_block({{"dependency", dependency}}), 1);
  }
}

void write_label_errors(const Rows& rows, MetricsWriter& out) {
  out.family("selfheal_exporter_label_errors_total",
             "Labels of the container that could not be used.", MetricKind::counter);
  for (const auto& [seen, labels] : rows) {
    if (seen.label_errors == 0) continue;
    out.count(label_block({{"host", seen.key.host}, {"container", seen.key.name}}),
              seen.label_errors);
  }
}

}  // namespace

void write_container_families(const HealthSnapshot& all, const SeriesLabels& labels,
                              MetricsWriter& out) {
  const Rows rows = docker_rows(all, labels);
  write_info(rows, out);
  write_state(rows, out);
  write_health(rows, out);
  for (const NumberFamily& number : kNumberFamilies) {
    out.family(number.name, number.help, number.kind);
    for (const Row& row : rows) {
      if (const auto value = number.value(row.container)) out.sample(row.labels, *value);
    }
  }
  write_stopping(all, labels, out);
  write_restarts(rows, out);
  write_recoveries(all, labels, out);
  write_dependencies(rows, out);
  write_label_errors(rows, out);
}

}  // namespace selfheal
