// What a module and a target make of the requests of an HTTP probe: the first one, and those that
// redirects lead to. Values; nothing is sent here.
//
// As Go's client, and so blackbox_exporter, does it, but for one thing: credentials of any source
// stay with the target's host and its subdomains, and so do `http_headers` that have `secrets` or
// `files`; blackbox_exporter hands those of basic_auth and authorization to every host that a
// redirect names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/http_client.h"
#include "exporter/probes/http/http_url.h"
#include "exporter/probes/net/small_files.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct HttpCall {
  std::string method = "GET";
  HttpUrl url;
  std::string host_header;                  // empty: as the URL has it
  std::string server_name;                  // of TLS, a name or an address
  HttpHeaders headers;                      // without Host
  std::vector<std::string> secret_headers;  // names of those that only the target's host may see
  std::shared_ptr<const std::string> body;  // null: none
};

// The first call. The error says which setting is wrong.
Result<HttpCall> first_call(const ProbeRequest& request, SmallFiles& files);

// Whether the response to `call` asks for another call: its status says so and, where the body
// would have to be sent again, it names a place.
bool redirects(int status, const std::string& location);

// The call that follows `last`, which was answered with `status` and `location`.
Result<HttpCall> redirected_call(const HttpCall& first, const HttpCall& last, int status,
                                 const std::string& location);

// Whether both go to the same host and port.
bool same_authority(const HttpUrl& one, const HttpUrl& other);

}  // namespace selfheal
