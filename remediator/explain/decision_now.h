// What would be decided for an alert that came now, by what Docker, Prometheus and a journal say.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "remediator/act/facts_reader.h"
#include "remediator/config.h"
#include "remediator/docker_settings.h"
#include "remediator/explain/explanation.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class DecisionNow {
 public:
  // Without a `prometheus_url` the guards work without policy; `journal` may be null: then nothing
  // has happened before.
  DecisionNow(const std::vector<EngineAddress>& engines, const std::string& prometheus_url,
              Journal* journal, const RemediatorSettings& settings, const Clock& clock);

  // As of `now`, which may be a time to come.
  Result<Explanation, JournalFault> explain(const ReceivedAlert& alert, WallTime now);

 private:
  Journal* journal_;
  const RemediatorSettings& settings_;
  std::unique_ptr<PrometheusClient> prometheus_;
  DockerHosts hosts_;
  const FactsReader facts_reader_;
};

}  // namespace selfheal
