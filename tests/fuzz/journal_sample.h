// A small journal that has something in every table, as bytes, and the ways in which a fuzzer
// changes it.
#pragma once

#include <string>
#include <string_view>

namespace selfheal::fuzz {

// Made once, always the same.
const std::string& journal_sample();

// `input` as what stands in the file:
//
//   even first byte: the file itself
//   odd first byte: changes of the sample, one behind the other: page (1 byte), where in the page
//     (2 bytes), how many bytes (1 byte, up to 16), these bytes. Length 0: the file ends there.
//
// A page is chosen modulo their number, so every change hits something.
std::string changed_journal(std::string_view input);

}  // namespace selfheal::fuzz
