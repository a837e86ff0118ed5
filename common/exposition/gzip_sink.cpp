#include "common/exposition/gzip_sink.h"

#include <array>
#include <new>

#include <zlib.h>

namespace selfheal {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, and gzip's header instead of zlib's
constexpr int kDefaultMemory = 8;

}  // namespace

GzipSink::GzipSink(std::string& compressed)
    : compressed_(compressed), stream_(std::make_unique<z_stream>()) {
  if (deflateInit2(stream_.get(), Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kDefaultMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

GzipSink::~GzipSink() {
  deflateEnd(stream_.get());
}

void GzipSink::write(std::string_view bytes) {
  // zlib does not change its input; its interface is older than const.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  deflate_all(Z_NO_FLUSH);
}

void GzipSink::finish() {
  deflate_all(Z_FINISH);
}

void GzipSink::deflate_all(int flush) {
  std::array<char, 16 * 1024> piece;
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_->avail_out = static_cast<uInt>(piece.size());
    deflate(stream_.get(), flush);
    compressed_.append(piece.data(), piece.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

}  // namespace selfheal
