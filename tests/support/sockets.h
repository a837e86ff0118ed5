// Sockets for the stubs, each with a time limit so that a test fails instead of hanging.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/unique_fd.h"

namespace selfheal {

// Listens on 127.0.0.1 at a port of the kernel's choice, or at the path of a unix socket.
UniqueFd listen_tcp();
UniqueFd listen_unix(const std::string& path);
uint16_t port_of(const UniqueFd& listening);
UniqueFd connect_tcp(uint16_t port);
// Whose kernel takes next to nothing that nobody reads.
UniqueFd connect_tcp_without_buffer(uint16_t port);

// False when the peer is gone.
bool send_all(const UniqueFd& socket, std::string_view bytes);
// Appends what has come; false at the end of the stream, on an error and after 20 s of silence.
bool receive_some(const UniqueFd& socket, std::string& buffer);
// Ends the connection by a reset; the descriptor stays.
void send_reset(const UniqueFd& socket);

// A TCP port on which nothing listens (a moment ago).
uint16_t closed_port();

}  // namespace selfheal
