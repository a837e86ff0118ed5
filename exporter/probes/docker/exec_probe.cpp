#include "exporter/probes/docker/exec_probe.h"

#include <algorithm>
#include <utility>

#include "common/base/time_text.h"

namespace selfheal {
namespace {

constexpr Milliseconds kInspectTimeout{1'000};
// Their containers may be gone for good: the memory of them has an end.
constexpr size_t kMostUnfinished = 1'000;

// A refusal that speaks of the container, and not of Docker or a proxy in front of it: it is
// paused, it does not run, it has no such command.
bool concerns_container(DockerFailureKind kind) {
  return kind == DockerFailureKind::conflict;
}

ProbeResult not_run(const DockerFailure& failure) {
  if (concerns_container(failure.kind)) return failed(ProbeReason::exec, failure.message);
  return inconclusive(failure.message);
}

std::string in_text(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

ExecProber::ExecProber(EventLoop& loop, DockerApi& docker)
    : loop_(loop), docker_(docker), answers_(loop) {}

ExecProber::~ExecProber() {
  for (const auto& [id, probe] : probes_) loop_.cancel(probe.end_of_wait);
}

void ExecProber::set_limit(size_t in_flight) {
  limit_ = in_flight;
  begin_waiting();
}

Prober::ProbeId ExecProber::start(ProbeRequest request, Callback callback) {
  const ProbeId id = next_id_++;
  Probe& probe = probes_[id];
  probe.deadline = loop_.now() + request.timeout;
  probe.end_of_wait = loop_.at(probe.deadline, [this, id] {
    finish(id, inconclusive("its turn did not come in time: too many commands take too long "
                            "(limits.exec_in_flight)"));
  });
  probe.request = std::move(request);
  probe.callback = std::move(callback);
  probe.output = std::make_shared<CommandOutput>();
  waiting_.push_back(id);
  begin_waiting();
  return id;
}

void ExecProber::begin_waiting() {
  for (auto at = waiting_.begin(); at != waiting_.end() && running_.size() < limit_;) {
    const ProbeId id = *at;
    if (running_.insert(key_of(probes_.at(id))).second) {
      at = waiting_.erase(at);
      begin(id);
    } else {
      ++at;
    }
  }
}

Milliseconds ExecProber::time_left(const Probe& probe) const {
  return std::max(Milliseconds(1), std::chrono::ceil<Milliseconds>(probe.deadline - loop_.now()));
}

void ExecProber::begin(ProbeId id) {
  const Probe& probe = probes_.at(id);
  loop_.cancel(probe.end_of_wait);
  const auto unfinished = unfinished_.find(key_of(probe));
  if (unfinished == unfinished_.end()) return create(id);
  docker_.inspect_exec_async(unfinished->second, time_left(probe),
                             answers_.to([this, id](const DockerResult<ExecState>& state) {
                               unfinished_found(id, state);
                             }));
}

void ExecProber::unfinished_found(ProbeId id, const DockerResult<ExecState>& state) {
  if (!state && state.error().kind != DockerFailureKind::not_found)
    return finish(id, inconclusive(state.error().message));
  if (state && state->running)
    return finish(id, failed(ProbeReason::timeout,
                             "the command of an earlier probe still runs in the container; no "
                             "other is started beside it"));
  unfinished_.erase(key_of(probes_.at(id)));
  create(id);
}

void ExecProber::create(ProbeId id) {
  const Probe& probe = probes_.at(id);
  docker_.create_exec_async(
      probe.request.container_id, probe.request.command, time_left(probe),
      answers_.to([this, id](const DockerResult<std::string>& exec) { created(id, exec); }));
}

void ExecProber::created(ProbeId id, const DockerResult<std::string>& exec) {
  if (!exec) return finish(id, not_run(exec.error()));
  Probe& probe = probes_.at(id);
  if (!probe.callback) return finish(id, {});  // cancelled: what did not begin need not
  probe.exec = *exec;
  docker_.run_exec_async(
      *exec, time_left(probe),
      [output = probe.output](std::string_view piece) { output->add(piece); },
      answers_.to([this, id](const DockerResult<Done>& end) { ran(id, end); }));
}

void ExecProber::ran(ProbeId id, const DockerResult<Done>& end) {
  docker_.inspect_exec_async(probes_.at(id).exec, kInspectTimeout,
                             answers_.to([this, id, end](const DockerResult<ExecState>& state) {
                               inspected(id, end, state);
                             }));
}

void ExecProber::inspected(ProbeId id, const DockerResult<Done>& end,
                           const DockerResult<ExecState>& state) {
  const Probe& probe = probes_.at(id);
  if (state ? state->running : state.error().kind != DockerFailureKind::not_found)
    remember_unfinished(probe);
  ProbeResult result = state ? verdict(probe, end, *state) : inconclusive(state.error().message);
  if (probe.request.tracing == Tracing::on) {
    result.trace = std::make_shared<ProbeTrace>();
    result.trace->output = probe.output->beginning();
    result.trace->log.push_back(
        {loop_.clock().wall_now(),
         log::Level::info,
         "ran a command in the container",
         {{"command", in_text(probe.request.command)},
          {"exit_code", state && state->exit_code ? std::to_string(*state->exit_code) : "none"}}});
  }
  finish(id, std::move(result));
}

ProbeResult ExecProber::verdict(const Probe& probe, const DockerResult<Done>& end,
                                const ExecState& state) {
  const std::string& output = probe.output->end();
  if (!end && end.error().kind == DockerFailureKind::timeout) {
    // Never begun: then it is Docker that was slow.
    if (!state.running && !state.exit_code) return inconclusive(end.error().message);
    const std::string line = last_line(output);
    return failed(ProbeReason::timeout, "the command did not end within " +
                                            format_duration(probe.request.timeout) +
                                            (line.empty() ? "" : "; so far: " + line));
  }
  if (!state.exit_code) {
    return end ? inconclusive("Docker does not tell the command's exit status")
               : not_run(end.error());
  }
  if (*state.exit_code == 0) return end ? passed() : inconclusive(end.error().message);
  return failed(ProbeReason::exec,
                describe_exit(*state.exit_code, end ? output : end.error().message));
}

void ExecProber::remember_unfinished(const Probe& probe) {
  if (unfinished_.size() >= kMostUnfinished) unfinished_.erase(unfinished_.begin());
  unfinished_[key_of(probe)] = probe.exec;
}

void ExecProber::finish(ProbeId id, ProbeResult result) {
  const auto over = probes_.extract(id);
  const Probe& probe = over.mapped();
  if (std::erase(waiting_, id) == 0) running_.erase(key_of(probe));
  if (probe.callback) probe.callback(std::move(result));
  begin_waiting();
}

void ExecProber::cancel(ProbeId id) {
  const auto found = probes_.find(id);
  if (found == probes_.end()) return;
  if (std::erase(waiting_, id) > 0) {
    loop_.cancel(found->second.end_of_wait);
    probes_.erase(found);
  } else {
    found->second.callback = nullptr;
  }
}

}  // namespace selfheal
