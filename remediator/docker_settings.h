// docker.hosts of the configuration: the engines that one remediator heals on.
//
//   docker:
//     hosts:                       # without it: the one engine of --docker.host
//       - name: web1               # what alerts say as `host`, and what the engine must call
//       itself
//         url: tcp://web1:2376     # or https://…, or unix:///path
//         cert_path: certs/web1    # a folder with ca.pem, cert.pem and key.pem: TLS; beside this
//                                  # file unless absolute
//         tls_verify: true         # whether the engine's certificate is checked; true unless given
//
// It is read at the start only.
#pragma once

#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "common/docker/docker_flags.h"

namespace YAML {
class Node;
}

namespace selfheal {

struct DockerEndpoint {
  std::string name;
  std::string url;
  std::string cert_path;  // empty: without certificates of our own
  bool tls_verify = true;
  bool operator==(const DockerEndpoint&) const = default;
};

// One of the engines to heal on.
struct EngineAddress {
  std::string name;  // empty: the only one, by whatever name
  std::string url;   // for people
  DockerAddress address;
};

// Those of docker.hosts, else the one of the flags, with the certificates that are there now. The
// error says what is wrong; both at once are.
Result<std::vector<EngineAddress>> engine_addresses(const DockerFlags& flags,
                                                    const std::vector<DockerEndpoint>& hosts);

// Reads `hosts` of the section `docker`; `folder` is the configuration file's.
std::vector<DockerEndpoint> read_docker_hosts(YamlFields& docker, const std::string& folder);

// The list as YAML, without passwords.
YAML::Node docker_hosts_node(const std::vector<DockerEndpoint>& hosts);

}  // namespace selfheal
