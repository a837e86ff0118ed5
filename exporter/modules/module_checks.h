// What is wrong with a module as a whole, beyond what each field is checked for. [pure]
#pragma once

#include "common/base/yaml_fields.h"
#include "exporter/modules/module.h"

namespace selfheal {

void check(const TlsConfig& tls, YamlFields& fields);
void check(const BasicAuth& auth, YamlFields& fields);
void check(const Authorization& authorization, YamlFields& fields);
void check(const HeaderValues& values, YamlFields& fields);
void check(const HttpModule& http, YamlFields& fields);
void check(const QueryResponse& step, YamlFields& fields);
void check(const DnsModule& dns, YamlFields& fields);
void check(const TcpModule& tcp, YamlFields& fields);
void check(const GrpcModule& grpc, YamlFields& fields);
void check(const IcmpModule& icmp, YamlFields& fields);
inline void check(const DnsRecordsCheck&, YamlFields&) {}

// The part of HttpModule that is Prometheus' HTTP client; websocket has it too.
void check_client(const HttpModule& http, YamlFields& fields);

}  // namespace selfheal
