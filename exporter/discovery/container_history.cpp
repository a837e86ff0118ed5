#include "exporter/discovery/container_history.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "exporter/discovery/signal_name.h"

namespace selfheal {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kEvidenceBefore = 60 * kSecond;
// After that a signal asks anew: what was asked before was ignored. As the rule
// selfheal:container_stopping has it.
constexpr int64_t kLongestStop = 600 * kSecond;
// `die` and `stop` are told a moment after the death that they are dated by.
constexpr int64_t kEvidenceAfter = kSecond / 2;
// Docker waits for the stop timeout before it kills, and the death itself takes a moment.
constexpr std::chrono::seconds kDeathSlack{10};
constexpr int kKilled = 128 + 9;  // exit code

int64_t to_ns(const std::optional<WallTime>& time) {
  return time ? to_unix_ns(*time) : 0;
}

bool is_down(ContainerState state) {
  return state == ContainerState::exited || state == ContainerState::dead;
}

bool is_meant_to_stop(std::string_view signal) {
  return signal == "TERM" || signal == "KILL" || signal == "INT";
}

bool exit_code_of_a_request(int code) {
  return code == 0 || code == 130 || code == kKilled || code == 143;
}

}  // namespace

// One that does not tell its signal is taken for a request.
void ContainerHistory::on_kill(const DockerEvent& event) {
  const auto told = event.attributes.find("signal");
  const std::string own = signal_name(stop_signal_);
  const std::string signal = told == event.attributes.end() ? own : signal_name(told->second);
  const bool asks_to_stop = signal == own || is_meant_to_stop(signal);
  if (asks_to_stop) on_request(event.time_ns);
  if (asks_to_stop || signal == "QUIT") kill_ns_ = std::max(kill_ns_, event.time_ns);
}

void ContainerHistory::on_request(int64_t time_ns) {
  // The start after a death is learnt of later.
  const int64_t run_began_ns = std::max(started_ns_, die_ns_);
  const bool goes_on = stop_asked_ns_ >= run_began_ns && time_ns >= run_began_ns &&
                       std::abs(time_ns - stop_asked_ns_) <= kLongestStop;
  stop_asked_ns_ = goes_on ? std::min(stop_asked_ns_, time_ns) : std::max(stop_asked_ns_, time_ns);
}

std::optional<WallTime> ContainerHistory::stop_asked_at() const {
  if (stop_asked_ns_ == 0) return std::nullopt;
  return WallTime(std::chrono::nanoseconds(stop_asked_ns_));
}

void ContainerHistory::on_past_event(const DockerEvent& event) {
  if (event.action == "kill") {
    on_kill(event);
  } else if (event.action == "die" || event.action == "died") {  // died: Podman
    die_ns_ = std::max(die_ns_, event.time_ns);
    if (event.attributes.contains("containerExitCode")) loses_requests_ = true;
  } else if (event.action == "stop") {
    stop_ns_ = std::max(stop_ns_, event.time_ns);
  }
}

void ContainerHistory::on_event(const DockerEvent& event) {
  on_past_event(event);
  if (event.action != "oom") return;
  const bool counted = oom_event_to_come_ && event.time_ns >= oom_ns_;
  if (counted)
    oom_event_to_come_ = false;
  else
    ++oom_kills_;
  oom_ns_ = std::max(oom_ns_, event.time_ns);
}

void ContainerHistory::observe(const ContainerDetails& details) {
  if (id_ != details.id) {
    adopt(details);
  } else {
    count_restarts(details);
    count_oom_kill(details);
  }
  remember(details);
}

// First sight, or recreated under the same name: there is nothing to compare with.
void ContainerHistory::adopt(const ContainerDetails& details) {
  id_ = details.id;
  kill_ns_ = die_ns_ = stop_ns_ = evidence_for_ns_ = 0;
  oom_ns_ = details.oom_killed ? to_ns(details.started_at) : 0;
  oom_event_to_come_ = false;
  policy_restarts_to_come_ = details.state == ContainerState::restarting ? 1 : 0;
}

void ContainerHistory::count_restarts(const ContainerDetails& details) {
  const bool started_again = started_ns_ != 0 && to_ns(details.started_at) > started_ns_;
  if (details.restart_count > restart_count_) {
    const int grown = details.restart_count - restart_count_;
    restarts_.policy += static_cast<uint64_t>(grown);
    policy_restarts_to_come_ = started_again ? 0 : policy_restarts_to_come_ + grown;
  } else if (started_again && policy_restarts_to_come_ > 0 &&
             details.restart_count == restart_count_) {
    policy_restarts_to_come_ = 0;
  } else if (started_again) {
    ++restarts_.api;
    policy_restarts_to_come_ = 0;  // it came before the policy's turn
    // A restart by API sets Docker's count to 0; what it shows now happened since.
    if (details.restart_count < restart_count_)
      restarts_.policy += static_cast<uint64_t>(details.restart_count);
  }
}

// An OOM kill whose event was missed still shows in the state of the run that it ended; with older
// engines also in that of the next run.
void ContainerHistory::count_oom_kill(const ContainerDetails& details) {
  const int64_t started = to_ns(details.started_at);
  const bool over = to_ns(details.finished_at) >= started;
  const int64_t ended_run = over ? started : started_ns_;
  const bool news = over || started > started_ns_;
  if (!details.oom_killed || !news || oom_ns_ >= ended_run) return;
  ++oom_kills_;
  oom_ns_ = ended_run;
  oom_event_to_come_ = true;
}

void ContainerHistory::remember(const ContainerDetails& details) {
  state_ = details.state;
  started_ns_ = to_ns(details.started_at);
  finished_ns_ = to_ns(details.finished_at);
  exit_code_ = details.exit_code;
  oom_killed_ = details.oom_killed;
  restart_count_ = details.restart_count;
  stop_signal_ = details.stop_signal;
  stop_timeout_ = details.stop_timeout.value_or(std::chrono::seconds(10));
}

bool ContainerHistory::needs_evidence() const {
  return is_down(state_) && finished_ns_ != 0 && die_ns_ < started_ns_ &&
         evidence_for_ns_ != finished_ns_;
}

int64_t ContainerHistory::evidence_since_ns() const {
  return finished_ns_ - kEvidenceBefore;
}

int64_t ContainerHistory::evidence_until_ns() const {
  return finished_ns_ + kEvidenceAfter;
}

bool ContainerHistory::died_after_request() const {
  if (stop_ns_ >= started_ns_) return true;  // `docker stop` says so itself, after the death
  const int64_t patience =
      std::chrono::nanoseconds(std::max(stop_timeout_, std::chrono::seconds(0)) + kDeathSlack)
          .count();
  return kill_ns_ >= started_ns_ && kill_ns_ <= die_ns_ && die_ns_ - kill_ns_ <= patience;
}

// By a signal alone, for which Docker waits no time: what takes long to shut down ends by itself.
bool ContainerHistory::shut_down_after_signal() const {
  return stop_asked_ns_ >= started_ns_ && stop_asked_ns_ <= die_ns_ &&
         die_ns_ - stop_asked_ns_ <= kLongestStop && !oom_killed_ && exit_code_ != kKilled &&
         exit_code_of_a_request(exit_code_);
}

bool ContainerHistory::stop_requested() const {
  if (!is_down(state_)) return false;
  const bool told = die_ns_ >= started_ns_ && started_ns_ != 0;
  if (told && (died_after_request() || shut_down_after_signal())) return true;
  if (told && !loses_requests_) return false;
  return !oom_killed_ && exit_code_of_a_request(exit_code_);
}

}  // namespace selfheal
