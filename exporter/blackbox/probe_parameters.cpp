#include "exporter/blackbox/probe_parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "common/base/ascii_text.h"
#include "exporter/blackbox/query_string.h"

namespace selfheal {
namespace {

constexpr const char* kDefaultModule = "http_2xx";
constexpr TraceSeconds kDefaultScrapeTimeout{120};
constexpr TraceSeconds kLongestTimeout{3600};  // whatever the header says

// As Go's %q. Not by the name of std::quoted, which a string would find as well.
std::string go_quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string all = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (all += '\\') += c;
    } else if (c == '\n') {
      all += "\\n";
    } else if (c == '\r') {
      all += "\\r";
    } else if (c == '\t') {
      all += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      ((all += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
    } else {
      all += c;
    }
  }
  return all + '"';
}

Result<TraceSeconds> parse_scrape_timeout(const std::string& header) {
  if (header.empty()) return kDefaultScrapeTimeout;
  const char* begin = header.data() + (header.front() == '+' ? 1 : 0);
  const char* end = header.data() + header.size();
  double seconds = 0;
  const auto [stop, fault] = std::from_chars(begin, end, seconds);
  if (fault == std::errc::result_out_of_range)
    return Error{"strconv.ParseFloat: parsing " + go_quoted(header) + ": value out of range"};
  if (fault != std::errc{} || stop != end || std::isnan(seconds))
    return Error{"strconv.ParseFloat: parsing " + go_quoted(header) + ": invalid syntax"};
  return seconds == 0 ? kDefaultScrapeTimeout : TraceSeconds(seconds);
}

Milliseconds timeout_of(const Module& module, TraceSeconds scrape_timeout, TraceSeconds offset) {
  const TraceSeconds limit = std::min(scrape_timeout - offset, kLongestTimeout);
  const bool is_modules =
      limit.count() < 0 || (module.timeout.count() > 0 && module.timeout < limit);
  const auto chosen = is_modules ? module.timeout : std::chrono::duration_cast<Milliseconds>(limit);
  return std::max(chosen, Milliseconds(1));
}

const std::string* configured_host(const HttpModule& http) {
  for (const auto& [name, value] : http.headers) {
    if (same_ignoring_case(name, "Host")) return &value;
  }
  return nullptr;
}

// Why this module is not for /probe.
std::optional<ProbeRefusal> refusal_of(const Module& module, const std::string& hostname) {
  if (!module.unsupported.empty())
    return ProbeRefusal{
        400, "Module " + go_quoted(module.name) + " can't be used: " + module.unsupported};
  // They ask inside of a container, and which one no URL may choose.
  if (module.prober == ProbeKind::exec || module.prober == ProbeKind::docker)
    return ProbeRefusal{400, "Unknown prober " + go_quoted(to_string(module.prober)) +
                                 ": it is for containers under watch, not for /probe"};
  if (module.prober != ProbeKind::http || hostname.empty()) return std::nullopt;
  const std::string* host = configured_host(module.http);
  if (host == nullptr || *host == hostname) return std::nullopt;
  return ProbeRefusal{400, "host header defined both in module configuration (" + *host +
                               ") and with URL-parameter 'hostname' (" + hostname + ")"};
}

}  // namespace

std::string complete_target(ProbeKind kind, std::string target) {
  if (kind != ProbeKind::http) return target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (same_ignoring_case(std::string_view(target).substr(0, scheme.size()), scheme))
      return target;
  }
  return "http://" + target;
}

Result<ProbeOrder, ProbeRefusal> read_probe_order(std::string_view query,
                                                  const std::string& scrape_timeout,
                                                  const ModuleSet& modules,
                                                  TraceSeconds timeout_offset) {
  std::string module_name = query_value(query, "module");
  if (module_name.empty()) module_name = kDefaultModule;
  const ModulePtr module = modules.find(module_name);
  if (module == nullptr)
    return ProbeRefusal{400, "Unknown module " + go_quoted(module_name),
                        ProbeRefusal::Cause::unknown_module};
  const auto time = parse_scrape_timeout(scrape_timeout);
  if (!time)
    return ProbeRefusal{500,
                        "Failed to parse timeout from Prometheus header: " + time.error().message};
  ProbeOrder order;
  order.target = query_value(query, "target");
  if (order.target.empty()) return ProbeRefusal{400, "Target parameter is missing"};
  const std::string hostname = query_value(query, "hostname");
  if (auto refusal = refusal_of(*module, hostname)) return *std::move(refusal);
  order.request.module = module;
  order.request.target = complete_target(module->prober, order.target);
  if (module->prober == ProbeKind::http || module->prober == ProbeKind::tcp)
    order.request.hostname = hostname;
  order.request.timeout = timeout_of(*module, *time, timeout_offset);
  order.request.tracing = Tracing::on;
  if (query_value(query, "debug") == "true") order.output = ProbeOutput::debug;
  return order;
}

}  // namespace selfheal
