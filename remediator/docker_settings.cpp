#include "remediator/docker_settings.h"

#include <filesystem>
#include <map>

#include <yaml-cpp/yaml.h>

#include "common/docker/docker_certificates.h"
#include "remediator/addresses.h"

namespace selfheal {
namespace {

// Each has a client, a watch and hands of its own: threads.
constexpr size_t kMostHosts = 64;

Result<DockerAddress> parse_url(const DockerEndpoint& endpoint) {
  const bool with_certificates = !endpoint.cert_path.empty();
  return parse_docker_host(endpoint.url,
                           with_certificates ? DockerSecurity::tls : DockerSecurity::as_said);
}

Result<HttpTls> certificates_of(const DockerEndpoint& endpoint) {
  return read_docker_certificates(
      endpoint.cert_path, endpoint.tls_verify ? HttpTls::Verify::peer : HttpTls::Verify::nobody);
}

// What was there already, by name and by place.
struct Known {
  std::map<std::string, std::string> place_of;
  std::map<std::string, std::string> name_at;
};

void check_certificates(YamlFields& fields, const DockerEndpoint& endpoint,
                        const DockerAddress& address) {
  if (endpoint.cert_path.empty()) {
    if (fields.has("tls_verify"))
      fields.fault("tls_verify",
                   "expected a cert_path beside it; without one there is TLS only by "
                   "https://, which is always checked");
    return;
  }
  if (!address.tls) return fields.fault("cert_path", "expected none, the url is without TLS");
  if (const auto found = certificates_of(endpoint); !found)
    fields.fault("cert_path", found.error().message);
}

DockerEndpoint read_host(YamlFields& fields, const std::string& folder, Known& known) {
  DockerEndpoint endpoint;
  fields.read({"name", "What alerts say as `host`, and what the engine must call itself"},
              endpoint.name);
  fields.read({"url", "`tcp://HOST:PORT`, `https://…` or `unix:///PATH`"}, endpoint.url);
  fields.read({"cert_path",
               "Folder with `ca.pem`, `cert.pem` and `key.pem`, beside this file "
               "unless absolute: TLS"},
              endpoint.cert_path);
  fields.read({"tls_verify", "Whether the engine's certificate is checked"}, endpoint.tls_verify);
  if (!endpoint.cert_path.empty())
    endpoint.cert_path = (std::filesystem::path(folder) / endpoint.cert_path).string();
  if (endpoint.name.empty())
    fields.fault("name", "expected the host's name, as `docker info` on it says");
  const auto address = parse_url(endpoint);
  if (!address) {
    fields.fault("url", address.error().message);
    return endpoint;
  }
  check_certificates(fields, endpoint, *address);
  const std::string place = address->base_url + address->unix_socket;
  if (!endpoint.name.empty() && !known.place_of.try_emplace(endpoint.name, place).second)
    fields.fault("name", "expected another name, \"" + endpoint.name + "\" is there already");
  if (const auto [at, fresh] = known.name_at.try_emplace(place, endpoint.name); !fresh)
    fields.fault("url", "expected another engine, this is \"" + at->second + "\" already");
  return endpoint;
}

Result<DockerAddress> address_of(const DockerEndpoint& endpoint) {
  auto address = parse_url(endpoint);
  if (!address) return address.error();
  const std::string of_host = " of \"" + endpoint.name + "\" in docker.hosts";
  address->said_by = {"the url" + of_host, "cert_path and tls_verify" + of_host};
  if (endpoint.cert_path.empty() || !address->tls) return *std::move(address);
  auto tls = certificates_of(endpoint);
  if (!tls) return tls.error();
  address->tls = *std::move(tls);
  return *std::move(address);
}

}  // namespace

Result<std::vector<EngineAddress>> engine_addresses(const DockerFlags& flags,
                                                    const std::vector<DockerEndpoint>& hosts) {
  std::vector<EngineAddress> engines;
  if (hosts.empty()) {
    auto address = flags.address();
    if (!address) return address.error();
    engines.push_back({"", without_password(flags.host), *std::move(address)});
    return engines;
  }
  if (flags.said)
    return Error{
        "--docker.host and its certificates are for one engine, and the configuration has "
        "docker.hosts: give one of them"};
  for (const DockerEndpoint& endpoint : hosts) {
    auto address = address_of(endpoint);
    if (!address) return Error{"docker.hosts, " + endpoint.name + ": " + address.error().message};
    engines.push_back({endpoint.name, without_password(endpoint.url), *std::move(address)});
  }
  return engines;
}

std::vector<DockerEndpoint> read_docker_hosts(YamlFields& docker, const std::string& folder) {
  std::vector<DockerEndpoint> hosts;
  Known known;
  docker.list({"hosts", "Each engine; without any, the one of `--docker.host`"},
              [&](YamlFields& fields) { hosts.push_back(read_host(fields, folder, known)); });
  if (hosts.empty() && docker.has("hosts"))
    docker.fault("hosts", "expected at least one host, or no list at all");
  if (hosts.size() > kMostHosts)
    docker.fault("hosts", "expected at most " + std::to_string(kMostHosts) + " hosts");
  return hosts;
}

YAML::Node docker_hosts_node(const std::vector<DockerEndpoint>& hosts) {
  YAML::Node list(YAML::NodeType::Sequence);
  for (const DockerEndpoint& endpoint : hosts) {
    YAML::Node host;
    host["name"] = endpoint.name;
    host["url"] = without_password(endpoint.url);
    if (!endpoint.cert_path.empty()) {
      host["cert_path"] = endpoint.cert_path;
      host["tls_verify"] = endpoint.tls_verify;
    }
    list.push_back(host);
  }
  return list;
}

}  // namespace selfheal
