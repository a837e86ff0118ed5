// Tells people: takes outcomes out of the journal's outbox and posts each to every Alertmanager.
//
// An outcome is given to an Alertmanager at least once: it is told when one has taken it, and only
// then marked so. The same one posted twice has the same labels, which is the same alert. That is
// as far as it goes: Alertmanager has alerts in memory only, so one that takes it and dies before
// it flushes the alert's group loses it. More than one of them make that unlikely.
//
// Whatever is in the way is tried again, more and more rarely; what is still in the outbox after
// kOutcomeLife is given up, since nobody wants to read it any more, and stays in the log and in the
// journal. The time in which no process could tell it does not count. What goes on (an open
// breaker, an incident that can't be healed) is told by what comes next of it.
//
// A thread of its own: healing waits neither for Alertmanager nor for this. At most kOutcomesAtOnce
// are in memory, each post has its deadline, and an Alertmanager that did not answer is not asked
// for the next outcome before the next pass.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "remediator/journal/journal.h"
#include "remediator/metrics/remediation_metrics.h"
#include "remediator/outcome/alertmanager_client.h"

namespace selfheal {

inline constexpr int kOutcomesAtOnce = 64;
inline constexpr std::chrono::minutes kOutcomeLife{15};
inline constexpr Milliseconds kPostTimeout{5'000};

class OutcomeSender {
 public:
  using Alertmanagers = std::vector<std::unique_ptr<AlertmanagerApi>>;

  OutcomeSender(Journal& journal, Alertmanagers alertmanagers, RemediationMetrics& metrics,
                const Clock& clock);
  ~OutcomeSender();

  // `external_url` is where people reach this remediator, for the link to the incident. Begins with
  // what an earlier process has left in the outbox.
  void start(std::string external_url);
  // From any thread, after a commit: there may be something to tell.
  void wake();
  // Ends the post under way. What is not told yet is, by the next process. Idempotent.
  void stop();

  // One pass over the outbox, as the thread does it. When to come back, where something is left.
  std::optional<Milliseconds> pass(const std::string& external_url);

 private:
  using Asked = std::vector<AlertmanagerApi*>;

  void run(const std::string& external_url);
  // False when none of `asked` took it; those that are away are taken out.
  bool post(const std::string& alerts, Asked& asked);
  bool mark_told(const OutcomeRow& row);
  void give_up_if_old(const OutcomeRow& row);
  void log_change(bool all_told);
  bool stopping() const;

  Journal& journal_;
  const Alertmanagers alertmanagers_;
  RemediationMetrics& metrics_;
  const Clock& clock_;
  const WallTime began_;
  int failed_passes_ = 0;   // in a row; the thread's
  std::string last_fault_;  // the thread's
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace selfheal
