// The URL of one hop of an HTTP probe, in its parts. A plain value; parsing is libcurl's.
#pragma once

#include <string>

#include "common/base/result.h"

namespace selfheal {

struct HttpUrl {
  std::string scheme = "http";  // or https, but for what a Location header leads to
  std::string user;             // decoded
  std::string password;
  std::string host;  // lower case is not forced; an IPv6 literal without brackets
  int port = 80;
  std::string path = "/";  // with the query, encoded; no fragment

  // Without a scheme it is http. The error says what is wrong with `text`.
  static Result<HttpUrl> parse(const std::string& text);
  // What a Location header leads to from here.
  Result<HttpUrl> resolve(const std::string& location) const;

  bool speaks_http() const { return scheme == "http" || scheme == "https"; }
  bool tls() const { return scheme == "https"; }
  // "host:port", the port only where it isn't the scheme's; an IPv6 literal in brackets.
  std::string authority() const;
  // Without user and password.
  std::string text() const { return scheme + "://" + authority() + path; }
};

}  // namespace selfheal
