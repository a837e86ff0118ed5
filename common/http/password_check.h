// Names and passwords of HTTP's Basic scheme against bcrypt hashes, as exporter-toolkit does it.
//
// A hash takes tens of milliseconds, so answers are remembered, by a keyed digest of user, hash and
// password; the password itself is not kept. One hash is computed at a time, with a short queue:
// a flood of wrong passwords takes neither all cores nor all workers, and those whose answer is
// known get in meanwhile. An unknown user costs as much time as a known one with a wrong password.
//
// How often one client may be wrong: login_limit.h. What is remembered is answered whoever asks.
//
// Thread-safe.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "common/http/login_limit.h"

namespace selfheal {

enum class AuthVerdict { accepted, refused, busy, limited };

class PasswordCheck {
 public:
  using Users = std::map<std::string, std::string>;  // name to bcrypt hash

  explicit PasswordCheck(LoginLimit& logins);
  // `authorization` is the header's value, `users` is not empty, `client` is who asks (client_of).
  // Busy: too many wait for an answer. Limited: this client was wrong too often.
  AuthVerdict check(const Users& users, const std::string& authorization,
                    const std::string& client);

 private:
  using Digest = std::array<unsigned char, 32>;
  enum class Standing { user, nobody };
  using Answers = std::deque<Digest>;  // the oldest first

  // `hash` is empty for an unknown user.
  Digest digest(const std::string& user, const std::string& hash,
                const std::string& password) const;
  // With mutex_ held.
  std::optional<AuthVerdict> remembered(const Digest& digest) const;
  // Takes mutex_ itself.
  AuthVerdict verdict(const Digest& digest, const std::string& hash, const std::string& password,
                      Standing standing, const std::string& client);

  LoginLimit& logins_;
  Digest key_{};  // of this process
  std::mutex mutex_;
  Answers accepted_;
  Answers refused_;
  int waiting_ = 0;  // for compute_mutex_, or computing
  std::mutex compute_mutex_;
};

}  // namespace selfheal
