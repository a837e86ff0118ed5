#include "common/http/civetweb_request.h"

#include <algorithm>
#include <array>

#include <civetweb.h>

namespace selfheal {
namespace {

std::string to_text(const char* text) {
  return text == nullptr ? std::string() : text;
}

}  // namespace

CivetwebRequest::CivetwebRequest(mg_connection* connection, ConnectionWatch& watch,
                                 const Clock& clock)
    : connection_(connection), watch_(watch), clock_(clock) {
  const mg_request_info* info = mg_get_request_info(connection);
  method_ = to_text(info->request_method);
  path_ = to_text(info->local_uri);
}

std::string CivetwebRequest::query_string() const {
  return to_text(mg_get_request_info(connection_)->query_string);
}

std::string CivetwebRequest::header(std::string_view name) const {
  return to_text(mg_get_header(connection_, std::string(name).c_str()));
}

std::string CivetwebRequest::remote_address() const {
  return to_text(mg_get_request_info(connection_)->remote_addr);
}

bool CivetwebRequest::has_unread_body() const {
  return !body_consumed_ && (mg_get_request_info(connection_)->content_length > 0 ||
                             mg_get_header(connection_, "Transfer-Encoding") != nullptr);
}

bool CivetwebRequest::has_too_many_headers() const {
  static_assert(kMostHeaders < MG_MAX_HEADERS);
  return mg_get_request_info(connection_)->num_headers > kMostHeaders;
}

Result<std::string, BodyFault> CivetwebRequest::read_body(size_t limit, Milliseconds timeout) {
  const long long announced = mg_get_request_info(connection_)->content_length;
  if (announced > 0 && static_cast<unsigned long long>(announced) > limit)
    return BodyFault::too_large;
  if (announced < 0 && header("Transfer-Encoding").empty()) return BodyFault::length_required;
  watch_.await_body(connection_, timeout);
  auto body = read_pieces(limit, clock_.steady_now() + timeout);
  watch_.move(connection_, ConnectionWatch::Phase::handling);
  body_consumed_ = body.ok();
  return body;
}

// mg_read returns when it has all it was asked for, when the peer is gone, or when the watch has
// cut it off because the time is over.
Result<std::string, BodyFault> CivetwebRequest::read_pieces(size_t limit, SteadyTime deadline) {
  const long long announced = mg_get_request_info(connection_)->content_length;
  const auto whole = [&](size_t size) {
    return announced > 0 && size >= static_cast<size_t>(announced);
  };
  std::string body;
  std::array<char, 4096> piece;
  for (;;) {
    const int got =
        mg_read(connection_, piece.data(), std::min(piece.size(), limit + 1 - body.size()));
    if (got > 0) body.append(piece.data(), static_cast<size_t>(got));
    if (body.size() > limit) return BodyFault::too_large;
    if (clock_.steady_now() >= deadline) return BodyFault::too_slow;
    if (got < 0) return BodyFault::closed;
    if (whole(body.size())) return body;
    if (got == 0) break;
    watch_.note_progress(connection_);
  }
  if (announced > 0) return BodyFault::closed;
  return body;
}

}  // namespace selfheal
