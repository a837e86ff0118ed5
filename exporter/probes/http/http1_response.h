// One response of HTTP/1.0 or 1.1 out of the bytes of its connection: status line, headers, and the
// body by its length, by chunks, or to the connection's end.
//
// No network, no time. Takes the bytes in whatever pieces they come, and hands the body on in
// pieces. Interim responses (1xx) are passed over. What a careful client refuses is refused: a
// status line or a header that is none, two lengths, an unknown transfer encoding, a head without
// end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/probes/http/http_head.h"

namespace selfheal {

class Http1Response {
 public:
  enum class Progress {
    more,     // there is more to come
    done,     // the response is whole
    broken,   // see fault()
    refused,  // the receiver did not want the rest
  };
  enum class Body { expected, none };  // none: the answer to HEAD
  class Receiver {
   public:
    // False: the rest is not wanted.
    virtual bool take_head(const ResponseHead& head) = 0;
    virtual bool take_body(std::string_view piece) = 0;

   protected:
    ~Receiver() = default;
  };

  Http1Response(Body body, Receiver& receiver) : body_(body), receiver_(receiver) {}

  Progress feed(std::string_view bytes);
  // The peer has closed.
  Progress end();

  // Of the head; 0, empty and -1 before it has come wholly.
  const ResponseHead& head() const;
  int minor_version() const { return minor_version_; }
  int64_t content_length() const { return content_length_; }  // as announced; -1: it was not
  bool began() const { return began_; }                       // a byte came
  const std::string& fault() const { return fault_; }

 private:
  enum class State { head, by_length, chunk_size, chunk, chunk_end, trailer, to_end, done };

  Progress step(std::string_view& bytes);
  Progress read_head(std::string_view& bytes);
  Progress parse_head(std::string_view head);
  bool parse_status_line(std::string_view line);
  bool parse_header(std::string_view line);
  Progress choose_body();
  bool parse_framing();
  Progress body_piece(std::string_view& bytes);
  Progress read_chunk_size(std::string_view& bytes);
  Progress read_trailer(std::string_view& bytes);
  // Cuts a line off `bytes`, or keeps what has come of it; false when more is needed.
  bool take_line(std::string_view& bytes, std::string& line);
  Progress broken(std::string what);

  const Body body_;
  Receiver& receiver_;
  State state_ = State::head;
  std::string pending_;  // of a head or a line that has not come wholly
  ResponseHead head_;
  int minor_version_ = 0;
  int64_t content_length_ = -1;
  bool chunked_ = false;
  bool began_ = false;
  uint64_t left_ = 0;  // of the body by its length, or of the chunk
  std::string fault_;
};

}  // namespace selfheal
