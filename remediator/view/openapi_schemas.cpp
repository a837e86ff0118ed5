#include "remediator/view/openapi.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

Json typed(const char* type, const char* description = "") {
  Json json{{"type", type}};
  if (*description != '\0') json["description"] = description;
  return json;
}
Json text(const char* description = "") {
  return typed("string", description);
}
Json integer(const char* description = "") {
  return typed("integer", description);
}
Json number(const char* description = "") {
  return typed("number", description);
}
Json time_of(const char* description = "") {
  Json json = text(description);
  json["format"] = "date-time";
  return json;
}
Json or_null(Json json) {
  json["type"] = Json::array({json["type"], "null"});
  return json;
}
Json names(const std::vector<const char*>& values) {
  Json json = text();
  json["enum"] = values;
  return json;
}
Json ref(const std::string& name) {
  return {{"$ref", "#/components/schemas/" + name}};
}
Json ref_or_null(const std::string& name) {
  return {{"oneOf", Json::array({ref(name), typed("null")})}};
}
Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

// All of them always there, unless `optional`.
enum class Presence { required, optional };
Json object(Json properties, Presence presence = Presence::required) {
  Json json{{"type", "object"}};
  if (presence == Presence::required)
    for (const auto& [name, unused] : properties.items()) json["required"].push_back(name);
  json["properties"] = std::move(properties);
  return json;
}

Json summary_properties() {
  return {{"id", integer()},
          {"host", text("The Docker host's name")},
          {"container", text("Its name, or service/NAME for a service of a Swarm")},
          {"service", text("What is updated in its place, as service/NAME; empty: it is acted on "
                           "itself, or was not judged yet")},
          {"group", text("Replicas that stand in for each other")},
          {"state", names({"waiting", "acting", "verifying", "closed"})},
          {"outcome", names({"", "recovered", "stopped", "withdrawn", "expired"})},
          {"opened_at", time_of()},
          {"closed_at", or_null(time_of())},
          {"duration_seconds", number("Until closed, or until now")},
          {"attempts", integer("How many were made")},
          {"attempts_used",
           integer("How many count for its breaker, with those of earlier incidents, and of others "
                   "of its service")},
          {"owes", typed("boolean",
                         "Whether what its attempts may have left in Docker is still looked after, "
                         "also when it has ended")},
          {"reason", text("Why it waits, or how it ended")},
          {"detail", text("The same for a person")}};
}

Json alert() {
  return object({{"alertname", text()},
                 {"fingerprint", text()},
                 {"remediation", text("The action it asks for")},
                 {"starts_at", time_of()},
                 {"status", names({"firing", "resolved"})},
                 {"received_at", time_of()},
                 {"last_received_at", time_of()}});
}

Json attempt() {
  return object({{"number", integer("From 1 within the incident")},
                 {"action", text()},
                 {"command", text("Of exec")},
                 {"verify_within_seconds", or_null(number("The step's own time for the proof"))},
                 {"container_id", text()},
                 {"requested_at", time_of("Written down, about to call Docker")},
                 {"acted_at", or_null(time_of("Docker had done it"))},
                 {"started_after", or_null(time_of("The start that it brought about"))},
                 {"seen_healthy_at", or_null(time_of("First success of all probes since then"))},
                 {"ended_at", or_null(time_of())},
                 {"result", names({"", "verified", "stopped", "relapsed", "action_failed",
                                   "no_effect", "container_gone", "not_healthy", "not_scraped",
                                   "no_prometheus", "restarted_again", "unknown"})},
                 {"detail", text()},
                 {"evidence", or_null(typed("object",
                                            "What was seen right before it; {\"hidden\": WHY} to "
                                            "who may not see it"))}});
}

Json decision() {
  return object({{"decided_at", time_of()},
                 {"verdict", names({"act", "wait", "refuse"})},
                 {"reason", text()},
                 {"detail", text()},
                 {"facts", or_null(typed("object", "What it was made from"))}});
}

Json outcome() {
  return object({{"outcome", names({"recovered", "stopped", "failed", "expired", "breaker_open"})},
                 {"attempt", integer()},
                 {"happened_at", time_of()},
                 {"description", text()},
                 {"told_at", or_null(time_of())},
                 {"given_up_at", or_null(time_of())}});
}

Json incident() {
  Json properties = summary_properties();
  properties["alerts"] = list_of(ref("Alert"));
  properties["attempts"] = list_of(ref("Attempt"));
  properties["decisions"] = list_of(ref("Decision"));
  properties["outcomes"] = list_of(ref("Outcome"));
  return object(std::move(properties));
}

Json container() {
  return object({{"host", text()},
                 {"container", text("Or a service, as service/NAME")},
                 {"service", text("What is updated in its place, and what its attempts count for; "
                                  "empty: it is acted on itself")},
                 {"group", text()},
                 {"breaker", names({"open", "closed"})},
                 {"attempts_used", integer()},
                 {"max_attempts", integer()},
                 {"attempts_within_hour", integer()},
                 {"attempts_within_day", integer()},
                 {"budget_per_hour", integer()},
                 {"budget_per_day", integer()},
                 {"pauses", list_of(ref("Pause"))},
                 {"open_incident", ref_or_null("Summary")},
                 {"last_incident", integer("Its number")},
                 {"last_outcome", names({"", "recovered", "stopped", "withdrawn", "expired"})},
                 {"last_attempt_ended_at", or_null(time_of())}});
}

Json target_properties() {
  return {{"scope", names({"all", "host", "group", "container"})},
          {"host", text("The Docker host's name; not with the scope all")},
          {"name", text("Of the group or container")}};
}

Json pause_request() {
  Json properties = target_properties();
  properties["for"] = text("A duration as 30m or 2h; without it until resumed");
  properties["reason"] = text();
  properties["ahead"] = {{"type", "boolean"},
                         {"description", "Also of a container or group that there is not yet"}};
  Json json = object(std::move(properties), Presence::optional);
  json["required"] = {"scope"};
  return json;
}

Json target() {
  Json json = object(target_properties(), Presence::optional);
  json["required"] = {"scope"};
  return json;
}

Json pause() {
  return object({{"target", text("For people and as the metric's label: container box/web")},
                 {"scope", names({"all", "host", "group", "container"})},
                 {"host", text()},
                 {"name", text()},
                 {"reason", text()},
                 {"began_at", time_of()},
                 {"ends_at", or_null(time_of())}});
}

// What is read of it; Alertmanager sends more.
Json webhook() {
  const Json received =
      object({{"status", names({"firing", "resolved"})},
              {"labels", typed("object", "Among them remediation, host, container, alertname")},
              {"startsAt", time_of()},
              {"fingerprint", text()}});
  Json json = object(
      {{"version", text("4")}, {"truncatedAlerts", integer()}, {"alerts", list_of(received)}},
      Presence::optional);
  json["required"] = {"version", "alerts"};
  return json;
}

}  // namespace

Json openapi_schemas() {
  return {
      {"Error", object({{"error", text()}})},
      {"Webhook", webhook()},
      {"Accepted", object({{"accepted", integer("Alerts that ask for an action")},
                           {"ignored", integer()},
                           {"received_at", time_of("As the journal has it, for explain --at")}})},
      {"Summary", object(summary_properties())},
      {"Incidents", object({{"incidents", list_of(ref("Summary"))}})},
      {"Incident", incident()},
      {"Alert", alert()},
      {"Attempt", attempt()},
      {"Decision", decision()},
      {"Outcome", outcome()},
      {"Container", container()},
      {"Containers",
       object({{"containers", list_of(ref("Container"))}, {"pauses", list_of(ref("Pause"))}})},
      {"Pause", pause()},
      {"PauseRequest", pause_request()},
      {"Target", target()},
      {"Resumed", object({{"resumed", text()}})},
      {"Reset", object({{"reset", text("HOST/NAME")}})}};
}

}  // namespace selfheal
