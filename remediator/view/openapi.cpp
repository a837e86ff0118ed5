#include "remediator/view/openapi.h"

#include "common/base/program.h"

namespace selfheal {
namespace {

using Json = nlohmann::ordered_json;

Json content(const std::string& schema) {
  return {{"application/json", {{"schema", {{"$ref", "#/components/schemas/" + schema}}}}}};
}

Json answer(const std::string& description, const std::string& schema) {
  return {{"description", description}, {"content", content(schema)}};
}

struct Fault {
  const char* status;
  const char* description;
};

// An operation that answers 200 with `schema`, or one of `faults` with an Error.
Json operation(const std::string& id, const std::string& summary, const std::string& schema,
               const std::vector<Fault>& faults) {
  Json json{
      {"operationId", id}, {"summary", summary}, {"responses", {{"200", answer("Done", schema)}}}};
  for (const Fault& fault : faults)
    json["responses"][fault.status] = answer(fault.description, "Error");
  return json;
}

// Open to all unless web.protect_reads: the empty object says that none is needed.
Json reading(Json json) {
  json["security"] = Json::array({{{"token", Json::array()}}, Json::object()});
  json["responses"]["401"] = answer("web.protect_reads, and not the token", "Error");
  json["responses"]["429"] = answer("Too many wrong tokens: in a few seconds again", "Error");
  json["responses"]["503"] = answer("The journal can't be read", "Error");
  return json;
}

Json posting(Json json, const std::string& schema) {
  json["security"] = Json::array({{{"token", Json::array()}}});
  json["requestBody"] = {{"required", true}, {"content", content(schema)}};
  json["responses"]["401"] = answer("Not the token", "Error");
  json["responses"]["429"] = answer("Too many wrong tokens: in a few seconds again", "Error");
  json["responses"]["413"] = answer("The body is too long", "Error");
  json["responses"]["503"] = answer("The journal can't be written: try again", "Error");
  return json;
}

Json parameter(const char* where, const char* name, Json schema, const char* description) {
  return {{"name", name},
          {"in", where},
          {"required", std::string(where) == "path"},
          {"schema", std::move(schema)},
          {"description", description}};
}

Json text_schema() {
  return {{"type", "string"}};
}

constexpr Fault kBadRequest{"400", "What was asked is not understood"};
constexpr Fault kNotJson{"415", "The body has no Content-Type application/json"};

Json list_incidents() {
  Json json = reading(
      operation("listIncidents", "Incidents, the newest first", "Incidents", {kBadRequest}));
  Json state = text_schema();
  state["enum"] = {"open", "waiting", "acting", "verifying", "closed"};
  Json since = text_schema();
  since["format"] = "date-time";
  const Json limit{{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}};
  json["parameters"] = {parameter("query", "container", text_schema(), "Only those of it"),
                        parameter("query", "state", state, "open: all but closed"),
                        parameter("query", "since", since, "Opened since then"),
                        parameter("query", "limit", limit, "At most so many")};
  return json;
}

Json show_incident() {
  Json json = reading(operation("showIncident", "All of one incident", "Incident",
                                {kBadRequest, {"404", "There is no such incident"}}));
  json["parameters"] = Json::array({parameter("path", "id", {{"type", "integer"}}, "Its number")});
  return json;
}

Json reset() {
  Json json =
      posting(operation("resetContainer", "Its attempts so far no longer count; closes its breaker",
                        "Reset", {{"404", "Not a container's path"}, kNotJson}),
              "Empty");
  json["parameters"] = {parameter("path", "host", text_schema(), "The Docker host's name"),
                        parameter("path", "name", text_schema(), "The container's name")};
  return json;
}

Json receive_alerts() {
  return posting(
      operation("receiveAlerts", "Alertmanager's webhook, version 4", "Accepted",
                {kBadRequest,
                 {"408", "The body took too long"},
                 {"411", "No Content-Length"},
                 {"415", "There is no token, and the Content-Type is not application/json"}}),
      "Webhook");
}

Json describe() {
  Json json = reading(operation("describe", "This description", "Description", {}));
  json["responses"].erase("503");
  return json;
}

Json paths() {
  return {{"/api/v1/alerts", {{"post", receive_alerts()}}},
          {"/api/v1/incidents", {{"get", list_incidents()}}},
          {"/api/v1/incidents/{id}", {{"get", show_incident()}}},
          {"/api/v1/containers",
           {{"get", reading(operation("listContainers",
                                      "What the guards know of each container, and the pauses",
                                      "Containers", {}))}}},
          {"/api/v1/pause",
           {{"post", posting(operation("pause", "Have nothing healed there", "Pause",
                                       {kBadRequest, {"404", "There is no such thing"}, kNotJson}),
                             "PauseRequest")}}},
          {"/api/v1/resume",
           {{"post", posting(operation("resume", "End a pause", "Resumed",
                                       {kBadRequest, {"404", "It is not paused"}, kNotJson}),
                             "Target")}}},
          {"/api/v1/containers/{host}/{name}/reset", {{"post", reset()}}},
          {"/api/v1/openapi.json", {{"get", describe()}}}};
}

}  // namespace

std::string openapi_json() {
  Json schemas = openapi_schemas();
  schemas["Empty"] = {{"type", "object"}, {"description", "Nothing is read from it"}};
  schemas["Description"] = {{"type", "object"}, {"description", "OpenAPI 3.1"}};
  const Json json{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "selfheal-remediator"},
        {"version", version()},
        {"description", "What is broken, what is done about it, and what people say to it."}}},
      {"paths", paths()},
      {"components",
       {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}},
        {"schemas", schemas}}}};
  return json.dump(2) + "\n";
}

}  // namespace selfheal
