// The names of containers that a replacement of another one leaves aside: the old one, parked until
// the new one has proved itself, and the new one until it takes the old one's place: `ready` while
// nothing has been done to the old one, `next` from right before that. One answer for both daemons:
// what is left aside is neither watched nor mended. [pure]
//
// All end with the beginning of the old one's id, and by that are no names that people choose.
#pragma once

#include <string>
#include <string_view>

namespace selfheal {

std::string parked_name(std::string_view name, std::string_view old_id);
std::string ready_name(std::string_view name, std::string_view old_id);
std::string next_name(std::string_view name, std::string_view old_id);
bool is_left_aside(std::string_view container_name);

}  // namespace selfheal
