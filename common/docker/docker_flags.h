// Where the Docker Engine is, as the daemons' flags and docker's own variables say it.
//
// Over TCP, TLS is used where certificates are named or verification is asked for, as docker's own
// clients do: --docker.cert-path (DOCKER_CERT_PATH) is a folder with ca.pem, cert.pem and key.pem;
// without --docker.tls-verify (DOCKER_TLS_VERIFY) the engine's certificate is not checked.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/docker/docker_messages.h"

namespace CLI {
class App;
}

namespace selfheal {

struct DockerFlags {
  DockerFlags();  // what docker's variables say
  std::string host;
  std::string cert_path;
  bool tls_verify;
  bool said =
      false;  // by a flag or its SELFHEAL_ variable; docker's own variables say nothing here

  void add_to(CLI::App& app);
  // Looks for the files of the certificates. The error names the flag and what was expected.
  Result<DockerAddress> address() const;
};

}  // namespace selfheal
