// The remediator's fuzzers in every build: see feed.h.
#include <gtest/gtest.h>

#include "tests/fuzz/feed.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

TEST(FuzzSeeds, Webhook) {
  feed("webhook", webhook);
}
TEST(FuzzSeeds, Api) {
  feed("remediator_api", remediator_api, 1000);
}
TEST(FuzzSeeds, Configuration) {
  feed("remediator_configuration", remediator_configuration);
}
TEST(FuzzSeeds, JournalFile) {
  feed("journal_file", journal_file, 300);
}

}  // namespace
}  // namespace selfheal::fuzz
