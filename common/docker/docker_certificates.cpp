#include "common/docker/docker_certificates.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace selfheal {
namespace {

// Empty where there is no such file; the error where it can't be read.
Result<std::string> pem_in(const std::filesystem::path& folder, const char* name) {
  const std::string path = folder / name;
  if (access(path.c_str(), R_OK) == 0) return path;
  if (errno == ENOENT) return std::string();
  return Error{"can't read " + path + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<HttpTls> read_docker_certificates(const std::string& folder, HttpTls::Verify verify) {
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
    return Error{folder + " has only one of cert.pem and key.pem"};
  if (verify == HttpTls::Verify::peer && tls.ca_file.empty())
    return Error{"there is no ca.pem in " + folder + " to check the engine's certificate with"};
  return tls;
}

}  // namespace selfheal
