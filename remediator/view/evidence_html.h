// The evidence of an attempt for a person. [pure]
#pragma once

#include <string>

namespace selfheal {

// `content` as act/evidence_document.h makes it, or read_access.h that hides it. What is missing in
// it, or of another kind than there, is left out: it may be of an older or newer program. Nothing
// for what is no JSON object.
std::string evidence_html(const std::string& content);

}  // namespace selfheal
