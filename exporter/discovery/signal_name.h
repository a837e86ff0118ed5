// One name for each signal, whoever writes it: Docker's events have numbers ("15"), Podman and
// image configurations names ("SIGTERM", "TERM", "sigterm"). [pure]
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

// Without SIG and in capitals: "TERM"; real-time signals as "RTMIN+3". What is no signal stays as
// it is.
std::string signal_name(std::string_view text);

}  // namespace selfheal
