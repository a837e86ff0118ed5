// An HTTP answer taken from what has come so far, for clients that don't block. [pure]
#pragma once

#include <optional>
#include <string>

namespace selfheal::bench {

struct HttpAnswer {
  int status = 0;
  std::string body;
  bool closes = false;  // the server says that it will close the connection
};

// The first answer in `buffer`, removed from it; nothing, and nothing removed, before it is whole.
// Bodies by Content-Length only, as the remediator sends them.
std::optional<HttpAnswer> take_answer(std::string& buffer);

}  // namespace selfheal::bench
