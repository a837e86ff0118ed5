// What is to be seen of a container right before an attempt acts on it, and is gone afterwards:
// collected from Docker and Prometheus, and written down.
//
// It only helps people: look() is over after EvidenceSettings::timeout, and whatever could not be
// had or written is said there, or in the log, and stops nothing. But it takes a while, in which
// people act: whoever looks has to judge anew before acting. Safe from any thread.
#pragma once

#include "common/docker/docker_api.h"
#include "remediator/act/evidence_document.h"
#include "remediator/act/prometheus_client.h"
#include "remediator/decision/facts.h"
#include "remediator/journal/journal.h"

namespace selfheal {

class EvidenceKeeper {
 public:
  // `prometheus` may be null.
  EvidenceKeeper(Journal& journal, PrometheusApi* prometheus, const Clock& clock);

  // Of the attempt that may follow, on the container as it was judged; `docker` is its engine. Of a
  // service, one of its containers on that engine, an unhealthy one if Docker knows of any; nothing
  // where there is none.
  std::optional<EvidenceRow> look(DockerApi& docker, const Incident& incident, const Facts& facts,
                                  const EvidenceSettings& settings) const;
  // Into the journal, of an attempt that is there.
  void keep(const Incident& incident, const EvidenceRow& row) const;

 private:
  static std::optional<ContainerDetails> worst_of(DockerApi& docker,
                                                  const std::vector<TaskDetails>& tasks);
  Evidence collect(DockerApi& docker, const Incident& incident, const ContainerDetails& container,
                   const EvidenceSettings& settings) const;
  void ask_prometheus(Evidence& evidence, const EvidenceSettings& settings,
                      SteadyTime deadline) const;
  // What is left until then; nothing when that is too little for a call.
  std::optional<Milliseconds> left_until(SteadyTime deadline) const;
  // What `ask` answers, given the time that is left.
  template <class T, class Ask>
  Result<T> in_time(SteadyTime deadline, Ask ask) const;

  Journal& journal_;
  PrometheusApi* prometheus_;
  const Clock& clock_;
};

}  // namespace selfheal
