#include "common/docker/docker_flags.h"

#include <cstdlib>

#include "common/base/flags.h"
#include "common/docker/docker_certificates.h"

namespace selfheal {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

DockerFlags::DockerFlags()
    : host(default_docker_host()),
      cert_path(variable("DOCKER_CERT_PATH")),
      tls_verify(!variable("DOCKER_TLS_VERIFY").empty()) {}

void DockerFlags::add_to(CLI::App& app) {
  const auto note = [this](const std::string&) { said = true; };
  add_flag(app, "--docker.host", host,
           "Docker Engine: unix:///path, tcp://host:port or https://host:port; without it "
           "$DOCKER_HOST, else Docker's own socket")
      ->each(note)
      ->type_name("URL");
  add_flag(app, "--docker.cert-path", cert_path,
           "Folder with ca.pem, cert.pem and key.pem for TLS to the engine; without it "
           "$DOCKER_CERT_PATH")
      ->each(note)
      ->type_name("DIR");
  add_switch(app, "--docker.tls-verify", tls_verify,
             "Check the engine's certificate; as if said where $DOCKER_TLS_VERIFY is set")
      ->each(note);
}

Result<DockerAddress> DockerFlags::address() const {
  const bool secured = tls_verify || !cert_path.empty();
  auto address = parse_docker_host(host, secured ? DockerSecurity::tls : DockerSecurity::as_said);
  if (!address) return Error{"--docker.host: " + address.error().message};
  if (!address->tls || !secured) return *std::move(address);
  const std::string folder = cert_path.empty() ? variable("HOME") + "/.docker" : cert_path;
  const auto tls = read_docker_certificates(
      folder, tls_verify ? HttpTls::Verify::peer : HttpTls::Verify::nobody);
  if (!tls) return Error{"--docker.cert-path: " + tls.error().message};
  address->tls = *tls;
  return *std::move(address);
}

}  // namespace selfheal
