#include "compose/sample-app/healthcheck.h"

#include <array>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace sample_app {
namespace {

constexpr timeval kPatience{2, 0};
constexpr std::string_view kRequest = "GET /health HTTP/1.0\r\n\r\n";
constexpr std::string_view kHealthy = "HTTP/1.1 200";

// All or nothing: the status line is the first thing a server sends, in one piece.
bool ask(int socket, const sockaddr_in& address) {
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return false;
  if (send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) return false;
  std::array<char, kHealthy.size()> answer{};
  const ssize_t length = recv(socket, answer.data(), answer.size(), MSG_WAITALL);
  return length > 0 && std::string_view(answer.data(), static_cast<size_t>(length)) == kHealthy;
}

}  // namespace

bool is_healthy(uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool healthy = ask(socket, address);
  close(socket);
  return healthy;
}

}  // namespace sample_app
