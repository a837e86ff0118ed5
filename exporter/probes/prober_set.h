// One prober of each kind on one event loop.
//
// Owned by what makes probes (the probe loop; the on-demand probes of /probe have a set of their
// own), belongs to the loop's thread.
#pragma once

#include <map>
#include <memory>

#include "common/base/event_loop.h"
#include "common/docker/docker_api.h"
#include "common/http/curl_multi.h"
#include "exporter/probes/net/name_resolver.h"
#include "exporter/probes/net/small_files.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

class ExecProber;

class ProberSet {
 public:
  // `loop` and `docker` must outlive the set; destroy while the loop is not running, or on it.
  ProberSet(EventLoop& loop, DockerApi& docker);
  ~ProberSet();
  Prober& of(ProbeKind kind) { return *probers_.at(kind); }
  // How many commands run in containers at a time.
  void set_exec_limit(size_t in_flight);

 private:
  // Of all probers.
  NameResolver resolver_;
  TlsContexts tls_;
  CurlMulti curl_;
  SmallFiles files_;
  std::map<ProbeKind, std::unique_ptr<Prober>> probers_;
  ExecProber* exec_;  // one of them
};

}  // namespace selfheal
