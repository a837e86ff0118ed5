// `selfheal-remediator backup FILE`: a copy of the journal, also while a remediator runs on it.
#pragma once

#include <string>

namespace selfheal {

// Prints what was written to stdout, faults to stderr; the program's exit status.
int backup(const std::string& journal, const std::string& file);

}  // namespace selfheal
