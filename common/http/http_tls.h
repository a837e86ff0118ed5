// How a request over TLS proves who is who. [pure]
#pragma once

#include <string>

namespace selfheal {

struct HttpTls {
  enum class Verify { peer, nobody };
  Verify verify = Verify::peer;
  std::string ca_file;    // PEM; empty: the system's
  std::string cert_file;  // the client's own and its key; empty: none
  std::string key_file;
  bool operator==(const HttpTls&) const = default;
};

}  // namespace selfheal
