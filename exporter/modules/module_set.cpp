#include <utility>

#include "exporter/modules/module.h"

namespace selfheal {
namespace {

Module named(std::string name, ProbeKind prober) {
  Module module;
  module.name = std::move(name);
  module.prober = prober;
  return module;
}

const char* default_name(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::http:
      return "http_2xx";
    case ProbeKind::tcp:
      return "tcp_connect";
    case ProbeKind::grpc:
      return "grpc_plain";
    case ProbeKind::dns:
      return "dns_udp";
    case ProbeKind::icmp:
      return "icmp";
    case ProbeKind::exec:
      return "exec";
    case ProbeKind::docker:
      return "docker_health";
  }
  return "";
}

}  // namespace

ModuleSet::ModuleSet() {
  for (const ProbeKind kind : {ProbeKind::http, ProbeKind::tcp, ProbeKind::grpc, ProbeKind::dns,
                               ProbeKind::icmp, ProbeKind::exec, ProbeKind::docker})
    add(named(default_name(kind), kind));
  Module post = named("http_post_2xx", ProbeKind::http);
  post.http.method = "POST";
  add(std::move(post));
  Module dns = named("dns_tcp", ProbeKind::dns);
  dns.dns.transport_protocol = "tcp";
  dns.dns.query_name = ".";  // what asks for another name says so in its URL
  add(std::move(dns));
  Module grpc = named("grpc", ProbeKind::grpc);
  grpc.grpc.tls = true;
  add(std::move(grpc));
}

void ModuleSet::add(Module module) {
  const std::string name = module.name;
  modules_[name] = std::make_shared<const Module>(std::move(module));
}

ModulePtr ModuleSet::find(const std::string& name) const {
  const auto found = modules_.find(name);
  return found == modules_.end() ? nullptr : found->second;
}

// The configuration may have put another kind under a built-in name.
ModulePtr ModuleSet::default_for(ProbeKind kind) const {
  const ModulePtr found = find(default_name(kind));
  if (found != nullptr && found->prober == kind) return found;
  return std::make_shared<const Module>(named(default_name(kind), kind));
}

}  // namespace selfheal
