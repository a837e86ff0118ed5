// The Accept-Encoding header, as blackbox_exporter weighs it against `compression`. [pure]
#pragma once

#include <string_view>

namespace selfheal {

// Whether a request with this header accepts `encoding`: the most preferred entry that names it, or
// *, must not have the weight 0. Empty ones accept everything.
bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding);

}  // namespace selfheal
