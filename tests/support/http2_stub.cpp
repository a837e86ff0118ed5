#include "tests/support/http2_stub.h"

#include <algorithm>
#include <cstring>
#include <map>

#include <nghttp2/nghttp2.h>

namespace selfheal {
namespace {

// nghttp2 copies what it is given here.
std::vector<nghttp2_nv> name_values(const Http2Headers& headers) {
  std::vector<nghttp2_nv> values;
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  for (const auto& [name, value] : headers)
    values.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  return values;
}

class Http2Session {
 public:
  Http2Session(StubConnection& connection, const Http2Answer& answer)
      : connection_(connection), answer_(answer) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_send_callback(callbacks, &on_send);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &on_frame);
    nghttp2_session_server_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Http2Session() { nghttp2_session_del(session_); }
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  void run() {
    std::string bytes;
    while (nghttp2_session_send(session_) == 0 && connection_.receive(bytes)) {
      const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
      if (nghttp2_session_mem_recv(session_, data, bytes.size()) < 0) return;
      bytes.clear();
    }
  }

 private:
  struct Stream {
    Http2Request request;
    Http2Response response;
    size_t sent = 0;
  };

  static Http2Session& of(void* self) { return *static_cast<Http2Session*>(self); }

  static ssize_t on_send(nghttp2_session*, const uint8_t* data, size_t size, int, void* self) {
    if (!of(self).connection_.send({reinterpret_cast<const char*>(data), size}))
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    return static_cast<ssize_t>(size);
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                       size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                       void* self) {
    of(self).streams_[frame->hd.stream_id].request.headers.emplace_back(
        std::string(reinterpret_cast<const char*>(name), name_size),
        std::string(reinterpret_cast<const char*>(value), value_size));
    return 0;
  }
  static int on_data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* data, size_t size,
                     void* self) {
    of(self).streams_[stream].request.body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    const bool of_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (of_request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      of(self).respond(frame->hd.stream_id);
    return 0;
  }

  void respond(int32_t id) {
    Stream& stream = streams_[id];
    std::optional<Http2Response> response = answer_(stream.request);
    if (!response) return;
    stream.response = std::move(*response);
    const auto headers = name_values(stream.response.headers);
    const bool headers_only = stream.response.body.empty() && stream.response.trailers.empty();
    nghttp2_data_provider body{{.ptr = this}, &read_body};
    nghttp2_submit_response(session_, id, headers.data(), headers.size(),
                            headers_only ? nullptr : &body);
  }

  static ssize_t read_body(nghttp2_session* session, int32_t id, uint8_t* buffer, size_t size,
                           uint32_t* flags, nghttp2_data_source*, void* self) {
    Stream& stream = of(self).streams_[id];
    const std::string& body = stream.response.body;
    size = std::min(size, body.size() - stream.sent);
    std::memcpy(buffer, body.data() + stream.sent, size);
    stream.sent += size;
    if (stream.sent < body.size()) return static_cast<ssize_t>(size);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!stream.response.trailers.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto trailers = name_values(stream.response.trailers);
      nghttp2_submit_trailer(session, id, trailers.data(), trailers.size());
    }
    return static_cast<ssize_t>(size);
  }

  StubConnection& connection_;
  const Http2Answer& answer_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, Stream> streams_;
};

int choose_http2(SSL*, const unsigned char** chosen, unsigned char* size,
                 const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  const auto* h2 = reinterpret_cast<const unsigned char*>("\x02h2");
  const int how = SSL_select_next_proto(&found, size, h2, 3, offered, offered_size);
  *chosen = found;
  return how == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

std::string Http2Request::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return "";
}

void serve_http2(StubConnection& connection, const Http2Answer& answer) {
  Http2Session(connection, answer).run();
}

void offer_http2(SSL_CTX* context) {
  SSL_CTX_set_alpn_select_cb(context, &choose_http2, nullptr);
}

}  // namespace selfheal
