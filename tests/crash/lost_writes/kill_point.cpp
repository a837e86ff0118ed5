#include "tests/crash/lost_writes/kill_point.h"

#include <charconv>
#include <csignal>
#include <cstdlib>

#include <unistd.h>

namespace selfheal::lost_writes {

std::optional<KillPoint> KillPoint::parse(std::string_view text) {
  Side side = Side::before;
  if (text.starts_with("after:"))
    side = Side::after;
  else if (!text.starts_with("before:"))
    return std::nullopt;
  text.remove_prefix(text.find(':') + 1);
  int commit = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), commit);
  if (fault != std::errc{} || end != text.data() + text.size() || commit < 1) return std::nullopt;
  return KillPoint(side, commit);
}

void KillPoint::log_is_written() {
  if (writing_.exchange(true)) return;
  if (side_ == Side::before && commits_ + 1 == commit_) kill_this_process();
}

bool KillPoint::committed() {
  if (!writing_.exchange(false)) return false;
  if (++commits_ == commit_ && side_ == Side::after) kill_this_process();
  return true;
}

void KillPoint::kill_this_process() {
  kill(getpid(), SIGKILL);
  std::abort();  // not reached
}

}  // namespace selfheal::lost_writes
