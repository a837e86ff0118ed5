// What holds attempts back.
#include "remediator/config_sections.h"

namespace selfheal {
namespace {

void read_budgets(YamlFields& fields, GuardSettings& guards) {
  fields.section({"budget", "Attempts for one container, whatever came of them"},
                 [&](YamlFields& budget) {
                   budget.read({"per_hour", "Within an hour; label `selfheal.budget-per-hour`"},
                               guards.budget.per_hour, 1, 100'000);
                   budget.read({"per_day", "Within 24 hours; label `selfheal.budget-per-day`"},
                               guards.budget.per_day, 1, 100'000);
                 });
  fields.section({"host_budget", "Attempts for all containers of a host together"},
                 [&](YamlFields& budget) {
                   budget.read({"per_hour", "Within an hour"}, guards.host_budget, 1, 100'000);
                 });
}

void read_backoff(YamlFields& backoff, IncidentSettings& incident) {
  backoff.read({"initial", "Before the second attempt; doubled before each further one"},
               incident.backoff_initial);
  backoff.read({"longest", "No wait is longer"}, incident.backoff_longest);
  backoff.read(
      {"jitter_percent",
       "By how much a wait may be longer or shorter at random, so that what broke together "
       "is not restarted together"},
      incident.backoff_jitter_percent, 0, 100);
}

}  // namespace

void read_guards(YamlFields& fields, RemediatorSettings& settings) {
  GuardSettings& guards = settings.guards;
  fields.read(
      {"protected", "Containers or groups that are never acted on, with `*` and `?` as in a shell"},
      guards.protected_names);
  fields.read({"max_attempts",
               "Attempts in a row for a container; then its breaker opens and people are told"},
              guards.max_attempts, 1, 1000);
  read_budgets(fields, guards);
  fields.read({"cooldown",
               "For how long a container is left alone after an attempt that was not seen to work; "
               "label `selfheal.cooldown`"},
              guards.cooldown);
  fields.read(
      {"start_grace",
       "For how long it is left alone after its start, or for its `selfheal.start-period` if "
       "that is longer; label `selfheal.start-grace`"},
      guards.start_grace);
  fields.read({"create_grace",
               "For how long it is left alone after its creation: a deployment may be under way"},
              guards.create_grace);
  fields.read(
      {"healthy_reset",
       "Healthy for that long, a container's attempts are forgotten and its breaker closes; "
       "with a year only a person closes it"},
      settings.incident.healthy_reset);
  fields.section({"backoff", "The wait between a container's attempts"},
                 [&](YamlFields& backoff) { read_backoff(backoff, settings.incident); });
}

}  // namespace selfheal
