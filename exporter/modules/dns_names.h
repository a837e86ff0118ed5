// The names that DNS has for types and classes of records and for answers' codes, as
// blackbox_exporter takes them. [pure]
#pragma once

#include <string_view>

namespace selfheal {

bool is_dns_type(std::string_view name);
bool is_dns_class(std::string_view name);
bool is_dns_rcode(std::string_view name);

}  // namespace selfheal
