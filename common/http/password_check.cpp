#include "common/http/password_check.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <strings.h>

namespace selfheal {
namespace {

// Accepted answers are kept apart from refused ones, so that no flood of wrong passwords pushes the
// right ones out.
constexpr size_t kMostAnswers = 100;
constexpr int kMostWaiting = 8;
constexpr size_t kLongestCredentials = 1024;  // encoded; bcrypt looks at 72 bytes of a password

struct Credentials {
  std::string user;
  std::string password;
  ~Credentials() { OPENSSL_cleanse(password.data(), password.size()); }
};

std::optional<std::string> decode_base64(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<size_t>(length) - padding);
  return bytes;
}

std::optional<Credentials> credentials_of(const std::string& authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (authorization.size() > kLongestCredentials ||
      strncasecmp(authorization.c_str(), kScheme.data(), kScheme.size()) != 0)
    return std::nullopt;
  std::optional<std::string> both =
      decode_base64(std::string_view(authorization).substr(kScheme.size()));
  if (!both) return std::nullopt;
  const size_t colon = both->find(':');
  std::optional<Credentials> found;
  if (colon != std::string::npos && both->find('\0') == std::string::npos)
    found = Credentials{both->substr(0, colon), both->substr(colon + 1)};
  OPENSSL_cleanse(both->data(), both->size());
  return found;
}

// 32 KB of scratch space is too much for a stack.
bool matches(const std::string& hash, const std::string& password) {
  const auto scratch = std::make_unique<crypt_data>();
  const char* computed = crypt_r(password.c_str(), hash.c_str(), scratch.get());
  const bool same = computed != nullptr && std::string_view(computed).size() == hash.size() &&
                    CRYPTO_memcmp(computed, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(scratch.get(), sizeof(crypt_data));
  return same;
}

// In constant time, though what is compared are digests with a secret key.
template <class Answers, class Digest>
bool contains(const Answers& answers, const Digest& digest) {
  int found = 0;
  for (const Digest& answer : answers)
    found |= static_cast<int>(CRYPTO_memcmp(answer.data(), digest.data(), digest.size()) == 0);
  return found != 0;
}

template <class Answers, class Digest>
void remember(Answers& answers, const Digest& digest) {
  if (contains(answers, digest)) return;
  if (answers.size() >= kMostAnswers) answers.pop_front();
  answers.push_back(digest);
}

}  // namespace

PasswordCheck::PasswordCheck(LoginLimit& logins) : logins_(logins) {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
    throw std::runtime_error("OpenSSL gives no random bytes");
}

AuthVerdict PasswordCheck::check(const Users& users, const std::string& authorization,
                                 const std::string& client) {
  const std::optional<Credentials> given = credentials_of(authorization);
  if (!given) return AuthVerdict::refused;
  const auto user = users.find(given->user);
  if (user != users.end())
    return verdict(digest(given->user, user->second, given->password), user->second,
                   given->password, Standing::user, client);
  // Another's hash is only there to spend the time. It isn't remembered: after a reload it may be
  // this user's own.
  return verdict(digest(given->user, "", given->password), users.begin()->second, given->password,
                 Standing::nobody, client);
}

PasswordCheck::Digest PasswordCheck::digest(const std::string& user, const std::string& hash,
                                            const std::string& password) const {
  // The hash has a fixed form, or is empty for an unknown user, and no zero byte stands in a name:
  // nothing else gives this text.
  std::string all = user + '\0' + hash + '\0' + password;
  Digest made{};
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(all.data()), all.size(), made.data(), nullptr);
  OPENSSL_cleanse(all.data(), all.size());
  return made;
}

std::optional<AuthVerdict> PasswordCheck::remembered(const Digest& digest) const {
  if (contains(accepted_, digest)) return AuthVerdict::accepted;
  if (contains(refused_, digest)) return AuthVerdict::refused;
  return std::nullopt;
}

AuthVerdict PasswordCheck::verdict(const Digest& digest, const std::string& hash,
                                   const std::string& password, Standing standing,
                                   const std::string& client) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto answer = remembered(digest)) return *answer;
    if (logins_.turns_away(client)) return AuthVerdict::limited;
    if (waiting_ >= kMostWaiting) return AuthVerdict::busy;
    ++waiting_;
  }
  const std::lock_guard one_at_a_time(compute_mutex_);
  {
    // Whoever was before may have asked the same: eight scrapes at the start cost one hash. Or been
    // wrong as often as this client may.
    const std::lock_guard lock(mutex_);
    std::optional<AuthVerdict> answer = remembered(digest);
    if (!answer && logins_.turns_away(client)) answer = AuthVerdict::limited;
    if (answer) {
      --waiting_;
      return *answer;
    }
  }
  const bool accepted = matches(hash, password) && standing == Standing::user;
  if (!accepted) logins_.failed(client);
  const std::lock_guard lock(mutex_);
  --waiting_;
  remember(accepted ? accepted_ : refused_, digest);
  return accepted ? AuthVerdict::accepted : AuthVerdict::refused;
}

}  // namespace selfheal
