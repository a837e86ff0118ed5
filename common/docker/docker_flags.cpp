#include "common/docker/docker_flags.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "common/base/flags.h"

namespace selfheal {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Empty where there is no such file; the error where it can't be read.
Result<std::string> pem_in(const std::filesystem::path& folder, const char* name) {
  const std::string path = folder / name;
  if (access(path.c_str(), R_OK) == 0) return path;
  if (errno == ENOENT) return std::string();
  return Error{"--docker.cert-path: can't read " + path + ": " +
               std::generic_category().message(errno)};
}

Result<HttpTls> tls_of(const std::string& folder, HttpTls::Verify verify) {
  HttpTls tls;
  tls.verify = verify;
  for (const auto& [name, file] : {std::pair{"ca.pem", &HttpTls::ca_file},
                                   {"cert.pem", &HttpTls::cert_file},
                                   {"key.pem", &HttpTls::key_file}}) {
    const auto found = pem_in(folder, name);
    if (!found) return found.error();
    tls.*file = *found;
  }
  if (tls.cert_file.empty() != tls.key_file.empty())
    return Error{"--docker.cert-path: " + folder + " has only one of cert.pem and key.pem"};
  if (verify == HttpTls::Verify::peer && tls.ca_file.empty())
    return Error{"--docker.cert-path: there is no ca.pem in " + folder +
                 " to check the engine's certificate with"};
  return tls;
}

}  // namespace

DockerFlags::DockerFlags()
    : host(default_docker_host()),
      cert_path(variable("DOCKER_CERT_PATH")),
      tls_verify(!variable("DOCKER_TLS_VERIFY").empty()) {}

void DockerFlags::add_to(CLI::App& app) {
  add_flag(app, "--docker.host", host,
           "Docker Engine: unix:///path, tcp://host:port or https://host:port");
  add_flag(app, "--docker.cert-path", cert_path,
           "Folder with ca.pem, cert.pem and key.pem for TLS to the engine");
  add_switch(app, "--docker.tls-verify", tls_verify, "Check the engine's certificate");
}

Result<DockerAddress> DockerFlags::address() const {
  const bool secured = tls_verify || !cert_path.empty();
  auto address = parse_docker_host(host, secured ? DockerSecurity::tls : DockerSecurity::as_said);
  if (!address) return Error{"--docker.host: " + address.error().message};
  if (!address->tls || !secured) return *std::move(address);
  const std::string folder = cert_path.empty() ? variable("HOME") + "/.docker" : cert_path;
  const auto tls = tls_of(folder, tls_verify ? HttpTls::Verify::peer : HttpTls::Verify::nobody);
  if (!tls) return tls.error();
  address->tls = *tls;
  return *std::move(address);
}

}  // namespace selfheal
