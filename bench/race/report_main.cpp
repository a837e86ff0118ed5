// Reads the lines of a race, prints the tables and the verdict, and appends the summary's lines.
// Exit status: 0; 1 when a round failed, or with --enforce when a target was missed.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "bench/race/report.h"
#include "common/base/flags.h"

namespace selfheal::race {
namespace {

struct Race {
  std::vector<RoundRecord> rounds;
  std::string notes;  // one line for everything that is not as it should be
};

std::string note_on_part(const nlohmann::json& part) {
  const int rounds = part.at("rounds").get<int>();
  const int restarts = part.at("restarts").get<int>();
  const int recovered = part.value("recovered", rounds);
  if (restarts == rounds && recovered == rounds) return "";
  return "  " + part.at("contender").get<std::string>() + ", part " + part.at("part").dump() +
         ": " + std::to_string(rounds) + " rounds, " + std::to_string(restarts) + " restarts, " +
         std::to_string(recovered) + " recovered\n";
}

std::string note_on_round(const RoundRecord& round) {
  if (round.counts()) return "";
  return "  " + std::string(to_string(round.contender)) + ", round " +
         std::to_string(round.number) + ": " + round.fault + '\n';
}

Result<Race> read_race(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error{path + " can't be read"};
  Race race;
  for (std::string line; std::getline(file, line);) {
    auto round = parse_json_line(line);
    if (!round) return Error{path + ": " + round.error().message};
    if (*round) {
      race.notes += note_on_round(**round);
      race.rounds.push_back(std::move(**round));
    } else if (const auto json = nlohmann::json::parse(line); json.at("kind") == "part") {
      race.notes += note_on_part(json);
    }
  }
  return race;
}

void print(const Race& race, const Verdict& verdict) {
  std::printf("\n%s\n", totals_table(race.rounds).c_str());
  for (const Contender contender : {Contender::ours, Contender::stock, Contender::loop})
    if (const std::string table = legs_table(race.rounds, contender); !table.empty())
      std::printf("%s\n", table.c_str());
  if (!verdict.text.empty()) std::printf("Targets\n\n%s\n", verdict.text.c_str());
  if (!race.notes.empty()) std::printf("Not as expected\n\n%s\n", race.notes.c_str());
}

int run(int argc, char** argv) {
  std::string path;
  bool enforce = false;
  CLI::App app("Prints what a race has shown", "race-report");
  add_flag(app, "--json", path, "The race's file")->required();
  add_switch(app, "--enforce", enforce, "Fail when a target is missed");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;

  const auto race = read_race(path);
  if (!race) {
    std::fprintf(stderr, "race-report: %s\n", race.error().message.c_str());
    return kExitFailed;
  }
  const Verdict verdict = judge(race->rounds);
  print(*race, verdict);
  std::ofstream(path, std::ios::app) << summary_lines(race->rounds);
  for (const RoundRecord& round : race->rounds)
    if (!round.counts()) return kExitFailed;
  return enforce && !verdict.met ? kExitFailed : kExitDone;
}

}  // namespace
}  // namespace selfheal::race

int main(int argc, char** argv) {
  return selfheal::race::run(argc, argv);
}
