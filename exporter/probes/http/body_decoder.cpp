#include "exporter/probes/http/body_decoder.h"

#include <array>

#include <brotli/decode.h>
#include <strings.h>
#include <zlib.h>

namespace selfheal {
namespace {

using Buffer = std::array<char, 32 << 10>;

class ZlibDecoder final : public BodyDecoder {
 public:
  enum class Format { gzip, raw };
  explicit ZlibDecoder(Format format) : format_(format) {
    inflateInit2(&stream_, format == Format::gzip ? MAX_WBITS + 16 : -MAX_WBITS);
  }
  ~ZlibDecoder() override { inflateEnd(&stream_); }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  Outcome<> decode(std::string_view piece, const Sink& sink) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    for (;;) {
      if (at_end_) {
        if (stream_.avail_in == 0 || format_ == Format::raw) return Done{};
        inflateReset(&stream_);  // a further member
        at_end_ = false;
      }
      Buffer buffer;
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = buffer.size();
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return Error{stream_.msg != nullptr ? stream_.msg : "corrupt data"};
      const size_t size = buffer.size() - stream_.avail_out;
      if (size > 0 && !sink({buffer.data(), size})) return Done{};
      at_end_ = code == Z_STREAM_END;
      if (!at_end_ && stream_.avail_out > 0) return Done{};
    }
  }
  bool complete() const override { return at_end_; }

 private:
  const Format format_;
  z_stream stream_{};
  bool at_end_ = false;
};

class BrotliDecoder final : public BodyDecoder {
 public:
  Outcome<> decode(std::string_view piece, const Sink& sink) override {
    size_t left = piece.size();
    const auto* next = reinterpret_cast<const uint8_t*>(piece.data());
    if (at_end_ && left > 0) return Error{"data after the end"};
    for (;;) {
      Buffer buffer;
      auto* out = reinterpret_cast<uint8_t*>(buffer.data());
      size_t room = buffer.size();
      const BrotliDecoderResult result =
          BrotliDecoderDecompressStream(state_.get(), &left, &next, &room, &out, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR)
        return Error{BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_.get()))};
      const size_t size = buffer.size() - room;
      if (size > 0 && !sink({buffer.data(), size})) return Done{};
      at_end_ = result == BROTLI_DECODER_RESULT_SUCCESS;
      if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return Done{};
    }
  }
  bool complete() const override { return at_end_; }

 private:
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Free> state_{
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
  bool at_end_ = false;
};

}  // namespace

Result<std::unique_ptr<BodyDecoder>> make_body_decoder(const std::string& compression) {
  const auto is = [&](const char* name) { return strcasecmp(compression.c_str(), name) == 0; };
  if (compression.empty() || is("identity")) return std::unique_ptr<BodyDecoder>();
  if (is("gzip")) return std::unique_ptr<BodyDecoder>(new ZlibDecoder(ZlibDecoder::Format::gzip));
  if (is("deflate")) return std::unique_ptr<BodyDecoder>(new ZlibDecoder(ZlibDecoder::Format::raw));
  if (is("br")) return std::unique_ptr<BodyDecoder>(new BrotliDecoder);
  return Error{"unsupported compression algorithm " + compression};
}

}  // namespace selfheal
