#include "exporter/probes/http/http_body.h"

#include <algorithm>
#include <utility>

namespace selfheal {

ResponseBody::ResponseBody(const HttpModule& module) : module_(module) {
  if (module.compression.empty()) return;
  Result<std::unique_ptr<BodyDecoder>> decoder = make_body_decoder(module.compression);
  if (decoder)
    decoder_ = std::move(*decoder);
  else
    fault_ = decoder.error().message;
}

bool ResponseBody::take(std::string_view piece) {
  if (!fault_.empty()) return false;
  if (decoder_ == nullptr) return take_decoded(piece);
  expanded_ = 0;
  const auto decoded =
      decoder_->decode(piece, [this](std::string_view part) { return take_expanded(part); });
  if (!decoded) fault_ = "the body is not " + module_.compression + ": " + decoded.error().message;
  return fault_.empty();
}

bool ResponseBody::take_expanded(std::string_view part) {
  expanded_ += part.size();
  if (expanded_ > kMostExpandedAtOnce)
    fault_ = "the body expands without measure, " + std::to_string(kCompressedPieceBytes) +
             " bytes to more than " + std::to_string(kMostExpandedAtOnce);
  else if (module_.body_size_limit == 0 && length_ + part.size() > kMostExpandedBytes)
    fault_ = "the body expands to more than " + std::to_string(kMostExpandedBytes) +
             " bytes; body_size_limit can allow for more";
  return fault_.empty() && take_decoded(part);
}

bool ResponseBody::take_decoded(std::string_view piece) {
  const uint64_t limit = module_.body_size_limit;
  if (limit > 0 && piece.size() > limit - length_) {
    fault_ = "the body is longer than body_size_limit, " + std::to_string(limit) + " bytes";
    length_ = limit;
    return false;
  }
  length_ += piece.size();
  if (!kept_) return true;
  if (const uint64_t most = limit > 0 ? kMostMatchedBytes : kMatchedBytes; length_ > most) {
    fault_ = "the body is longer than the " + std::to_string(most) +
             " bytes that regular expressions are tried on";
    if (limit == 0)
      fault_ += "; body_size_limit can allow for " + std::to_string(kMostMatchedBytes);
    return false;
  }
  text_ += piece;
  return true;
}

bool ResponseBody::finish() {
  if (fault_.empty() && decoder_ != nullptr && !decoder_->complete())
    fault_ = "the body is not " + module_.compression + ": it ends too early";
  return fault_.empty();
}

}  // namespace selfheal
