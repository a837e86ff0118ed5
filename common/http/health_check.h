// Whether a daemon of ours does its work: what it answers to GET /-/ready. And whether it answers
// at all: GET /-/healthy.
#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace selfheal {

// What /-/ready says beside "ready" is something that is not as it should be, although it works.
enum class Remarks { accepted, are_faults };

// Blocks, for `timeout` at most. The error says who was asked and what came back. At a loopback
// address the certificate is not checked: it is made out to another name.
Outcome<> ask_health(const std::string& url, Remarks remarks, Milliseconds timeout,
                     const Clock& clock);

// The same of one that need not be able to work: what it needs may be away.
Outcome<> ask_alive(const std::string& url, Milliseconds timeout, const Clock& clock);

// Where a daemon that listens there is reached from its own machine: by loopback if it can be. The
// error names the address that this machine has not.
Result<std::string> local_url(const std::vector<std::string>& listen_addresses);

}  // namespace selfheal
