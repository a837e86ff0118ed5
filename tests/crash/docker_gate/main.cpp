// docker-gate LISTEN UPSTREAM MODE-FILE: stands between the remediator and Docker's socket.
//
// A thread for each connection, one request on each. To stdout goes a line when a request's fate is
// sealed, "held GET /v1.41/containers/x/json": what tests wait for.
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include <sys/socket.h>

#include "tests/crash/docker_gate/gate.h"
#include "tests/crash/docker_gate/unix_stream.h"

namespace {

using namespace selfheal;

struct Gate {
  std::string upstream;
  std::string mode_file;
};

std::string mode_in(const std::string& file) {
  std::string mode;
  std::ifstream(file) >> mode;
  return mode;
}

struct Request {
  RequestHead head;
  std::string body;
};

std::optional<Request> read_request(int client) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::string text;
  size_t end = std::string::npos;
  while ((end = text.find(kEnd)) == std::string::npos) {
    const std::string piece = read_piece(client);
    if (piece.empty()) return std::nullopt;
    text += piece;
  }
  Request request;
  request.body = text.substr(end + kEnd.size());
  request.head = parse_head(text.substr(0, end + kEnd.size()));
  while (request.body.size() < request.head.body_bytes) {
    const std::string piece = read_piece(client);
    if (piece.empty()) return std::nullopt;
    request.body += piece;
  }
  return request;
}

void tell(Passage passage, const RequestHead& head) {
  std::printf("%s %s %s\n", std::string(to_string(passage)).c_str(), head.method.c_str(),
              head.path.c_str());
}

// A client that hangs up while Docker is silent (an event stream) has to end the wait for Docker.
void relay(int docker, int client) {
  std::thread hang_up([&] {
    await_hang_up(client);
    shutdown(docker, SHUT_RDWR);
  });
  for (std::string piece; !(piece = read_piece(docker)).empty();)
    if (!write_all(client, piece)) break;
  shutdown(client, SHUT_RDWR);
  hang_up.join();
}

void serve(const Gate& gate, UniqueFd client) {
  const std::optional<Request> request = read_request(client.get());
  if (!request) return;
  const Passage passage = passage_of(mode_in(gate.mode_file), request->head);
  if (passage == Passage::hold) {
    tell(passage, request->head);
    await_hang_up(client.get());
    return;
  }
  const UniqueFd docker = connect_to(gate.upstream);
  write_all(docker.get(), head_for_docker(request->head, passage) + request->body);
  if (passage == Passage::pass) {
    tell(passage, request->head);
    relay(docker.get(), client.get());
    return;
  }
  await_hang_up(docker.get());  // it has answered
  tell(passage, request->head);
  await_hang_up(client.get());
}

void serve_or_hang_up(const Gate& gate, UniqueFd client) {
  try {
    serve(gate, std::move(client));
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "docker-gate: %s\n", fault.what());
  }
}

[[noreturn]] void run(const Gate& gate, const std::string& path) {
  const UniqueFd listener = listen_at(path);
  for (;;) {
    UniqueFd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) continue;
    std::thread(serve_or_hang_up, std::cref(gate), std::move(client)).detach();
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc != 4) {
    std::fprintf(stderr, "usage: docker-gate LISTEN UPSTREAM MODE-FILE\n");
    return 2;
  }
  try {
    run({argv[2], argv[3]}, argv[1]);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "docker-gate: %s\n", fault.what());
    return 1;
  }
}
