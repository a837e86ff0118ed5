// Whether a DNS reply is what the module wants: its rcode, then the records of each section. [pure]
#pragma once

#include "exporter/modules/module.h"
#include "exporter/probes/dns/dns_message.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/probe_log.h"

namespace selfheal {

// As blackbox_exporter judges. Failures are `status` for the rcode, `body` for the records.
ProbeResult judge_dns_reply(const DnsModule& module, const DnsReply& reply, const ProbeLog& log);

}  // namespace selfheal
