// The names and numbers that DNS has for types and classes of records and for answers' codes, as
// blackbox_exporter takes them. Names are told by their case. [pure]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace selfheal {

std::optional<int> dns_type_of(std::string_view name);
std::optional<int> dns_class_of(std::string_view name);
std::optional<int> rcode_of(std::string_view name);

// "NXDOMAIN"; "RCODE12" where there is no name for it.
std::string rcode_name(int rcode);

}  // namespace selfheal
