// A response's body as an HTTP probe reads it: decoded where the module says so, counted, bounded,
// and kept only where regular expressions want it. Belongs to the loop's thread.
//
// Regular expressions get at most body_size_limit bytes, kMatchedBytes where the module sets none
// and kMostMatchedBytes where it sets a larger one: a longer body fails the probe and names the
// remedy, rather than be judged by its beginning. So does a body of which one piece expands to more
// than kMostExpandedAtOnce, or the whole, where the module sets no body_size_limit, to more than
// kMostExpandedBytes: the loop has other probes to make.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "exporter/modules/module.h"
#include "exporter/probes/http/body_decoder.h"

namespace selfheal {

class ResponseBody {
 public:
  static constexpr uint64_t kMatchedBytes = 1 << 20;
  static constexpr uint64_t kMostMatchedBytes = 4 << 20;
  static constexpr uint64_t kMostExpandedAtOnce = 8 << 20;
  static constexpr uint64_t kMostExpandedBytes = 64 << 20;
  // How much of a compressed body is to be taken at a time: gzip makes a megabyte of it at most.
  static constexpr long kCompressedPieceBytes = 1024;

  explicit ResponseBody(const HttpModule& module);

  // From here on the body is kept.
  void keep() { kept_ = true; }
  // False: the rest is not wanted, fault() says why.
  bool take(std::string_view piece);
  // At the end of the response. False: fault() says what is missing.
  bool finish();

  // Why the body failed, for a person; or empty.
  const std::string& fault() const { return fault_; }
  uint64_t length() const { return length_; }  // decoded, up to the limit
  const std::string& text() const { return text_; }

 private:
  bool take_expanded(std::string_view part);
  bool take_decoded(std::string_view piece);

  const HttpModule& module_;
  std::unique_ptr<BodyDecoder> decoder_;
  bool kept_ = false;
  std::string fault_;
  uint64_t length_ = 0;
  uint64_t expanded_ = 0;  // from the piece at hand
  std::string text_;
};

}  // namespace selfheal
