// What was seen of a container right before an attempt, as one JSON document. [pure]
//
//   {"collected_at": …, "took_seconds": …,
//    "alert": {"alertname": …, "starts_at": …, "remediation": …, "labels": {…}},
//    "container": {"state": …, "exit_code": …, "environment": {…}, …},
//    "logs": {"lines": […], "cut": …}, "top": {…}, "stats": {…}, "queries": {NAME: {…}}}
//
// What could not be had is {"error": WHY} in its place. Secrets are masked (secret_mask.h). It
// never takes more than EvidenceSettings::max_bytes: each part has its share, of which it shows as
// much as fits and says that the rest is cut; the log gets all that the others leave, and loses its
// beginning. Bytes that are no text become U+FFFD.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/docker/docker_api.h"
#include "remediator/act/evidence_settings.h"
#include "remediator/act/promql.h"
#include "remediator/incident/incident.h"

namespace selfheal {

struct Evidence {
  WallTime collected_at;
  Milliseconds took{0};
  std::string host;
  std::string group;
  std::optional<IncidentAlert> alert;  // the newest that fires
  ContainerDetails container;
  // Each with the reason why there is none.
  Result<LogText> log = Error{"not asked for"};
  Result<ProcessList> processes = Error{"not asked for"};
  Result<ContainerStats> stats = Error{"not asked for"};
  std::vector<std::pair<std::string, Result<std::vector<PromSample>>>> queries;  // by their names
};

std::string evidence_json(const Evidence& evidence, const EvidenceSettings& settings);

}  // namespace selfheal
