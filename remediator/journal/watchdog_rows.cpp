// When the Watchdog came last, as a row.
#include "remediator/journal/journal_rows.h"

namespace selfheal {

std::optional<WallTime> JournalReader::watchdog_last_seen() {
  SqliteQuery row = connection_.query("SELECT last_seen_at FROM watchdog");
  if (!row.step()) return std::nullopt;
  return row.time();
}

void JournalWriter::watchdog_seen(WallTime at) {
  connection_.query("INSERT OR REPLACE INTO watchdog VALUES (1, ?)").bind(at).run();
}

}  // namespace selfheal
