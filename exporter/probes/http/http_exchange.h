// One HTTP request and its response, on a connection of its own that is closed with a reset.
//
// Made by the HTTP and gRPC probers for one probe, which may use it for several requests one after
// another (redirects): cookies are kept in between. Belongs to the loop's thread. The listener is
// called from the loop, never from within start(), and not after the destruction; on_end() comes
// exactly once for each start(), at the latest a little after the timeout.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "common/http/curl_list.h"
#include "common/http/curl_multi.h"
#include "common/http/http_client.h"
#include "exporter/probes/http/http_head.h"
#include "exporter/probes/probe.h"
#include "exporter/probes/tls/tls_capture.h"
#include "exporter/probes/tls/tls_contexts.h"

namespace selfheal {

struct ExchangeRequest {
  enum class Version { http1, http2_by_alpn, http2 };
  enum class Cookies { ignored, kept };

  std::string method = "GET";
  std::string url;         // http or https; its host is what TLS asks for (SNI) and the Host header
  std::string connect_to;  // "10.0.0.1:80", "[::1]:80"; empty: as the URL says
  HttpHeaders headers;     // Host where it differs from the URL's
  std::shared_ptr<const std::string> body;  // null: none
  Milliseconds timeout{5'000};
  Version version = Version::http1;
  Cookies cookies = Cookies::ignored;
  std::shared_ptr<TlsClient> tls;  // of https
  std::string server_name;         // that the certificate must be for
  std::string proxy;               // a URL; or empty
  std::string no_proxy;
  HttpHeaders proxy_headers;  // of the CONNECT request
  long piece_bytes = 0;       // of the body at a time, at most; 0: as many as come
  Tracing tracing = Tracing::off;
};

// From the start of the request; 0 for what it did not come to.
struct ExchangeTimes {
  TraceSeconds connected{0}, tls_done{0}, sent{0}, first_byte{0}, end{0};
};

class HttpExchange final : public CurlTask {
 public:
  // enough: the exchange ends here, and well.
  enum class Next { go_on, enough };
  class Listener {
   public:
    virtual Next on_head(const ResponseHead& head) = 0;
    virtual Next on_body(std::string_view piece) = 0;
    // With a failure only if nobody said `enough`. May destroy the exchange or start it again.
    virtual void on_end(const std::optional<HttpFailure>& failure) = 0;

   protected:
    ~Listener() = default;
  };

  HttpExchange(CurlMulti& multi, Listener& listener);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  void start(ExchangeRequest request);

  // After the end.
  const ResponseHead& head() const { return reader_.head(); }  // status 0: there was none
  const HttpHeaders& trailers() const { return reader_.trailers(); }
  double http_version() const;     // 1.0, 1.1, 2
  int64_t content_length() const;  // as announced; -1: it wasn't
  ExchangeTimes times() const;
  const TlsCapture* tls() const { return capture_ ? &*capture_ : nullptr; }
  bool tls_established() const;

 private:
  void set_options();
  void set_request();
  void set_headers();
  void set_tls();
  void set_proxy();
  void on_done(CURLcode code) override;
  HttpFailure failure(CURLcode code) const;
  static size_t on_header(char* data, size_t size, size_t count, void* self);
  static size_t on_body(char* data, size_t size, size_t count, void* self);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static CURLcode on_tls_context(CURL* handle, void* context, void* self);

  CurlMulti& multi_;
  Listener& listener_;
  CURL* handle_;
  bool running_ = false;
  ExchangeRequest request_;
  CurlList header_list_;
  CurlList proxy_header_list_;
  CurlList connect_to_list_;
  std::optional<TlsCapture> capture_;
  HeadReader reader_;
  bool enough_ = false;
  bool used_ = false;
  bool tcp_connected_ = false;  // as far as TLS tells
  int no_socket_ = 0;           // the errno, where none could be opened
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

// The reason that a failed exchange counts under.
ProbeReason reason_of(HttpFailureKind kind);

}  // namespace selfheal
