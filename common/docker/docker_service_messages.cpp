#include "common/docker/docker_service_messages.h"

#include <array>

#include "common/base/time_text.h"
#include "common/docker/docker_json.h"

namespace selfheal {
namespace {

using docker_json::as_object;
using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;
using docker_json::parse;

constexpr std::array<std::pair<ServiceUpdateState, std::string_view>, 6> kUpdateStates{{
    {ServiceUpdateState::updating, "updating"},
    {ServiceUpdateState::paused, "paused"},
    {ServiceUpdateState::completed, "completed"},
    {ServiceUpdateState::rolling_back, "rollback_started"},
    {ServiceUpdateState::rollback_paused, "rollback_paused"},
    {ServiceUpdateState::rolled_back, "rollback_completed"},
}};

ServiceUpdateState parse_update_state(std::string_view text) {
  for (const auto& [value, name] : kUpdateStates)
    if (name == text) return value;
  return ServiceUpdateState::none;
}

void read_update_config(const Json& spec, ServiceDetails& service) {
  const Json& config = object_at(spec, "UpdateConfig");
  // Swarm's own default where the specification says nothing at all of updates; a configuration
  // without the number means 0, which is all at once.
  service.update_parallelism = config.empty() ? 1 : get_or<uint64_t>(config, "Parallelism", 0);
  service.update_pause = std::chrono::nanoseconds(get_or<int64_t>(config, "Delay", 0) +
                                                  get_or<int64_t>(config, "Monitor", 0));
  service.starts_new_first = get_or<std::string>(config, "Order", "") == "start-first";
}

void read_specification(const Json& spec, ServiceDetails& service) {
  service.name = get_or<std::string>(spec, "Name", "");
  service.labels = get_or<Labels>(spec, "Labels", {});
  const Json& task = object_at(spec, "TaskTemplate");
  service.force_update = get_or<uint64_t>(task, "ForceUpdate", 0);
  service.container_labels = get_or<Labels>(object_at(task, "ContainerSpec"), "Labels", {});
  const Json& replicated = object_at(object_at(spec, "Mode"), "Replicated");
  if (replicated.contains("Replicas"))
    service.replicas = get_or<uint64_t>(replicated, "Replicas", 0);
  read_update_config(spec, service);
}

void read_update_status(const Json& status, ServiceDetails& service) {
  service.update_state = parse_update_state(get_or<std::string>(status, "State", ""));
  service.update_started_at = parse_rfc3339(get_or<std::string>(status, "StartedAt", ""));
  service.update_message = get_or<std::string>(status, "Message", "");
}

TaskDetails read_task(const Json& task) {
  TaskDetails read;
  read.id = get_or<std::string>(as_object(task), "ID", "");
  read.slot = get_or<uint64_t>(task, "Slot", 0);
  read.node_id = get_or<std::string>(task, "NodeID", "");
  read.force_update = get_or<uint64_t>(object_at(task, "Spec"), "ForceUpdate", 0);
  const Json& status = object_at(task, "Status");
  read.state = get_or<std::string>(status, "State", "");
  read.running = read.state == "running";
  read.since = parse_rfc3339(get_or<std::string>(status, "Timestamp", "")).value_or(WallTime{});
  read.error = get_or<std::string>(status, "Err", "");
  read.container_id = get_or<std::string>(object_at(status, "ContainerStatus"), "ContainerID", "");
  return read;
}

}  // namespace

std::string_view to_string(ServiceUpdateState state) {
  for (const auto& [value, name] : kUpdateStates)
    if (value == state) return name;
  return "none";
}

std::string container_name(const ServiceDetails& service, const TaskDetails& task) {
  const std::string place = task.slot > 0 ? std::to_string(task.slot) : task.node_id;
  return service.name + "." + place + "." + task.id;
}

Result<ServiceDetails> parse_service(std::string_view json) {
  return parse<ServiceDetails>(json, "a service", [](const Json& service) {
    ServiceDetails details;
    details.id = get_or<std::string>(as_object(service), "ID", "");
    details.version = get_or<uint64_t>(object_at(service, "Version"), "Index", 0);
    details.created_at = parse_rfc3339(get_or<std::string>(service, "CreatedAt", ""));
    details.updated_at = parse_rfc3339(get_or<std::string>(service, "UpdatedAt", ""));
    read_specification(object_at(service, "Spec"), details);
    read_update_status(object_at(service, "UpdateStatus"), details);
    return details;
  });
}

Result<std::vector<TaskDetails>> parse_tasks(std::string_view json) {
  using Tasks = std::vector<TaskDetails>;
  return parse<Tasks>(json, "the tasks of a service", [](const Json& list) {
    Tasks all;
    for (const Json& task : list.get_ref<const Json::array_t&>()) all.push_back(read_task(task));
    return all;
  });
}

Result<std::string> specification_of(std::string_view json) {
  return parse<std::string>(json, "a service", [](const Json& service) {
    const Json& spec = service.at("Spec");
    (void)spec.at("TaskTemplate").get_ref<const Json::object_t&>();
    return spec.dump();
  });
}

std::string forced_specification(std::string_view specification, uint64_t force_update) {
  Json spec = Json::parse(specification);
  spec["TaskTemplate"]["ForceUpdate"] = force_update;
  return spec.dump();
}

std::string tasks_filter(const std::string& service) {
  const Json filter{{"service", {{service, true}}}, {"desired-state", {{"running", true}}}};
  return filter.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace selfheal
