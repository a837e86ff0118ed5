#include "remediator/act/docker_hosts.h"

#include <algorithm>

#include "common/base/text_list.h"

namespace selfheal {

DockerHosts::DockerHosts(std::vector<NamedEngine> engines, const Clock& clock,
                         Milliseconds interval)
    : clock_(clock) {
  for (NamedEngine& engine : engines) {
    auto watch = std::make_unique<EngineWatch>(*engine.docker, clock, interval, engine.name);
    if (!engine.name.empty()) names_.push_back(engine.name);
    watched_.push_back({std::move(engine), std::move(watch)});
  }
}

DockerHosts::~DockerHosts() {
  stop();
}

void DockerHosts::start(Milliseconds longest) {
  for (const Watched& watched : watched_) watched.watch->start();
  const SteadyTime deadline = clock_.steady_now() + longest;
  for (const Watched& watched : watched_)
    watched.watch->await_first(
        std::chrono::duration_cast<Milliseconds>(deadline - clock_.steady_now()));
}

void DockerHosts::stop() {
  // A watch may be waiting for an engine that does not answer.
  for (const Watched& watched : watched_) watched.engine.docker->shut_down();
  for (const Watched& watched : watched_) watched.watch->stop();
}

std::string DockerHosts::fault_of(const NamedEngine& engine,
                                  const std::string& calls_itself) const {
  if (engine.name.empty() || calls_itself.empty() || engine.name == calls_itself) return "";
  std::string fault = "docker.hosts calls the engine at " + engine.url + " " +
                      in_quotes(engine.name) + ", it calls itself " + in_quotes(calls_itself);
  if (std::find(names_.begin(), names_.end(), calls_itself) != names_.end())
    fault += ", which is another one there: the same engine must not be given twice";
  return fault;
}

DockerHost DockerHosts::look(const Watched& watched) const {
  const EngineState state = watched.watch->state();
  DockerHost host{watched.engine.docker.get(), state.host, state.back_at,
                  fault_of(watched.engine, state.host), ""};
  if (!state.asked)
    host.away = "Docker has not answered yet";
  else if (!state.connected)
    host.away = state.failure;
  return host;
}

DockerHost DockerHosts::find(const std::string& host) const {
  for (const Watched& watched : watched_)
    if (watched.engine.name.empty() || watched.engine.name == host) return look(watched);
  DockerHost unknown;
  unknown.fault = "there is no host " + in_quotes(host) + " in docker.hosts, only " +
                  in_quotes(joined(names_, "\", \""));
  return unknown;
}

std::vector<HostStatus> DockerHosts::statuses() const {
  std::vector<HostStatus> all;
  for (const Watched& watched : watched_) {
    const DockerHost host = look(watched);
    HostStatus status{watched.engine.name, host.fault};
    if (status.name.empty()) status.name = host.engine_host;
    if (status.trouble.empty() && !host.away.empty()) status.trouble = "Docker does not answer";
    all.push_back(std::move(status));
  }
  return all;
}

std::vector<std::string> DockerHosts::away() const {
  std::vector<std::string> names;
  for (const HostStatus& status : statuses())
    if (!status.trouble.empty() && !status.name.empty()) names.push_back(status.name);
  return names;
}

}  // namespace selfheal
