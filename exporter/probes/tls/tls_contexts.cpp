#include "exporter/probes/tls/tls_contexts.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "exporter/probes/tls/tls_capture.h"

namespace selfheal {
namespace {

constexpr size_t kMaxClients = 64;

int openssl_version(TlsVersion version) {
  switch (version) {
    case TlsVersion::tls10:
      return TLS1_VERSION;
    case TlsVersion::tls11:
      return TLS1_1_VERSION;
    case TlsVersion::tls12:
      return TLS1_2_VERSION;
    case TlsVersion::tls13:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

// Whether OpenSSL finds single authorities in its folder when it needs them; a folder without the
// links that c_rehash makes is none to it.
bool has_hashed_names(const char* folder) {
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(folder, fault)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == 10 && name.ends_with(".0")) return true;
  }
  return false;
}

// Authorities are read one by one when a certificate of theirs turns up: the whole bundle takes
// 24 ms and megabytes. It is the way out where the distribution has no such folder, or the
// environment names something else.
std::shared_ptr<X509_STORE> system_authorities() {
  static const std::shared_ptr<X509_STORE> store = [] {
    X509StorePtr made(X509_STORE_new());
    const bool named = getenv(X509_get_default_cert_file_env()) != nullptr ||
                       getenv(X509_get_default_cert_dir_env()) != nullptr;
    if (!named && has_hashed_names(X509_get_default_cert_dir())) {
      X509_STORE_load_path(made.get(), X509_get_default_cert_dir());
    } else {
      X509_STORE_set_default_paths(made.get());
      if (!named) X509_STORE_load_file(made.get(), "/etc/ssl/certs/ca-certificates.crt");
    }
    ERR_clear_error();
    return std::shared_ptr<X509_STORE>(std::move(made));
  }();
  return store;
}

// PEM from the configuration itself or from the file it names; `name` is the key of tls_config.
struct Pem {
  std::string where;  // for an error
  std::string text;
};
Result<Pem> read_pem(const std::string& name, const std::string& inline_text,
                     const std::string& file) {
  if (file.empty()) return Pem{name, inline_text};
  Result<std::string> text = read_small_file(file);
  if (!text) return Error{"tls_config: " + name + "_file: " + text.error().message};
  return Pem{name + "_file: " + file, std::move(*text)};
}
Error pem_error(const Pem& pem, const std::string& fault) {
  return Error{"tls_config: " + pem.where + ": " + fault};
}

BioPtr reader(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<std::vector<X509Ptr>> certificates_in(const Pem& pem) {
  std::vector<X509Ptr> certificates;
  const BioPtr bio = reader(pem.text);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    certificates.emplace_back(next);
  // Reading ends with "no start line", which is no fault after the first.
  ERR_clear_error();
  if (certificates.empty()) return pem_error(pem, "holds no certificate in PEM");
  return certificates;
}

// A key with a passphrase is refused: OpenSSL would ask for it on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

Result<std::shared_ptr<TlsClient>> TlsClient::make(const TlsConfig& config) {
  std::shared_ptr<TlsClient> client(new TlsClient);
  client->verifies_ = !config.insecure_skip_verify;
  client->server_name_ = config.server_name;
  client->min_version_ = openssl_version(config.min_version.value_or(TlsVersion::tls12));
  if (config.max_version) client->max_version_ = openssl_version(*config.max_version);
  // What can be at fault comes first: a bundle of authorities takes 24 ms, and a faulty
  // configuration is read at each probe, for it may have been mended.
  if (const auto read = client->read_certificate(config); !read) return read.error();
  if (const auto read = client->read_authorities(config); !read) return read.error();
  return client;
}

Outcome<> TlsClient::read_authorities(const TlsConfig& config) {
  if (config.ca.empty() && config.ca_file.empty()) {
    authorities_ = system_authorities();
    return Done{};
  }
  const Result<Pem> pem = read_pem("ca", config.ca, config.ca_file);
  if (!pem) return pem.error();
  Result<std::vector<X509Ptr>> certificates = certificates_in(*pem);
  if (!certificates) return certificates.error();
  X509StorePtr store(X509_STORE_new());
  for (const X509Ptr& certificate : *certificates)
    X509_STORE_add_cert(store.get(), certificate.get());
  authorities_ = std::move(store);
  return Done{};
}

Outcome<> TlsClient::read_certificate(const TlsConfig& config) {
  const bool has_certificate = !config.cert.empty() || !config.cert_file.empty();
  const bool has_key = !config.key.text.empty() || !config.key_file.empty();
  if (!has_certificate && !has_key) return Done{};
  if (!has_key) return Error{"tls_config: there is a cert but no key (key_file is missing)"};
  if (!has_certificate)
    return Error{"tls_config: there is a key but no cert (cert_file is missing)"};
  const Result<Pem> pem = read_pem("cert", config.cert, config.cert_file);
  if (!pem) return pem.error();
  Result<std::vector<X509Ptr>> chain = certificates_in(*pem);
  if (!chain) return chain.error();
  certificate_ = std::move(chain->front());
  intermediates_.assign(std::make_move_iterator(chain->begin() + 1),
                        std::make_move_iterator(chain->end()));
  const Result<Pem> key_pem = read_pem("key", config.key.text, config.key_file);
  if (!key_pem) return key_pem.error();
  key_.reset(PEM_read_bio_PrivateKey(reader(key_pem->text).get(), nullptr, no_passphrase, nullptr));
  if (key_ == nullptr)
    return pem_error(*key_pem, "holds no usable private key (" + take_openssl_error() + ")");
  if (X509_check_private_key(certificate_.get(), key_.get()) != 1) {
    ERR_clear_error();
    return pem_error(*key_pem, "is not the key of the certificate in " + pem->where);
  }
  return Done{};
}

void TlsClient::configure(SSL_CTX* context) const {
  SSL_CTX_set1_cert_store(context, authorities_.get());
  SSL_CTX_set_min_proto_version(context, min_version_);
  SSL_CTX_set_max_proto_version(context, max_version_);
  // Distributions ask for more (Debian: level 2); a probe speaks with what Go would speak with, and
  // OpenSSL has TLS 1.0 and 1.1 at level 0 only.
  SSL_CTX_set_security_level(context, min_version_ < TLS1_2_VERSION ? 0 : 1);
  if (certificate_ == nullptr) return;
  SSL_CTX_use_certificate(context, certificate_.get());
  SSL_CTX_clear_chain_certs(context);
  for (const X509Ptr& intermediate : intermediates_)
    SSL_CTX_add1_chain_cert(context, intermediate.get());
  SSL_CTX_use_PrivateKey(context, key_.get());
}

SSL_CTX* TlsClient::context() {
  if (context_ != nullptr) return context_.get();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  configure(context_.get());
  TlsCapture::install(context_.get());
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
  return context_.get();
}

Result<std::shared_ptr<TlsClient>> TlsContexts::client_for(const TlsConfig& config) {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.config == config; });
  if (known != entries_.end()) {
    const bool changed = std::any_of(known->files.begin(), known->files.end(),
                                     [](const FileStamp& file) { return file.changed(); });
    if (!changed) {
      entries_.splice(entries_.begin(), entries_, known);
      return known->client;
    }
    entries_.erase(known);
  }
  std::vector<FileStamp> files;
  // Before they are read: a change in between is seen next time.
  for (const std::string* path : {&config.ca_file, &config.cert_file, &config.key_file})
    if (!path->empty()) files.emplace_back(*path);
  Result<std::shared_ptr<TlsClient>> made = TlsClient::make(config);
  if (!made) return made;
  entries_.push_front({config, std::move(files), *made});
  if (entries_.size() > kMaxClients) entries_.pop_back();
  return made;
}

}  // namespace selfheal
