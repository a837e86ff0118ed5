#include "common/docker/docker_evidence_messages.h"

#include "common/docker/docker_json.h"

namespace selfheal {
namespace {

using docker_json::as_object;
using docker_json::get_or;
using docker_json::Json;
using docker_json::object_at;
using docker_json::parse;

// The kernel counts the page cache as used. `docker stats` takes off what is inactive of it, under
// the name that the version of the cgroups gives it.
MemoryUsage memory_in(const Json& memory) {
  const Json& details = object_at(memory, "stats");
  MemoryUsage usage{memory.at("usage").get<uint64_t>(), get_or<uint64_t>(memory, "limit", 0)};
  const uint64_t inactive = get_or<uint64_t>(details, "total_inactive_file",  // cgroup v1
                                             get_or<uint64_t>(details, "inactive_file", 0));
  if (inactive < usage.used_bytes) usage.used_bytes -= inactive;
  return usage;
}

struct CpuTimes {
  uint64_t own_ns = 0;     // of the container
  uint64_t system_ns = 0;  // of all processors together; 0: not told
};

CpuTimes cpu_times_in(const Json& stats) {
  return {get_or<uint64_t>(object_at(stats, "cpu_usage"), "total_usage", 0),
          get_or<uint64_t>(stats, "system_cpu_usage", 0)};
}

// As `docker stats`: 100 is one processor. Nothing without an earlier sample, as in a one-shot.
std::optional<double> cpu_percent_in(const Json& stats) {
  const Json& now = object_at(stats, "cpu_stats");
  const CpuTimes after = cpu_times_in(now);
  const CpuTimes before = cpu_times_in(object_at(stats, "precpu_stats"));
  if (before.system_ns == 0 || after.system_ns <= before.system_ns || after.own_ns < before.own_ns)
    return std::nullopt;
  const auto processors = get_or<double>(now, "online_cpus", 1);
  return static_cast<double>(after.own_ns - before.own_ns) * 100 * processors /
         static_cast<double>(after.system_ns - before.system_ns);
}

}  // namespace

Result<MemoryUsage> parse_memory_usage(std::string_view json) {
  return parse<MemoryUsage>(json, "a container's memory", [](const Json& stats) {
    // Absent of a container that does not run, and where the engine does not see its cgroups.
    return memory_in(object_at(as_object(stats), "memory_stats"));
  });
}

Result<ContainerStats> parse_container_stats(std::string_view json) {
  return parse<ContainerStats>(json, "a container's statistics", [](const Json& stats) {
    constexpr double kNanoseconds = 1e9;
    ContainerStats read;
    const Json& memory = object_at(as_object(stats), "memory_stats");
    if (memory.contains("usage")) read.memory = memory_in(memory);
    const Json& cpu = object_at(object_at(stats, "cpu_stats"), "cpu_usage");
    if (cpu.contains("total_usage"))
      read.cpu_seconds = cpu.at("total_usage").get<double>() / kNanoseconds;
    read.cpu_percent = cpu_percent_in(stats);
    const Json& pids = object_at(stats, "pids_stats");
    if (pids.contains("current")) read.tasks = pids.at("current").get<uint64_t>();
    return read;
  });
}

Result<ProcessList> parse_processes(std::string_view json) {
  return parse<ProcessList>(json, "a container's processes", [](const Json& top) {
    return ProcessList{get_or<std::vector<std::string>>(as_object(top), "Titles", {}),
                       get_or<std::vector<std::vector<std::string>>>(top, "Processes", {})};
  });
}

}  // namespace selfheal
