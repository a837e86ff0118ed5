// TLS clients as modules describe them (`tls_config`), ready to connect with.
//
// Defaults are those of Go, and so of blackbox_exporter: TLS 1.2 or newer, any certificate in
// ca_file is a trust anchor, names count only as subject alternative names (tls_capture.h).
//
// Both classes belong to the thread of one event loop. Reading the files takes well below a
// millisecond; it happens at the first use and when one of them changed. The system's authorities
// are shared by the whole process and read once: new ones need a restart.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "common/base/file_stamp.h"
#include "common/base/result.h"
#include "common/http/openssl_ptr.h"
#include "exporter/modules/module.h"

namespace selfheal {

class TlsClient {
 public:
  // The error names the file and the key of tls_config.
  static Result<std::shared_ptr<TlsClient>> make(const TlsConfig& config);

  // Of a context that libcurl made for one connection, from CURLOPT_SSL_CTX_FUNCTION. The handle
  // needs CAINFO and CAPATH NULL (else libcurl reads the whole bundle for each connection),
  // CA_CACHE_TIMEOUT 0 (else it keeps the authorities given here for all connections after it),
  // SSL_VERIFYHOST 0 and SSL_SESSIONID_CACHE 0: the capture verifies, at every connection.
  void configure(SSL_CTX* context) const;
  // For connections of one's own: SSL_new(context()), TlsCapture::attach().
  SSL_CTX* context();
  // False: insecure_skip_verify.
  bool verifies() const { return verifies_; }
  // tls_config's own; empty: the target's host.
  const std::string& server_name() const { return server_name_; }

 private:
  TlsClient() = default;
  Outcome<> read_authorities(const TlsConfig& config);
  Outcome<> read_certificate(const TlsConfig& config);

  bool verifies_ = true;
  std::string server_name_;
  int min_version_ = 0;
  int max_version_ = 0;
  std::shared_ptr<X509_STORE> authorities_;
  X509Ptr certificate_;
  std::vector<X509Ptr> intermediates_;
  PrivateKeyPtr key_;
  SslContextPtr context_;
};

class TlsContexts {
 public:
  Result<std::shared_ptr<TlsClient>> client_for(const TlsConfig& config);

 private:
  struct Entry {
    TlsConfig config;
    std::vector<FileStamp> files;
    std::shared_ptr<TlsClient> client;
  };
  // The most recently used first. Configurations are few, so they are looked through; the bound
  // drops those of modules that are no more.
  std::list<Entry> entries_;
};

}  // namespace selfheal
