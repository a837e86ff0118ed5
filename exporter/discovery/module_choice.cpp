#include "exporter/discovery/module_choice.h"

#include <algorithm>
#include <utility>

#include "exporter/discovery/probe_settings.h"
#include "exporter/discovery/probe_url.h"

namespace selfheal {
namespace {

Result<ModulePtr> named_module(const ProbeUrl& url, const std::string& name,
                               const ModuleSet& modules) {
  ModulePtr module = modules.find(name);
  if (module == nullptr) return Error{"there is no module of this name"};
  if (!module->unsupported.empty())
    return Error{"the module can't be used: " + module->unsupported};
  if (module->prober != url.kind)
    return Error{"the module is for " + std::string(to_string(module->prober)) +
                 ", the probe is by " + std::string(to_string(url.kind))};
  return module;
}

// The default of https is that of http; of grpcs it is the one with TLS.
ModulePtr default_module(const ProbeUrl& url, const ModuleSet& modules) {
  ModulePtr module = modules.default_for(url.kind);
  if (url.scheme != "grpcs") return module;
  const ModulePtr with_tls = modules.find("grpc");
  return with_tls != nullptr && with_tls->prober == ProbeKind::grpc ? with_tls : module;
}

ModulePtr with_service(ModulePtr module, const ProbeUrl& url) {
  const std::string service = grpc_service_of(url);
  const bool tls = url.scheme == "grpcs" || module->grpc.tls;
  if ((service.empty() || service == module->grpc.service) && tls == module->grpc.tls)
    return module;
  Module derived = *module;
  if (!service.empty()) derived.grpc.service = service;
  derived.grpc.tls = tls;
  return std::make_shared<const Module>(std::move(derived));
}

Result<ModulePtr> with_question(ModulePtr module, const ProbeUrl& url) {
  const DnsQuestion question = dns_question_of(url);
  if (question.name.empty() && module->dns.query_name.empty())
    return Error{"the name to ask for is missing; expected dns://:PORT/NAME?TYPE"};
  if (question.name.empty() && question.type.empty()) return module;
  Module derived = *module;
  if (!question.name.empty()) derived.dns.query_name = question.name;
  if (!question.type.empty()) derived.dns.query_type = question.type;
  return ModulePtr(std::make_shared<const Module>(std::move(derived)));
}

}  // namespace

Result<ModulePtr> choose_module(const ProbeUrl& url, const std::string& name,
                                const ModuleSet& modules) {
  Result<ModulePtr> module =
      name.empty() ? default_module(url, modules) : named_module(url, name, modules);
  if (!module) return module;
  if (!(*module)->unsupported.empty())
    return Error{"its default module can't be used: " + (*module)->unsupported};
  if (url.kind == ProbeKind::grpc) return with_service(*std::move(module), url);
  if (url.kind == ProbeKind::dns) return with_question(*std::move(module), url);
  return module;
}

Milliseconds timeout_with(const Module& module, const ProbeSettings& defaults) {
  if (module.timeout == Milliseconds(0)) return defaults.timeout;
  return std::clamp(module.timeout, kTimeoutSetting.lowest, kTimeoutSetting.highest);
}

}  // namespace selfheal
