#include "exporter/command/command_target.h"

#include <utility>

#include "exporter/blackbox/probe_parameters.h"
#include "exporter/discovery/module_choice.h"
#include "exporter/discovery/probe_url.h"

namespace selfheal {
namespace {

bool is_in_containers(ProbeKind kind) {
  return kind == ProbeKind::exec || kind == ProbeKind::docker;
}

std::string names_of(const ModuleSet& modules) {
  std::string names;
  for (const auto& [name, module] : modules.all()) {
    if (!is_in_containers(module->prober)) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

// The parts of `text`, where they are needed to choose the prober.
Result<ProbeUrl> url_of(const std::string& text) {
  const std::string with_scheme = complete_target(ProbeKind::http, text);
  if (text.find("://") != std::string::npos && with_scheme != text) return parse_target_url(text);
  ProbeUrl url;
  url.host = with_scheme;  // for the prober to take apart
  return url;
}

std::string target_of(const ProbeUrl& url) {
  if (url.kind == ProbeKind::http || url.kind == ProbeKind::icmp) return url.host;
  return to_string(Endpoint{url.host, url.port});
}

}  // namespace

Result<CommandTarget> read_command_target(const std::string& text, const std::string& module_name,
                                          const ModuleSet& modules) {
  if (text.starts_with("exec:") || text.starts_with("docker:"))
    return Error{text + ": this asks inside of a container, which only the exporter itself does"};
  const ModulePtr named = module_name.empty() ? nullptr : modules.find(module_name);
  if (!module_name.empty() && named == nullptr)
    return Error{"--module " + module_name +
                 ": there is none of this name; there are: " + names_of(modules)};
  if (named != nullptr && is_in_containers(named->prober))
    return Error{"--module " + module_name +
                 ": it asks inside of a container, which only the "
                 "exporter itself does"};
  if (named != nullptr && text.find("://") == std::string::npos && named->unsupported.empty())
    return CommandTarget{named, complete_target(named->prober, text)};
  const auto url = url_of(text);
  if (!url) return Error{text + ": " + url.error().message};
  auto module = choose_module(*url, module_name, modules);
  if (!module)
    return Error{(module_name.empty() ? text : "--module " + module_name) + ": " +
                 module.error().message};
  return CommandTarget{*std::move(module), target_of(*url)};
}

}  // namespace selfheal
