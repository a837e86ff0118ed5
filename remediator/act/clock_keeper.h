// Notices that the system's clock was set, forward or back, and moves the journal's times along:
// what was to be waited for another ten seconds still is, an attempt has no more and no less time
// to prove itself, an hour's budget stays that of an hour.
//
// A clock that was set while no process ran is noticed only where it went back, by a journal that
// speaks of the future. A machine that was suspended looks like one whose clock was set forward.
#pragma once

#include "remediator/journal/journal.h"
#include "remediator/journal/journal_clock.h"
#include "remediator/metrics/remediation_metrics.h"

namespace selfheal {

class ClockKeeper {
 public:
  // Less is adopted without a word: nothing is measured that finely.
  static constexpr std::chrono::seconds kLeast{1};

  ClockKeeper(Journal& journal, JournalClock& clock, RemediationMetrics& metrics);

  // Before anything is dispatched.
  void look_back();
  // Often, from one thread: true when the clock was set and the journal's times are moved. While
  // the journal can't be written it goes by the old time.
  bool keep();

 private:
  // Moves the journal's times, and its clock by `clock_by`; false when that can't be written.
  bool move(std::chrono::nanoseconds by, std::chrono::nanoseconds clock_by, WallTime last);

  Journal& journal_;
  JournalClock& clock_;
  RemediationMetrics& metrics_;
};

}  // namespace selfheal
