// Blocking stream sockets of the Unix domain: just what the gate needs.
#pragma once

#include <string>
#include <string_view>

#include "common/base/unique_fd.h"

namespace selfheal {

// Throw std::system_error. `listen_at` replaces what is at `path`.
UniqueFd listen_at(const std::string& path);
UniqueFd connect_to(const std::string& path);

// Waits for the next piece; empty at the end of the stream, or when it broke.
std::string read_piece(int socket);
// False when the other side is gone.
bool write_all(int socket, std::string_view bytes);
// Reads and drops until the other side hangs up.
void await_hang_up(int socket);

}  // namespace selfheal
