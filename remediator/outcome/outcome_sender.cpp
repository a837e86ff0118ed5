#include "remediator/outcome/outcome_sender.h"

#include <algorithm>

#include "common/base/log.h"
#include "common/base/time_text.h"
#include "remediator/outcome/outcome_alert.h"

namespace selfheal {
namespace {

constexpr Milliseconds kFirstPause{1'000};
constexpr Milliseconds kLongestPause{30'000};

Milliseconds pause_after(int failed_passes) {
  Milliseconds pause = kFirstPause;
  for (int i = 1; i < failed_passes && pause < kLongestPause; ++i) pause *= 2;
  return std::min(pause, kLongestPause);
}

}  // namespace

OutcomeSender::OutcomeSender(Journal& journal, Alertmanagers alertmanagers,
                             RemediationMetrics& metrics, const Clock& clock)
    : journal_(journal),
      alertmanagers_(std::move(alertmanagers)),
      metrics_(metrics),
      clock_(clock),
      began_(clock.wall_now()) {}

OutcomeSender::~OutcomeSender() {
  stop();
}

void OutcomeSender::start(std::string external_url) {
  // Of earlier processes, that had no Alertmanager to tell it to. The journal logs its own faults.
  (void)journal_.write([](JournalWriter& writer) { writer.tell_anew(); }).ok();
  thread_ = std::thread([this, url = std::move(external_url)] { run(url); });
  pthread_setname_np(thread_.native_handle(), "outcomes");
}

void OutcomeSender::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void OutcomeSender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (const auto& alertmanager : alertmanagers_) alertmanager->shut_down();
  if (thread_.joinable()) thread_.join();
}

bool OutcomeSender::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void OutcomeSender::run(const std::string& external_url) {
  for (;;) {
    const std::optional<Milliseconds> again = pass(external_url);
    std::unique_lock lock(mutex_);
    // A new outcome does not shorten the pause of what can't be told.
    if (again)
      changed_.wait_for(lock, *again, [this] { return stopping_; });
    else
      changed_.wait(lock, [this] { return stopping_ || woken_; });
    if (stopping_) return;
    woken_ = false;
  }
}

std::optional<Milliseconds> OutcomeSender::pass(const std::string& external_url) {
  std::vector<OutcomeRow> rows;
  const auto read =
      journal_.read([&](JournalReader& reader) { rows = reader.untold_outcomes(kOutcomesAtOnce); });
  if (!read) {
    last_fault_ = read.error().message;
    log_change(false);
    return pause_after(failed_passes_);
  }
  Asked asked;
  for (const auto& alertmanager : alertmanagers_) asked.push_back(alertmanager.get());
  bool all_told = true;
  for (const OutcomeRow& row : rows) {
    const bool taken =
        post(outcome_alert_json(row.message, external_url, clock_.wall_now()), asked);
    if (taken && mark_told(row)) continue;
    if (stopping()) return std::nullopt;
    all_told = false;
    if (!taken) give_up_if_old(row);
  }
  if (!rows.empty()) log_change(all_told);
  if (!all_told) return pause_after(failed_passes_);
  if (rows.size() == kOutcomesAtOnce) return Milliseconds(0);
  return std::nullopt;
}

bool OutcomeSender::post(const std::string& alerts, Asked& asked) {
  bool taken = false;
  Asked there;
  for (AlertmanagerApi* alertmanager : asked) {
    const Outcome<PostFault> posted = alertmanager->post(alerts);
    taken = taken || posted.ok();
    if (stopping()) return taken;  // what fails from here on fails by our own doing
    if (!posted) {
      metrics_.outcome_post_failed();
      last_fault_ = posted.error().message;
    }
    if (posted || posted.error().kind == PostFault::Kind::refused) there.push_back(alertmanager);
  }
  asked = std::move(there);
  return taken;
}

bool OutcomeSender::mark_told(const OutcomeRow& row) {
  const auto written = journal_.write(
      [&](JournalWriter& writer) { writer.outcome_told(row.id, clock_.wall_now()); });
  if (!written) last_fault_ = written.error().message;
  return written.ok();
}

void OutcomeSender::give_up_if_old(const OutcomeRow& row) {
  const WallTime now = clock_.wall_now();
  if (now - std::max(row.message.happened_at, began_) < kOutcomeLife) return;
  const auto written =
      journal_.write([&](JournalWriter& writer) { writer.outcome_given_up(row.id, now); });
  if (!written) return;
  log::warn("an outcome was told to nobody, no Alertmanager has taken it",
            {{"incident", std::to_string(row.message.incident)},
             {"outcome", std::string(to_string(row.message.kind))},
             {"description", row.message.description},
             {"err", last_fault_}});
}

// One line when it goes and one when it comes back.
void OutcomeSender::log_change(bool all_told) {
  if (all_told) {
    if (failed_passes_ > 0) log::info("outcomes are told again");
    failed_passes_ = 0;
  } else if (++failed_passes_ == 1) {
    log::warn("outcomes can't be told to people now; it is tried again for " +
                  format_duration(kOutcomeLife),
              {{"err", last_fault_}});
  }
}

}  // namespace selfheal
