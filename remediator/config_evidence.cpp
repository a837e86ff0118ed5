// What is kept of a container before each attempt.
#include "remediator/act/promql.h"
#include "remediator/config_sections.h"

namespace selfheal {
namespace {

constexpr Milliseconds kLongestEvidence{60'000};  // a container waits for it, broken
constexpr int kMostLogLines = 10'000;
constexpr int kMostEvidenceBytes = 16 << 20;

void read_queries(YamlFields& fields, EvidenceSettings& evidence) {
  const std::vector<std::string> names = fields.keys();
  if (names.size() > kMostEvidenceQueries)
    fields.fault("expected at most " + std::to_string(kMostEvidenceQueries) + " queries");
  for (const std::string& name : names) {
    const YamlKey key(name,
                      "`{{host}}` and `{{container}}` in it stand for their names as strings");
    fields.read(key, "a PromQL query", [&](const std::string& query) -> Outcome<> {
      if (name.size() > kLongestQueryName) return Error{"expected a shorter name"};
      if (const Outcome<> fine = check_query(query); !fine) return fine.error();
      evidence.queries.emplace_back(name, query);
      return Done{};
    });
  }
}

}  // namespace

void read_evidence(YamlFields& fields, EvidenceSettings& evidence) {
  fields.read({"enabled", "Whether anything is collected"}, evidence.enabled);
  fields.read({"timeout", "For all of it; then the attempt goes on without what is missing"},
              evidence.timeout, Milliseconds(10), kLongestEvidence);
  fields.read({"log_lines", "How many of the container's last log lines"}, evidence.log_lines, 0,
              kMostLogLines);
  fields.read({"max_bytes", "Of one attempt, as JSON; the log loses its beginning"},
              evidence.max_bytes, kLeastEvidenceBytes, kMostEvidenceBytes);
  const YamlKey mask("mask",
                     "Names of environment variables (RE2) whose values are secret as well, beside "
                     "those that look so");
  fields.each(mask, "a list of regular expressions", [&](const std::string& text) -> Outcome<> {
    auto pattern = NamePattern::compile(text);
    if (!pattern) return pattern.error();
    evidence.mask.push_back(*std::move(pattern));
    return Done{};
  });
  fields.section({"queries", "What Prometheus is asked, each by a name of yours"},
                 [&](YamlFields& queries) { read_queries(queries, evidence); });
}

}  // namespace selfheal
