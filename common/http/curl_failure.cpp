#include "common/http/curl_failure.h"

#include <cerrno>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace selfheal {
namespace {

HttpFailureKind kind_of_connect_error(int os_error) {
  switch (os_error) {
    case ECONNREFUSED:
      return HttpFailureKind::refused;
    case ETIMEDOUT:
      return HttpFailureKind::timeout;
    default:
      return HttpFailureKind::unreachable;
  }
}

// What libcurl calls a failure to receive, though all was received.
bool is_about_protocol(std::string_view text) {
  return text.starts_with("CONNECT tunnel failed") || text.starts_with("chunk hex-length") ||
         text.starts_with("invalid chunk size") ||
         text.find("chunked-enc") != std::string_view::npos;
}

// nghttp2's word for a peer that does not speak HTTP/2, after which libcurl 8.14 waits on until its
// time is up.
bool is_about_http2(std::string_view text) {
  return text.starts_with("Remote peer returned unexpected data");
}

HttpFailureKind kind_of(CURLcode code, int os_error, std::string_view text) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return is_about_http2(text) ? HttpFailureKind::protocol : HttpFailureKind::timeout;
    case CURLE_COULDNT_CONNECT:
      return kind_of_connect_error(os_error);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return HttpFailureKind::dns;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      // With TLS 1.3 a server refuses the client's certificate after the handshake.
      if (text.find(" alert ") != std::string_view::npos) return HttpFailureKind::tls;
      if (is_about_protocol(text)) return HttpFailureKind::protocol;
      return HttpFailureKind::reset;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return HttpFailureKind::reset;
    case CURLE_SSL_CONNECT_ERROR:
      return os_error == ECONNRESET ? HttpFailureKind::reset : HttpFailureKind::tls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpFailureKind::tls;
    default:
      return HttpFailureKind::protocol;
  }
}

// "OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number", or since libcurl 8.12 "TLS
// connect error: error:…", says little to a person.
std::string for_a_person(std::string_view text) {
  constexpr std::string_view kMark = " routines::";
  const size_t mark = text.find(kMark);
  const bool about_tls = text.starts_with("OpenSSL") || text.starts_with("TLS connect error");
  if (!about_tls || mark == std::string_view::npos) return std::string(text);
  const std::string_view reason = text.substr(mark + kMark.size());
  return "TLS: " + std::string(reason) +
         (reason == "wrong version number" ? " (is this TLS at all?)" : "");
}

}  // namespace

HttpFailure curl_failure(CURL* handle, CURLcode code, const char* error_text) {
  long os_error = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error);
  curl_off_t connect_time = 0;
  curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connect_time);
  const char* text = error_text[0] != '\0' ? error_text : curl_easy_strerror(code);
  return {kind_of(code, static_cast<int>(os_error), text), for_a_person(text),
          static_cast<int>(os_error), connect_time > 0};
}

int close_with_reset(void*, curl_socket_t fd) {
  const linger reset{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  return close(fd);
}

}  // namespace selfheal
