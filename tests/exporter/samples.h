// Values that tests start from. Instants are seconds after an arbitrary epoch.
#pragma once

#include <string>
#include <utility>

#include "common/docker/docker_api.h"
#include "exporter/discovery/watched_container.h"
#include "exporter/probes/probe.h"

namespace selfheal {

inline WallTime at(double seconds) {
  return WallTime(std::chrono::duration_cast<WallTime::duration>(
      std::chrono::duration<double>(1'700'000'000 + seconds)));
}

inline SteadyTime steady(double seconds) {
  return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(
      std::chrono::duration<double>(1'000 + seconds)));
}

inline ProbeResult pass_at(double seconds) {
  ProbeResult result = passed();
  result.started_at = at(seconds);
  result.duration = std::chrono::milliseconds(2);
  return result;
}

inline ProbeResult fail_at(double seconds, ProbeReason reason = ProbeReason::status) {
  ProbeResult result = failed(reason, "because");
  result.started_at = at(seconds);
  result.duration = std::chrono::milliseconds(2);
  return result;
}

// Changes the first probe of `seen`, which shares its specification with what was published before.
template <class Change>
void change_probe(WatchedContainer& seen, Change change) {
  ProbeSpec spec = *seen.probes.at(0);
  change(spec);
  seen.probes[0] = std::move(spec);
}

// Running since 0 s, opted in, with one address and one exposed port.
inline ContainerDetails running_container(const std::string& name, Labels labels = {}) {
  ContainerDetails details;
  details.id = "id-" + name;
  details.name = name;
  details.image = "image";
  details.labels = std::move(labels);
  details.labels.emplace("selfheal.enable", "true");
  details.state = ContainerState::running;
  details.started_at = at(0);
  details.network_mode = "bridge";
  details.networks = {{"bridge", "172.17.0.2", ""}};
  details.exposed_tcp_ports = {8080};
  details.stop_signal = "SIGTERM";
  return details;
}

inline ContainerDetails exited(ContainerDetails details, double seconds, int exit_code) {
  details.state = ContainerState::exited;
  details.finished_at = at(seconds);
  details.exit_code = exit_code;
  return details;
}

inline ContainerDetails started(ContainerDetails details, double seconds) {
  details.state = ContainerState::running;
  details.started_at = at(seconds);
  details.exit_code = 0;
  details.oom_killed = false;
  return details;
}

inline DockerEvent event(const std::string& action, const std::string& id, double seconds,
                         Labels attributes = {}) {
  return {"container", action, id, std::move(attributes), to_unix_ns(at(seconds))};
}

}  // namespace selfheal
