// The families per container: see health_metrics.h.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "common/exposition/family.h"
#include "exporter/health_metrics.h"

namespace selfheal {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::vector<LabelPair> labels_of(const ContainerRow& row) {
  return {{"host", row.container->key.host},
          {"container", row.container->key.name},
          {"group", row.container->group}};
}

std::vector<LabelPair> labels_with(const ContainerRow& row, std::vector<LabelPair> further) {
  auto labels = labels_of(row);
  for (auto& pair : further) labels.push_back(std::move(pair));
  return labels;
}

struct NumberFamily {
  const char* name;
  const char* help;
  MetricType type;
  std::optional<double> (*value)(const ContainerRow&);
};

const std::array kNumberFamilies{
    NumberFamily{"selfheal_container_start_time_seconds",
                 "Start of the container's present or last run.", MetricType::Gauge,
                 [](const ContainerRow& row) -> std::optional<double> {
                   if (!row.container->started_at) return std::nullopt;
                   return to_unix_seconds(*row.container->started_at);
                 }},
    NumberFamily{
        "selfheal_container_exit_code", "Exit code of the last run, 0 while the container runs.",
        MetricType::Gauge,
        [](const ContainerRow& row) -> std::optional<double> { return row.container->exit_code; }},
    NumberFamily{"selfheal_container_stop_requested",
                 "Whether the container is down because somebody asked Docker for it.",
                 MetricType::Gauge,
                 [](const ContainerRow& row) -> std::optional<double> {
                   return row.container->stop_requested ? 1 : 0;
                 }},
    NumberFamily{"selfheal_container_oom_kills_total", "Kills for want of memory.",
                 MetricType::Counter,
                 [](const ContainerRow& row) -> std::optional<double> {
                   return static_cast<double>(row.container->oom_kills);
                 }},
};

void add_info(const HealthSnapshot& all, MetricFamilies& families) {
  auto family = make_family("selfheal_container_info",
                            "What the container is, and the action that its labels ask for.",
                            MetricType::Gauge);
  for (const ContainerRow& row : all.containers) {
    const WatchedContainer& seen = *row.container;
    add_sample(family,
               labels_with(row, {{"container_id", seen.id},
                                 {"image", seen.image},
                                 {"compose_project", seen.compose_project},
                                 {"compose_service", seen.compose_service},
                                 {"action", seen.action}}),
               1);
  }
  families.push_back(std::move(family));
}

void add_state(const HealthSnapshot& all, MetricFamilies& families) {
  constexpr std::array kStates{ContainerState::created,  ContainerState::running,
                               ContainerState::paused,   ContainerState::restarting,
                               ContainerState::removing, ContainerState::exited,
                               ContainerState::dead};
  auto state =
      make_family("selfheal_container_state",
                  "1 for the container's present state, 0 for all others.", MetricType::Gauge);
  auto health =
      make_family("selfheal_container_health",
                  "1 for the present verdict of the container's HEALTHCHECK.", MetricType::Gauge);
  for (const ContainerRow& row : all.containers) {
    for (const ContainerState one : kStates) {
      add_sample(state, labels_with(row, {{"state", std::string(to_string(one))}}),
                 row.container->state == one ? 1 : 0);
    }
    add_sample(health,
               labels_with(row, {{"status", std::string(to_string(row.container->health))}}), 1);
  }
  families.push_back(std::move(state));
  families.push_back(std::move(health));
}

void add_two_causes(MetricFamily& family, const ContainerRow& row, const char* first,
                    uint64_t first_count, const char* second, uint64_t second_count) {
  add_sample(family, labels_with(row, {{"cause", first}}), static_cast<double>(first_count));
  add_sample(family, labels_with(row, {{"cause", second}}), static_cast<double>(second_count));
}

void add_counts(const HealthSnapshot& all, MetricFamilies& families) {
  auto restarts = make_family("selfheal_container_restarts_total",
                              "Restarts since the exporter first saw the container, by Docker's "
                              "restart policy or through the API.",
                              MetricType::Counter);
  auto recoveries =
      make_family("app_recovery_events_total",
                  "Outages that ended healthy, with or without a restart.", MetricType::Counter);
  for (const ContainerRow& row : all.containers) {
    const RestartCounts& counts = row.container->restarts;
    add_two_causes(restarts, row, "policy", counts.policy, "api", counts.api);
    add_two_causes(recoveries, row, "restarted", row.recoveries.restarted, "spontaneous",
                   row.recoveries.spontaneous);
  }
  families.push_back(std::move(restarts));
  families.push_back(std::move(recoveries));
}

void add_dependencies(const HealthSnapshot& all, MetricFamilies& families) {
  auto family = make_family("selfheal_container_depends_on",
                            "A group that the container needs, directly or through others.",
                            MetricType::Gauge);
  for (const ContainerRow& row : all.containers) {
    for (const std::string& dependency : row.container->dependencies)
      add_sample(family, labels_with(row, {{"dependency", dependency}}), 1);
  }
  families.push_back(std::move(family));
}

void add_label_errors(const HealthSnapshot& all, MetricFamilies& families) {
  auto family = make_family("selfheal_exporter_label_errors_total",
                            "Labels of the container that could not be used.", MetricType::Counter);
  for (const ContainerRow& row : all.containers) {
    if (row.container->label_errors == 0) continue;
    add_sample(family, {{"host", row.container->key.host}, {"container", row.container->key.name}},
               static_cast<double>(row.container->label_errors));
  }
  families.push_back(std::move(family));
}

}  // namespace

void add_container_families(const HealthSnapshot& all, MetricFamilies& families) {
  add_info(all, families);
  add_state(all, families);
  for (const NumberFamily& number : kNumberFamilies) {
    auto family = make_family(number.name, number.help, number.type);
    for (const ContainerRow& row : all.containers) {
      if (const auto value = number.value(row)) add_sample(family, labels_of(row), *value);
    }
    families.push_back(std::move(family));
  }
  add_counts(all, families);
  add_dependencies(all, families);
  add_label_errors(all, families);
}

}  // namespace selfheal
