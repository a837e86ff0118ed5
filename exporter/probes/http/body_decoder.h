// Undoes the compression of a response's body, piece by piece. Belongs to one thread.
//
// What the module says counts, not what the response claims, as blackbox_exporter does it: gzip
// (all members), deflate (raw, without zlib's header, as Go reads it), br.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace selfheal {

class BodyDecoder {
 public:
  // Gets what was decoded, at most 32 KB at a time; false ends the decoding of this piece.
  using Sink = std::function<bool(std::string_view)>;
  virtual ~BodyDecoder() = default;
  // The error says why `piece` can't be decoded.
  virtual Outcome<> decode(std::string_view piece, const Sink& sink) = 0;
  // Whether the body ended where its encoding says.
  virtual bool complete() const = 0;
};

// Null for "identity" and "". The error: there is no such compression.
Result<std::unique_ptr<BodyDecoder>> make_body_decoder(const std::string& compression);

}  // namespace selfheal
