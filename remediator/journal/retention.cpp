#include "remediator/journal/retention.h"

#include "common/base/log.h"
#include "remediator/incident/breaker.h"
#include "remediator/journal/retention_rows.h"

namespace selfheal {
namespace {

constexpr int kPagesGivenBackAtOnce = 256;

// Removes `ids` in their order for as long as more than `bytes` are in use and the transaction
// stays a small one.
int remove_down_to(int64_t bytes, const std::vector<int64_t>& ids, RetentionRows& rows) {
  int removed = 0;
  const int64_t before = rows.bytes_in_use();
  for (const int64_t id : ids) {
    const int64_t in_use = rows.bytes_in_use();
    if (in_use <= bytes || before - in_use >= kBytesAtOnce) break;
    rows.remove_incident(id);
    ++removed;
  }
  return removed;
}

}  // namespace

Retention::Retention(Journal& journal, const CurrentSettings& settings, const Clock& clock)
    : journal_(journal), settings_(settings), clock_(clock) {}

Retention::~Retention() {
  stop();
}

void Retention::start() {
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "retention");
}

void Retention::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_signal_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Retention::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Retention::run() {
  for (;;) {
    pass();
    std::unique_lock lock(mutex_);
    if (stop_signal_.wait_for(lock, kRetentionInterval, [this] { return stopping_; })) return;
  }
}

int Retention::pass() {
  int removed = 0;
  Step last;
  do {
    const auto written = journal_.write_apart([&](JournalWriter& writer) { last = step(writer); });
    if (!written) break;  // the journal logs its own faults
    removed += last.removed;
    if (!last.more) log_size(last);
  } while (last.more && !stopping());
  if (removed > 0)
    log::info("old incidents removed from the journal", {{"incidents", std::to_string(removed)}});
  return removed;
}

Retention::Step Retention::step(JournalWriter& writer) const {
  const auto settings = settings_.get();
  const WallTime now = clock_.wall_now();
  const WallTime expired = now - settings->retention.age;
  const WallTime counts_since = now - longest_after_end(settings->incident.healthy_reset);
  RetentionRows rows(writer);
  Step done;
  done.removed = remove_down_to(0, rows.removable(expired, counts_since, kIncidentsAtOnce), rows);
  if (done.removed == 0) {
    rows.remove_pauses(expired);
    rows.remove_resets(expired);
    done.removed = remove_down_to(settings->retention.max_bytes,
                                  rows.removable(now, counts_since, kIncidentsAtOnce), rows);
  }
  done.more = done.removed > 0;
  if (!done.more) {
    const int64_t free = rows.bytes_free();
    if (free > kBytesKeptFree) rows.give_back(kPagesGivenBackAtOnce);
    done.more = rows.bytes_free() < free;
  }
  done.bytes_in_use = rows.bytes_in_use();
  return done;
}

// Once when it becomes so, and once when it is over.
void Retention::log_size(const Step& last) {
  const int max_bytes = settings_.get()->retention.max_bytes;
  const bool too_large = last.bytes_in_use > max_bytes;
  if (too_large && !too_large_)
    log::warn(
        "the journal is larger than journal.max_bytes, and all that is in it is needed",
        {{"bytes", std::to_string(last.bytes_in_use)}, {"max_bytes", std::to_string(max_bytes)}});
  if (!too_large && too_large_) log::info("the journal is no longer larger than journal.max_bytes");
  too_large_ = too_large;
}

}  // namespace selfheal
