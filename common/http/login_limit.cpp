#include "common/http/login_limit.h"

#include <algorithm>

namespace selfheal {
namespace {

// No address is empty: the row of those that the table has no room for.
const std::string kOthers;

}  // namespace

void LoginLimit::set_exempt(Exempt exempt) {
  const std::lock_guard lock(mutex_);
  exempt_ = std::move(exempt);
}

bool LoginLimit::turns_away(const std::string& address) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  const auto row = row_of(address, now);
  if (row == rows_.end() || row->second - now <= (kBurst - 1) * kInterval) return false;
  if (exempt_ && exempt_(address)) return false;
  ++limited_;
  return true;
}

void LoginLimit::failed(const std::string& address) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  auto row = row_of(address, now);
  if (row == rows_.end())
    row = rows_.try_emplace(rows_.size() < kMostAddresses ? address : kOthers, now).first;
  // Those that are looked at at the same time may be a few too many; they don't make it longer.
  row->second = std::min(std::max(row->second, now) + kInterval, now + kBurst * kInterval);
}

uint64_t LoginLimit::limited() const {
  const std::lock_guard lock(mutex_);
  return limited_;
}

// Its own row, or that of the others when the table is full of those who failed lately.
LoginLimit::Rows::iterator LoginLimit::row_of(const std::string& address, SteadyTime now) {
  const auto own = rows_.find(address);
  if (own != rows_.end() || rows_.size() < kMostAddresses) return own;
  std::erase_if(rows_, [now](const auto& old) { return old.second <= now; });
  return rows_.size() < kMostAddresses ? rows_.end() : rows_.find(kOthers);
}

}  // namespace selfheal
