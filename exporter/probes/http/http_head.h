// The head of an HTTP response, read line by line. A plain value and its reader; no network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/http/http_client.h"

namespace selfheal {

// Of header names, which know no case.
bool same_header_name(std::string_view one, std::string_view other);

struct ResponseHead {
  int status = 0;
  HttpHeaders headers;
  // All values of that name, case-insensitive.
  std::vector<std::string_view> values(std::string_view name) const;
  std::string first(std::string_view name) const;  // or ""
};

// Takes what libcurl hands to CURLOPT_HEADERFUNCTION: informational responses (1xx) before the
// head, the head, and the trailers after the body.
class HeadReader {
 public:
  // complete: with this line, and with no other.
  enum class Progress { reading, complete, too_long };
  Progress take(std::string_view line);

  const ResponseHead& head() const;  // status 0: it isn't complete
  bool complete() const { return complete_; }
  bool too_long() const;
  const HttpHeaders& trailers() const { return trailers_; }

 private:
  ResponseHead head_;
  HttpHeaders trailers_;
  size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace selfheal
