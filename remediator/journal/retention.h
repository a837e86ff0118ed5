// Keeps the journal from growing for ever: removes what is closed and older than journal.retention,
// and the oldest that is closed while more than journal.max_bytes are in use. What may go at all
// stands in retention_rows.h; where that is not enough, the journal stays larger and says so.
//
// A thread of its own, at start and every kRetentionInterval, in transactions of at most
// kIncidentsAtOnce incidents and about kBytesAtOnce: an acknowledgement waits for one at most.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "remediator/config.h"
#include "remediator/journal/journal.h"

namespace selfheal {

inline constexpr std::chrono::minutes kRetentionInterval{10};
inline constexpr int kIncidentsAtOnce = 200;
inline constexpr int64_t kBytesAtOnce = 2 << 20;
// Free pages that the file keeps: they are used again soon.
inline constexpr int64_t kBytesKeptFree = 4 << 20;

class Retention {
 public:
  Retention(Journal& journal, const CurrentSettings& settings, const Clock& clock);
  ~Retention();

  void start();
  // Ends after the transaction under way. Idempotent.
  void stop();

  // One pass, as the thread does it; how many incidents it has removed.
  int pass();

 private:
  struct Step {
    int removed = 0;
    bool more = false;  // there is something left to do
    int64_t bytes_in_use = 0;
  };

  void run();
  Step step(JournalWriter& writer) const;
  void log_size(const Step& last);
  bool stopping() const;

  Journal& journal_;
  const CurrentSettings& settings_;
  const Clock& clock_;
  bool too_large_ = false;  // and that was said; the thread's
  mutable std::mutex mutex_;
  std::condition_variable stop_signal_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace selfheal
