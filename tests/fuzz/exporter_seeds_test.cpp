// The exporter's fuzzers in every build: see feed.h.
#include <gtest/gtest.h>

#include "tests/fuzz/feed.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

TEST(FuzzSeeds, Configuration) {
  feed("configuration", configuration);
}
TEST(FuzzSeeds, ContainerLabels) {
  feed("container_labels", container_labels);
}
TEST(FuzzSeeds, ProbeUrls) {
  feed("probe_urls", probe_urls);
}
TEST(FuzzSeeds, ProbeParameters) {
  feed("probe_parameters", probe_parameters);
}
TEST(FuzzSeeds, TcpDialogue) {
  feed("tcp_dialogue", tcp_dialogue);
}
TEST(FuzzSeeds, Http1Response) {
  feed("http1_response", http1_response);
}
TEST(FuzzSeeds, DnsReplies) {
  feed("dns_replies", dns_replies);
}
TEST(FuzzSeeds, HttpResponses) {
  feed("http_responses", http_responses);
}
TEST(FuzzSeeds, DockerMessages) {
  feed("docker_messages", docker_messages);
}
TEST(FuzzSeeds, Certificates) {
  feed("certificates", certificates);
}

}  // namespace
}  // namespace selfheal::fuzz
