// URLs as they may be shown: on pages, in logs and in errors. [pure]
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

// A password before the host becomes xxxxx, as Go's URL.Redacted has it. A text without a scheme
// begins with the host, as the targets of probes may; what is no URL at all is taken alike.
std::string redacted_url(std::string_view url);

}  // namespace selfheal
