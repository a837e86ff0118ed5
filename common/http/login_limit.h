// How often logins from one address may fail: ten at once, then one each six seconds. [pure]
//
// For passwords, of which each check costs tens of milliseconds, and for tokens, so that neither is
// found out by trying. Only what fails counts: whoever is known to be right is not asked about here
// at all, and after a mended password it takes six seconds at most. So a lock-out by mistake ends
// by itself, and one by a neighbour behind the same address needs the neighbour to go on.
//
// The table is bounded: when kMostAddresses have failed lately, all others share one row.
//
// Addresses that `exempt` names are never limited (Alertmanager's: it tries again every second, and
// locked out it would heal nothing). Thread-safe; `exempt` is called under the lock, and only for
// an address that would be limited.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "common/base/clock.h"

namespace selfheal {

class LoginLimit {
 public:
  using Exempt = std::function<bool(const std::string& address)>;

  static constexpr int kBurst = 10;
  static constexpr std::chrono::seconds kInterval{6};
  static constexpr size_t kMostAddresses = 4096;

  explicit LoginLimit(const Clock& clock) : clock_(clock) {}

  void set_exempt(Exempt exempt);

  // Whether a login from there is not to be looked at now, but in kInterval at most. Counts those.
  bool turns_away(const std::string& address);
  // It was looked at, and was wrong.
  void failed(const std::string& address);
  // How many were turned away so far.
  uint64_t limited() const;

 private:
  // The time at which all failures of a row are forgotten: each adds an interval to it.
  using Rows = std::unordered_map<std::string, SteadyTime>;
  Rows::iterator row_of(const std::string& address, SteadyTime now);

  const Clock& clock_;
  mutable std::mutex mutex_;
  Exempt exempt_;
  Rows rows_;
  uint64_t limited_ = 0;
};

}  // namespace selfheal
