#include "bench/race/report.h"

#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "bench/race/statistics.h"

namespace selfheal::race {
namespace {

constexpr double kErrorTargetMs = 2300;
constexpr double kHangTargetMs = 3200;

using Line = std::array<char, 200>;

std::string text(std::string_view view) {
  return std::string(view);
}

const char* title_of(Contender contender) {
  switch (contender) {
    case Contender::ours:
      return "selfheal";
    case Contender::loop:
      return "polling loop";
    case Contender::stock:
      return "stock chain";
  }
  return "";
}

const char* title_of(Mark mark) {
  switch (mark) {
    case Mark::first_failed_probe:
      return "first failed probe begins";
    case Mark::threshold:
      return "threshold reached";
    case Mark::scraped:
      return "scraped by Prometheus";
    case Mark::alert_firing:
      return "alert fires";
    case Mark::webhook_accepted:
      return "webhook accepted";
    case Mark::restart_issued:
      return "restart issued";
    case Mark::stop_signal:
      return "Docker stops it";
    case Mark::restart_done:
      return "restart done";
    case Mark::healthy:
      return "healthy";
  }
  return "";
}

std::vector<double> totals_of(const std::vector<RoundRecord>& rounds, Contender contender,
                              Mode mode) {
  std::vector<double> totals;
  for (const RoundRecord& round : rounds)
    if (round.contender == contender && round.mode == mode && round.counts())
      totals.push_back(*round.total_ms);
  return totals;
}

std::optional<Summary> summary_of(const std::vector<RoundRecord>& rounds, Contender contender,
                                  Mode mode) {
  return summarize(totals_of(rounds, contender, mode));
}

// From the mark before it that the round has, or from the break.
std::optional<double> leg_ms(const RoundRecord& round, Mark mark) {
  const auto end = round.marks.find(mark);
  if (end == round.marks.end()) return std::nullopt;
  return end->second - (end == round.marks.begin() ? 0 : std::prev(end)->second);
}

std::string leg_cell(const std::vector<RoundRecord>& rounds, Contender contender, Mode mode,
                     Mark mark) {
  std::vector<double> legs;
  for (const RoundRecord& round : rounds)
    if (round.contender == contender && round.mode == mode && round.counts())
      if (const auto leg = leg_ms(round, mark)) legs.push_back(*leg);
  if (legs.empty()) return "-";
  return std::to_string(std::lround(quantile(legs, 0.5)));
}

std::string verdict_line(Mode mode, const std::string& target, double value_ms, bool met) {
  Line line;
  std::snprintf(line.data(), line.size(), "  %-5s  %-28s  %.2f s  %s\n",
                text(to_string(mode)).c_str(), target.c_str(), value_ms / 1000,
                met ? "pass" : "falls short");
  return line.data();
}

}  // namespace

std::string totals_table(const std::vector<RoundRecord>& rounds) {
  std::string table =
      "Time from break to healthy, in seconds\n\n"
      "  mode   chain         rounds  median     p90     min     max  median to ours\n";
  for (const Mode mode : kModes) {
    const auto ours = summary_of(rounds, Contender::ours, mode);
    for (const Contender contender : kContenders) {
      const auto summary = summary_of(rounds, contender, mode);
      if (!summary) continue;
      Line line;
      std::snprintf(line.data(), line.size(), "  %-5s  %-12s  %6zu  %6.2f  %6.2f  %6.2f  %6.2f",
                    text(to_string(mode)).c_str(), title_of(contender), summary->count,
                    summary->median / 1000, summary->p90 / 1000, summary->min / 1000,
                    summary->max / 1000);
      table += line.data();
      if (ours) {
        std::snprintf(line.data(), line.size(), "  %13.2fx", summary->median / ours->median);
        table += line.data();
      }
      table += '\n';
    }
  }
  return table;
}

std::string legs_table(const std::vector<RoundRecord>& rounds, Contender contender) {
  Line line;
  std::snprintf(line.data(), line.size(),
                "Legs of %s, medians in milliseconds since the line above\n\n",
                title_of(contender));
  std::string table = line.data();
  std::snprintf(line.data(), line.size(), "  %-26s  %6s  %6s\n", "", "error", "hang");
  table += line.data();
  bool any = false;
  for (const Mark mark : kMarks) {
    const std::string error = leg_cell(rounds, contender, Mode::error, mark);
    const std::string hang = leg_cell(rounds, contender, Mode::hang, mark);
    if (error == "-" && hang == "-") continue;
    any = true;
    std::snprintf(line.data(), line.size(), "  %-26s  %6s  %6s\n", title_of(mark), error.c_str(),
                  hang.c_str());
    table += line.data();
  }
  return any ? table : "";
}

Verdict judge(const std::vector<RoundRecord>& rounds) {
  Verdict verdict;
  const auto add = [&verdict](Mode mode, const std::string& target, double value_ms, bool met) {
    verdict.text += verdict_line(mode, target, value_ms, met);
    verdict.met = verdict.met && met;
  };
  for (const Mode mode : kModes) {
    const auto ours = summary_of(rounds, Contender::ours, mode);
    if (!ours) continue;
    const double target = mode == Mode::error ? kErrorTargetMs : kHangTargetMs;
    add(mode, mode == Mode::error ? "median at most 2.3 s" : "median at most 3.2 s", ours->median,
        ours->median <= target);
    for (const Contender peer : {Contender::loop, Contender::stock})
      if (const auto theirs = summary_of(rounds, peer, mode))
        add(mode, "below the " + std::string(title_of(peer)) + "'s", theirs->median,
            ours->median < theirs->median);
  }
  return verdict;
}

std::string summary_lines(const std::vector<RoundRecord>& rounds) {
  std::string lines;
  for (const Mode mode : kModes) {
    for (const Contender contender : kContenders) {
      const auto summary = summary_of(rounds, contender, mode);
      if (!summary) continue;
      const nlohmann::ordered_json json{{"kind", "summary"},
                                        {"contender", to_string(contender)},
                                        {"mode", to_string(mode)},
                                        {"rounds", summary->count},
                                        {"median_ms", rounded(summary->median)},
                                        {"p90_ms", rounded(summary->p90)},
                                        {"min_ms", rounded(summary->min)},
                                        {"max_ms", rounded(summary->max)}};
      lines += json.dump() + '\n';
    }
  }
  return lines;
}

}  // namespace selfheal::race
