#include "exporter/probes/http/http_request.h"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/evp.h>
#include <strings.h>

#include "common/base/ascii_text.h"
#include "common/base/program.h"

namespace selfheal {
namespace {

bool is_named(const std::pair<std::string, std::string>& header, const char* name) {
  return strcasecmp(header.first.c_str(), name) == 0;
}

bool has_header(const HttpHeaders& headers, const char* name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const auto& header) { return is_named(header, name); });
}

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && byte != '\t') || byte == 0x7f;
  });
}

std::string base64(const std::string& text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  encoded.pop_back();
  return encoded;
}

// A secret of the module itself, or what the file says that it names under `key`.
Result<std::string> secret_of(const Secret& inline_secret, const std::string& file, const char* key,
                              SmallFiles& files) {
  if (file.empty()) return inline_secret.text;
  const Result<SmallFiles::Text> text = files.read(file);
  if (!text) return Error{std::string(key) + ": " + text.error().message};
  return std::string(trimmed(**text, " \t\r\n"));
}

Outcome<> add_credentials(const HttpModule& module, SmallFiles& files, HttpCall& call) {
  if (has_header(call.headers, "Authorization")) return Done{};
  if (module.basic_auth) {
    const BasicAuth& basic = *module.basic_auth;
    const auto password =
        secret_of(basic.password, basic.password_file, "basic_auth: password_file", files);
    if (!password) return password.error();
    call.headers.emplace_back("Authorization", "Basic " + base64(basic.username + ":" + *password));
  } else if (module.authorization) {
    const Authorization& bearer = *module.authorization;
    const auto credentials = secret_of(bearer.credentials, bearer.credentials_file,
                                       "authorization: credentials_file", files);
    if (!credentials) return credentials.error();
    call.headers.emplace_back("Authorization", bearer.type + " " + *credentials);
  } else if (!call.url.user.empty() || !call.url.password.empty()) {
    call.headers.emplace_back("Authorization",
                              "Basic " + base64(call.url.user + ":" + call.url.password));
  }
  return Done{};
}

Outcome<> add_headers(const HttpModule& module, SmallFiles& files, HttpCall& call) {
  for (const auto& header : module.headers) {
    if (is_named(header, "Host"))
      call.host_header = header.second;
    else
      call.headers.push_back(header);
  }
  for (const auto& [name, values] : module.http_headers) {
    for (const std::string& value : values.values) call.headers.emplace_back(name, value);
    if (!values.secrets.empty() || !values.files.empty()) call.secret_headers.push_back(name);
    for (const Secret& secret : values.secrets) call.headers.emplace_back(name, secret.text);
    for (const std::string& file : values.files) {
      const auto text = secret_of({}, file, "http_headers: files", files);
      if (!text) return text.error();
      call.headers.emplace_back(name, *text);
    }
  }
  if (!has_header(call.headers, "User-Agent"))
    call.headers.emplace_back("User-Agent", std::string("selfheal-exporter/") + version());
  return Done{};
}

Outcome<> add_body(const ModulePtr& module_owner, SmallFiles& files, HttpCall& call) {
  const HttpModule& module = module_owner->http;
  if (!module.body_file.empty()) {
    const Result<SmallFiles::Text> text = files.read(module.body_file);
    if (!text) return Error{"body_file: " + text.error().message};
    call.body = *text;
  } else if (!module.body.empty()) {
    call.body = {module_owner, &module.body};
  }
  return Done{};
}

Outcome<> refuse_control_characters(const HttpCall& call) {
  if (has_control_character(call.host_header))
    return Error{"the Host header must not hold control characters"};
  for (const auto& [name, value] : call.headers)
    if (has_control_character(name) || has_control_character(value))
      return Error{"the header " + name + " must not hold control characters"};
  return Done{};
}

// Of "host:port" or "[::1]:port" the host.
std::string without_port(const std::string& host) {
  if (!host.empty() && host.front() == '[') return host.substr(1, host.find(']') - 1);
  const size_t colon = host.find(':');
  return colon == host.rfind(':') ? host.substr(0, colon) : host;
}

// Whether credentials for `host` may be shown to `other`.
bool is_host_or_below(const std::string& other, const std::string& host) {
  if (strcasecmp(other.c_str(), host.c_str()) == 0) return true;
  return other.size() > host.size() + 1 && other[other.size() - host.size() - 1] == '.' &&
         strcasecmp(other.c_str() + other.size() - host.size(), host.c_str()) == 0;
}

bool is_secret(const std::pair<std::string, std::string>& header, const HttpCall& call) {
  for (const char* name : {"Authorization", "Cookie", "Cookie2", "Www-Authenticate"})
    if (is_named(header, name)) return true;
  return std::any_of(call.secret_headers.begin(), call.secret_headers.end(),
                     [&](const std::string& name) { return is_named(header, name.c_str()); });
}

bool keeps_method(int status) {
  return status == 307 || status == 308;
}

}  // namespace

Result<HttpCall> first_call(const ProbeRequest& request, SmallFiles& files) {
  const HttpModule& module = request.module->http;
  Result<HttpUrl> url = HttpUrl::parse(request.target);
  if (!url) return url.error();
  HttpCall call;
  call.method = module.method.empty() ? "GET" : module.method;
  call.url = std::move(*url);
  if (const auto done = add_headers(module, files, call); !done) return done.error();
  if (!request.hostname.empty()) call.host_header = request.hostname;
  if (const auto done = add_credentials(module, files, call); !done) return done.error();
  if (const auto done = add_body(request.module, files, call); !done) return done.error();
  if (const auto done = refuse_control_characters(call); !done) return done.error();
  const std::string host =
      call.host_header.empty() ? call.url.host : without_port(call.host_header);
  call.server_name = module.tls_config.server_name.empty() ? host : module.tls_config.server_name;
  return call;
}

bool redirects(int status, const std::string& location) {
  return !location.empty() &&
         (status == 301 || status == 302 || status == 303 || keeps_method(status));
}

Result<HttpCall> redirected_call(const HttpCall& first, const HttpCall& last, int status,
                                 const std::string& location) {
  Result<HttpUrl> url = last.url.resolve(location);
  if (!url) return url.error();
  HttpCall call;
  call.url = std::move(*url);
  call.method = last.method;
  call.body = last.body;
  if (!keeps_method(status)) {
    if (call.method != "GET" && call.method != "HEAD") call.method = "GET";
    call.body = nullptr;
  }
  const size_t mark = location.find_first_of(":/?#");
  const bool relative =
      !location.starts_with("//") && (mark == std::string::npos || location[mark] != ':');
  if (relative) call.host_header = last.host_header;
  call.server_name = same_authority(call.url, first.url) ? first.server_name : call.url.host;
  const bool shows_secrets = is_host_or_below(call.url.host, first.url.host);
  for (const auto& header : first.headers)
    if (shows_secrets || !is_secret(header, first)) call.headers.push_back(header);
  const bool downgrade = last.url.tls() && !call.url.tls();
  if (!downgrade && !has_header(call.headers, "Referer"))
    call.headers.emplace_back("Referer", last.url.text());
  return call;
}

bool same_authority(const HttpUrl& one, const HttpUrl& other) {
  return one.port == other.port && strcasecmp(one.host.c_str(), other.host.c_str()) == 0;
}

}  // namespace selfheal
