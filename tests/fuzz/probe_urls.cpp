#include "exporter/discovery/module_choice.h"
#include "exporter/discovery/probe_url.h"
#include "exporter/probes/net/host_port.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

void check(std::string_view input, Result<ProbeUrl> (*parse)(std::string_view)) {
  const auto url = parse(input);
  if (!url) return demand(!url.error().message.empty(), "a fault says what it is");
  const std::string text = to_string(*url);
  const auto again = parse(text);
  demand(again.ok() && *again == *url, "a URL is read back as it is written");
  static const ModuleSet modules;
  const auto module = choose_module(*url, "", modules);
  demand(!module || *module != nullptr, "a module is never missing");
}

}  // namespace

void probe_urls(std::string_view input) {
  check(input, parse_probe_url);
  check(input, parse_target_url);
  if (const auto address = parse_host_port(input, 53))
    demand(address->port >= 0 && address->port <= 65535, "a port is one");
}

}  // namespace selfheal::fuzz
