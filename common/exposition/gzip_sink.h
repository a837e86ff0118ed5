// Compresses as it is written to, so that only compressed text piles up. Level 1: higher ones cost
// three times the time for a quarter of the size.
#pragma once

#include <memory>
#include <string>

#include "common/exposition/byte_sink.h"

struct z_stream_s;

namespace selfheal {

class GzipSink final : public ByteSink {
 public:
  // Appends to `compressed`. Throws std::bad_alloc.
  explicit GzipSink(std::string& compressed);
  ~GzipSink() override;
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(std::string_view bytes) override;
  // The end of the gzip file; nothing is written after it.
  void finish();

 private:
  void deflate_all(int flush);

  std::string& compressed_;
  std::unique_ptr<z_stream_s> stream_;
};

}  // namespace selfheal
