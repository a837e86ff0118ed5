// Run by CivetWeb.cmake: is this the civetweb that our server relies on?
// Says what is wrong on stdout and exits 1.
#include <cstdio>

#include <civetweb.h>
#include <dlfcn.h>

#include "connection_socket.h"

namespace {

int refuse(const char* why) {
  std::printf("%s", why);
  return 1;
}

// Linked with --as-needed, libssl is here only if civetweb refers to it; a civetweb that loads it
// at run time does not, and calls a null pointer on the first TLS request.
bool tls_is_linked() {
  return dlsym(RTLD_DEFAULT, "SSL_CTX_new") != nullptr;
}

// What build.sh adds; without it this does not link.
int (*volatile connection_socket)(const mg_connection*) = selfheal_connection_socket;

}  // namespace

int main() {
  if (connection_socket == nullptr) return refuse("it does not tell a connection's socket");
  if (mg_check_feature(MG_FEATURES_TLS) == 0) return refuse("built without TLS");
  if (!tls_is_linked()) return refuse("it loads OpenSSL at run time instead of linking it");
  if (mg_check_feature(MG_FEATURES_IPV6) == 0) return refuse("built without IPv6");
  if (mg_check_feature(MG_FEATURES_FILES) != 0) return refuse("it would serve files");
  if (mg_check_feature(MG_FEATURES_CGI) != 0) return refuse("it would run CGI programs");
  std::printf("%s, TLS linked, IPv6", mg_version());
  return 0;
}
