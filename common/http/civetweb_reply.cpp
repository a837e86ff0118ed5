#include "common/http/civetweb_reply.h"

#include <algorithm>
#include <string>

#include <civetweb.h>

namespace selfheal {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;

std::string head_of(const mg_connection* connection, const ServerResponse& response) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     mg_get_response_code_text(connection, response.status) + "\r\n";
  head += "Content-Type: " + response.content_type + "\r\n";
  head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (response.close_connection) head += "Connection: close\r\n";
  return head + "\r\n";
}

bool write(mg_connection* connection, ConnectionWatch& watch, std::string_view piece) {
  if (mg_write(connection, piece.data(), piece.size()) != static_cast<int>(piece.size()))
    return false;
  watch.note_progress(connection);
  return true;
}

}  // namespace

void send_reply(mg_connection* connection, ConnectionWatch& watch, const ServerResponse& response,
                std::string_view method) {
  // Before the reply: else civetweb would read the rest of the body, without limit.
  if (response.close_connection) mg_disable_connection_keep_alive(connection);
  watch.move(connection, ConnectionWatch::Phase::reply);
  std::string head = head_of(connection, response);
  std::string_view body = method == "HEAD" ? std::string_view() : response.body;
  // What is small goes in one write: one packet.
  const size_t first = std::min(body.size(), kPieceBytes);
  bool alive = write(connection, watch, head.append(body.substr(0, first)));
  for (body.remove_prefix(first); alive && !body.empty();
       body.remove_prefix(std::min(body.size(), kPieceBytes)))
    alive = write(connection, watch, body.substr(0, kPieceBytes));
  if (!alive) mg_disable_connection_keep_alive(connection);
}

}  // namespace selfheal
