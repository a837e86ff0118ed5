#include "exporter/blackbox/probe_parameters.h"

#include <algorithm>
#include <string>

#include "common/exposition/scrape_request.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

ModuleSet some_modules() {
  ModuleSet modules;
  Module own_host;
  own_host.name = "own_host";
  own_host.http.headers = {{"Host", "example.org"}};
  own_host.timeout = Milliseconds(2'000);
  modules.add(own_host);
  return modules;
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace

void probe_parameters(std::string_view input) {
  static const ModuleSet modules = some_modules();
  const std::string_view query = take_line(input);
  const std::string timeout(take_line(input));
  if (const auto order = read_probe_order(query, timeout, modules, TraceSeconds(0.5))) {
    demand(order->request.module != nullptr, "an order has a module");
    demand(!order->target.empty(), "an order has a target");
    demand(order->request.timeout >= Milliseconds(0) &&
               order->request.timeout <= std::chrono::hours(24 * 365),
           "a timeout is one that can be waited for");
  } else {
    demand(order.error().status == 400 || order.error().status == 500, "a refusal has a status");
    demand(!order.error().text.empty(), "a refusal says why");
  }
  wanted_format(input);
  wants_gzip(input);
  if (const auto time = scrape_timeout(timeout)) demand(time->count() > 0, "a time to scrape in");
}

}  // namespace selfheal::fuzz
