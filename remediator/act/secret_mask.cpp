#include "remediator/act/secret_mask.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "common/docker/docker_messages.h"

namespace selfheal {
namespace {

// Shorter ones would make a text unreadable, and are found in anything.
constexpr size_t kShortestInText = 6;

constexpr std::array<std::string_view, 9> kSecretWords{
    "PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH", "PRIVATE", "DSN"};
// Where the shell is, and was.
constexpr std::array<std::string_view, 2> kNoSecrets{"PWD", "OLDPWD"};

// user:password@ behind ://, and the password; the user may be left out. Up to the last @, since
// people forget to escape one.
const re2::RE2& url_with_password() {
  static const re2::RE2 expression(R"(://[^\s:@/,]*:(\S+)@)", re2::RE2::Latin1);
  return expression;
}

// Where another address of a list begins: not at any comma, which a password may have.
const re2::RE2& next_url() {
  static const re2::RE2 expression(R"(,[A-Za-z][A-Za-z0-9+.-]*://)", re2::RE2::Latin1);
  return expression;
}

std::vector<std::string> urls_of(const std::string& value) {
  std::vector<std::string> urls;
  size_t begin = 0;
  re2::StringPiece found;
  while (next_url().Match(value, begin + 1, value.size(), re2::RE2::UNANCHORED, &found, 1)) {
    const size_t end = static_cast<size_t>(found.data() - value.data());
    urls.push_back(value.substr(begin, end - begin));
    begin = end;
  }
  urls.push_back(value.substr(begin));
  return urls;
}

// password=… as in connection strings: Server=db;Password=…; and ?user=a&password=…
const re2::RE2& password_in_a_list() {
  static const re2::RE2 expression(
      R"((?i)(?:password|passwd|pwd|secret|token|key)\s*=\s*([^;&\s]+))", re2::RE2::Latin1);
  return expression;
}

bool name_says_secret(std::string_view name, const std::vector<NamePattern>& more) {
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto found = [&](std::string_view word) { return upper.find(word) != std::string::npos; };
  if (std::find(kNoSecrets.begin(), kNoSecrets.end(), upper) != kNoSecrets.end()) return false;
  if (std::any_of(kSecretWords.begin(), kSecretWords.end(), found)) return true;
  return std::any_of(more.begin(), more.end(), [&](const NamePattern& pattern) {
    return pattern.matches(std::string(name));
  });
}

std::vector<std::string> passwords_in(const std::string& value) {
  std::vector<std::string> passwords;
  const auto add_all = [&](const std::string& text, const re2::RE2& form) {
    re2::StringPiece rest(text);
    for (std::string password; re2::RE2::FindAndConsume(&rest, form, &password);)
      passwords.push_back(password);
  };
  for (const std::string& url : urls_of(value)) add_all(url, url_with_password());
  add_all(value, password_in_a_list());
  return passwords;
}

std::string as_in_json(std::string_view text) {
  const std::string quoted =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

// At least kShortestInText of them.
uint64_t first_bytes(std::string_view text) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, text.data(), kShortestInText);
  return bytes;
}

}  // namespace

SecretMask::SecretMask(const std::vector<std::string>& environment,
                       const std::vector<NamePattern>& more) {
  std::vector<bool> secret;
  for (const std::string& variable : environment) {
    const size_t equals = std::min(variable.find('='), variable.size());
    const std::string value = variable.substr(std::min(equals + 1, variable.size()));
    environment_.push_back({variable.substr(0, equals), value});
    const std::vector<std::string> passwords = passwords_in(value);
    secret.push_back(!passwords.empty() || name_says_secret(environment_.back().name, more));
    if (secret.back()) add_secret(value);
    for (const std::string& password : passwords) add_secret(password);
  }
  // Only now are all secrets known that the other values may have in them.
  for (size_t i = 0; i < environment_.size(); ++i) {
    std::string& value = environment_[i].value;
    if (!value.empty()) value = secret[i] ? std::string(kMask) : masked(value);
  }
}

void SecretMask::add_secret(std::string_view value) {
  add_piece(value);
  for (size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
    end = value.find_first_of("\r\n", begin);
    add_piece(value.substr(begin, end == std::string_view::npos ? end : end - begin));
  }
}

void SecretMask::add_piece(std::string_view piece) {
  if (piece.size() < kShortestInText) return;
  add_text(piece);
  add_text(url_encode(piece));
  add_text(as_in_json(piece));
}

void SecretMask::add_text(std::string_view text) {
  std::vector<std::string>& beginning_so = secrets_[first_bytes(text)];
  if (std::find(beginning_so.begin(), beginning_so.end(), text) != beginning_so.end()) return;
  beginning_so.emplace_back(text);
  longest_ = std::max(longest_, text.size());
}

size_t SecretMask::secret_at(std::string_view text) const {
  if (text.size() < kShortestInText) return 0;
  const auto beginning_so = secrets_.find(first_bytes(text));
  if (beginning_so == secrets_.end()) return 0;
  size_t longest = 0;
  for (const std::string& secret : beginning_so->second)
    if (secret.size() > longest && text.starts_with(secret)) longest = secret.size();
  return longest;
}

std::string SecretMask::masked(std::string_view text) const {
  if (secrets_.empty()) return std::string(text);
  std::string result;
  size_t hidden_until = 0;  // secrets may overlap: what belongs to any of them is hidden
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t length = secret_at(text.substr(at));
    if (length > 0 && at >= hidden_until) result += kMask;
    hidden_until = std::max(hidden_until, at + length);
    if (at >= hidden_until) result += text[at];
  }
  return result;
}

}  // namespace selfheal
