// Base64 as in RFC 4648. [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selfheal {

// White space between the characters is skipped, as YAML's !!binary allows. Nothing when it is no
// base64, or not all of it.
std::optional<std::string> decode_base64(std::string_view text);

std::string encode_base64(std::string_view bytes);

}  // namespace selfheal
