// The rounds of one part against one contender, whose chain already runs: appends a line of JSON a
// round to --json. Started by bench/recovery_race.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "bench/race/race_round.h"
#include "common/base/flags.h"

namespace selfheal::race {
namespace {

struct Settings {
  std::string docker_host = default_docker_host();
  std::string contender;
  std::string label;  // KEY=VALUE of the pool's containers
  std::string json_file;
  ScheduleOptions schedule;
  ChainAddresses addresses;

  void add_to(CLI::App& app) {
    add_flag(app, "--docker.host", docker_host, "Docker host");
    add_flag(app, "--contender", contender, "ours, loop or stock")->required();
    add_flag(app, "--label", label, "KEY=VALUE of the containers to break")->required();
    add_flag(app, "--json", json_file, "File to append a line a round to")->required();
    add_flag(app, "--rounds", schedule.rounds_per_mode, "Rounds of each mode over all parts");
    add_flag(app, "--part", schedule.part, "Which part, from 1");
    add_flag(app, "--parts", schedule.parts, "How many parts there are");
    add_flag(app, "--seed", schedule.seed, "Of containers, modes and phases");
    add_flag(app, "--prometheus.url", addresses.prometheus, "The chain's Prometheus");
    add_flag(app, "--exporter.url", addresses.exporter, "The chain's exporter");
    add_flag(app, "--remediator.url", addresses.remediator, "The chain's remediator");
  }
};

Result<std::vector<std::string>> names_of_pool(DockerApi& docker, const std::string& label) {
  const auto containers = docker.list();
  if (!containers) return Error{containers.error().message};
  const size_t equals = label.find('=');
  std::vector<std::string> names;
  for (const ContainerSummary& container : *containers) {
    const auto entry = container.labels.find(label.substr(0, equals));
    if (entry != container.labels.end() && entry->second == label.substr(equals + 1))
      names.push_back(container.name);
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) return Error{"no container has the label " + label};
  return names;
}

void show(const RoundRecord& record) {
  const std::string outcome =
      record.counts() ? std::to_string(static_cast<int>(*record.total_ms)) + " ms" : record.fault;
  std::fprintf(stderr, "    %-5s  part %d  round %3d  %-5s  %-24s  %s\n",
               std::string(to_string(record.contender)).c_str(), record.part, record.number,
               std::string(to_string(record.mode)).c_str(), record.container.c_str(),
               outcome.c_str());
}

// What the chain did beyond the rounds: every break asks for exactly one restart.
std::string account_of(const Settings& settings, const RaceParts& parts, size_t rounds) {
  int restarts = 0;
  const std::optional<int> recovered = parts.chain.recovered();
  for (const std::string& name : parts.pool) restarts += parts.watch.starts(name);
  nlohmann::ordered_json account{{"kind", "part"},
                                 {"contender", settings.contender},
                                 {"part", settings.schedule.part},
                                 {"rounds", rounds},
                                 {"restarts", restarts}};
  if (recovered) account["recovered"] = *recovered;
  return account.dump();
}

int race(Settings& settings, Contender contender, const DockerAddress& address) {
  const SystemClock clock;
  DockerClient docker(address, clock);
  BlockingHttpClient http(clock, "race");
  auto pool = names_of_pool(docker, settings.label);
  std::ofstream json(settings.json_file, std::ios::app);
  if (!pool || !json) {
    std::fprintf(stderr, "race-driver: %s\n",
                 pool ? "--json can't be written" : pool.error().message.c_str());
    return kExitFailed;
  }
  settings.schedule.containers = pool->size();
  RestartWatch watch(address, clock);
  const auto chain = make_chain(contender, settings.addresses, http, clock);
  RaceParts parts{clock, docker, http, watch, *chain, std::move(*pool)};

  const std::vector<PlannedRound> plan = plan_rounds(settings.schedule);
  for (const PlannedRound& planned : plan) {
    RoundRecord record = RaceRound(parts, planned).run();
    record.contender = contender;
    record.part = settings.schedule.part;
    show(record);
    json << to_json_line(record) << std::endl;
  }
  json << account_of(settings, parts, plan.size()) << std::endl;
  return kExitDone;
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("Measures recoveries, round by round", "race-driver");
  settings.add_to(app);
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  const auto contender = parse_contender(settings.contender);
  const auto address = parse_docker_host(settings.docker_host);
  if (!contender || !address) {
    std::fprintf(stderr, "race-driver: --contender is ours, loop or stock; --docker.host a URL\n");
    return kExitBadUsage;
  }
  return race(settings, *contender, *address);
}

}  // namespace
}  // namespace selfheal::race

int main(int argc, char** argv) {
  return selfheal::race::run(argc, argv);
}
