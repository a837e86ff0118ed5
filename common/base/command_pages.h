// What a package has beside a program: its man page and its completion in bash, made from the flags
// themselves so that neither can say anything else than --help does.
//
// Of an option's type name they take more than its text: "FILE" and "DIR" are completed as paths,
// and "a|b|c" are the values that there are.
//
// Any thread. [pure]
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace selfheal {

// In man(7), section 1, without what only a package knows (files, units).
std::string man_page(const CLI::App& app);

// A script for bash to source, with or without bash-completion.
std::string bash_completion(const CLI::App& app);

}  // namespace selfheal
