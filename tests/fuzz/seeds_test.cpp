// The seeds, and what was found once, in every build: without libFuzzer, which only clang has.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fuzz/fuzzers.h"

namespace selfheal {
namespace {

std::string content(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(text).str();
}

// Each seed, and each of its beginnings: a peer may stop anywhere.
void feed(const std::string& name, void (*fuzzer)(std::string_view)) {
  size_t seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SELFHEAL_SEEDS "/" + name)) {
    SCOPED_TRACE(entry.path());
    const std::string input = content(entry.path());
    const size_t step = std::max<size_t>(1, input.size() / 64);
    for (size_t size = 0; size < input.size(); size += step)
      fuzzer(std::string_view(input).substr(0, size));
    fuzzer(input);
    ++seeds;
  }
  EXPECT_GT(seeds, 0u) << name;
}

TEST(FuzzSeeds, Configuration) {
  feed("configuration", fuzz::configuration);
}
TEST(FuzzSeeds, ContainerLabels) {
  feed("container_labels", fuzz::container_labels);
}
TEST(FuzzSeeds, ProbeUrls) {
  feed("probe_urls", fuzz::probe_urls);
}
TEST(FuzzSeeds, ProbeParameters) {
  feed("probe_parameters", fuzz::probe_parameters);
}
TEST(FuzzSeeds, TcpDialogue) {
  feed("tcp_dialogue", fuzz::tcp_dialogue);
}
TEST(FuzzSeeds, Http1Response) {
  feed("http1_response", fuzz::http1_response);
}
TEST(FuzzSeeds, DnsReplies) {
  feed("dns_replies", fuzz::dns_replies);
}
TEST(FuzzSeeds, HttpResponses) {
  feed("http_responses", fuzz::http_responses);
}
TEST(FuzzSeeds, DockerMessages) {
  feed("docker_messages", fuzz::docker_messages);
}
TEST(FuzzSeeds, Certificates) {
  feed("certificates", fuzz::certificates);
}

}  // namespace
}  // namespace selfheal
