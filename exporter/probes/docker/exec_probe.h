// Runs a command in the container through Docker; exit status 0 passes.
//
// Docker has no call that ends a command: one that hangs fails with `timeout`, and goes on running
// in the container until it ends by itself or the container does. So that such commands don't pile
// up, the next probe that wants the same one first asks what became of it, and fails with `timeout`
// as long as it runs. The same command never runs twice at a time in a container, and only a few
// run at a time altogether: the others wait for their turn.
//
// What says nothing about the container is inconclusive: Docker did not answer, or refused, or the
// turn did not come in time. Belongs to the probe loop's thread; a result comes at most a second
// after the timeout. A cancelled probe keeps its turn until Docker's answer is there.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/event_loop.h"
#include "common/docker/docker_api.h"
#include "exporter/probes/docker/command_output.h"
#include "exporter/probes/docker/docker_answers.h"
#include "exporter/probes/probe.h"

namespace selfheal {

class ExecProber final : public Prober {
 public:
  static constexpr size_t kDefaultLimit = 8;

  ExecProber(EventLoop& loop, DockerApi& docker);
  ~ExecProber() override;
  ProbeId start(ProbeRequest request, Callback callback) override;
  void cancel(ProbeId id) override;
  // How many commands run at a time.
  void set_limit(size_t in_flight);

 private:
  // The same command of the same container.
  using Key = std::pair<std::string, std::vector<std::string>>;
  struct Probe {
    ProbeRequest request;
    Callback callback;  // empty: cancelled
    SteadyTime deadline;
    EventLoop::TimerId end_of_wait;
    std::string exec;
    std::shared_ptr<CommandOutput> output;  // written on Docker's thread until the command ended
  };

  void begin_waiting();
  void begin(ProbeId id);
  void unfinished_found(ProbeId id, const DockerResult<ExecState>& state);
  void create(ProbeId id);
  void created(ProbeId id, const DockerResult<std::string>& exec);
  void ran(ProbeId id, const DockerResult<Done>& end);
  void inspected(ProbeId id, const DockerResult<Done>& end, const DockerResult<ExecState>& state);
  ProbeResult verdict(const Probe& probe, const DockerResult<Done>& end, const ExecState& state);
  void remember_unfinished(const Probe& probe);
  void finish(ProbeId id, ProbeResult result);
  Milliseconds time_left(const Probe& probe) const;
  static Key key_of(const Probe& probe) {
    return {probe.request.container_id, probe.request.command};
  }

  EventLoop& loop_;
  DockerApi& docker_;
  size_t limit_ = kDefaultLimit;
  std::unordered_map<ProbeId, Probe> probes_;
  std::deque<ProbeId> waiting_;
  std::set<Key> running_;
  std::map<Key, std::string> unfinished_;  // the exec that ran into its timeout
  ProbeId next_id_ = 1;
  DockerAnswers answers_;
};

}  // namespace selfheal
