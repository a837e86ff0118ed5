// Whether a page of ours is made of nothing but what its renderers write. [pure]
#pragma once

#include <string>
#include <string_view>

namespace selfheal::fuzz {

// The first thing that they do not write: a tag, an attribute or a quote that must have come from
// outside. Empty: there is none.
std::string foreign_html(std::string_view html);

}  // namespace selfheal::fuzz
