// What may go from the journal, and its going. For one transaction of Journal; throws SqliteError.
//
// An incident may go when it is closed and nothing depends on it any more. Those that stay are
// - those that owe something (Incident::owes);
// - its container's last one, while that can still hold a breaker open (counts_since);
// - those with an attempt since then, which budgets count;
// - those with an outcome that is still to be told, or that its container's last incident relies on
//   having been told (breaker_told, expiry_told);
// - the newest of all, so that no number is ever given twice.
#pragma once

#include <vector>

#include "remediator/journal/journal_rows.h"

namespace selfheal {

class RetentionRows : private JournalWriter {
 public:
  explicit RetentionRows(const JournalWriter& writer) : JournalWriter(writer) {}

  // Closed up to `closed_until`, the first closed first, at most `limit`.
  std::vector<int64_t> removable(WallTime closed_until, WallTime counts_since, int limit);
  // With all that hangs on it.
  void remove_incident(int64_t id);
  // Pauses that ended up to then; resets made up to then, of containers that are not in the
  // journal.
  void remove_pauses(WallTime ended_until);
  void remove_resets(WallTime reset_until);

  // Of the pages that hold something, and of those that are free.
  int64_t bytes_in_use();
  int64_t bytes_free();
  // Makes the file smaller by that many free pages at most. Does nothing to a file that was begun
  // before the journal did so (auto_vacuum is none).
  void give_back(int pages);
};

}  // namespace selfheal
