// What is probed: a server that costs as little as possible, on all loopback addresses at once
// (many_addresses.h). One thread, one epoll.
//
//   --port       answers every request with the same 200 and leaves closing to the client
//   --hang-port  accepts, and never answers
//   --tls-port   as --port, over TLS
//
// `GET /-/stats` on --port tells what was done so far, one `NAME VALUE` a line; asking for it
// counts as nothing. Reachable from this machine alone. Runs until it is killed.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "common/base/flags.h"
#include "common/base/unique_fd.h"

namespace selfheal::bench {
namespace {

constexpr int kBacklog = 16'384;
constexpr rlim_t kDescriptors = 200'000;
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";

struct Flags {
  int port = 0;
  int hang_port = 0;
  int tls_port = 0;
  std::string certificate;
  std::string key;
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(kExitFailed);
}

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

class TargetServer {
 public:
  explicit TargetServer(const Flags& flags) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    listen_on(flags.port, Kind::plain);
    listen_on(flags.hang_port, Kind::hanging);
    if (flags.tls_port == 0) return;
    load(flags);
    listen_on(flags.tls_port, Kind::tls);
  }

  [[noreturn]] void run() {
    std::vector<epoll_event> events(512);
    for (;;) {
      const int count =
          epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const Tag tag = Tag::of(events[static_cast<size_t>(i)].data.u64);
        tag.listening ? accept_all(tag) : serve(tag);
      }
    }
  }

 private:
  enum class Kind : uint8_t { plain, hanging, tls };
  // What epoll hands back: a plain connection needs no other state.
  struct Tag {
    int fd;
    Kind kind;
    bool listening;
    uint64_t packed() const {
      return static_cast<uint32_t>(fd) | static_cast<uint64_t>(kind) << 32 |
             static_cast<uint64_t>(listening) << 40;
    }
    static Tag of(uint64_t packed) {
      return {static_cast<int>(packed & 0xffffffffU), static_cast<Kind>(packed >> 32 & 255),
              (packed >> 40 & 1) != 0};
    }
  };

  void watch(Tag tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag.packed();
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, tag.fd, &event) != 0) give_up("epoll_ctl");
  }

  void listen_on(int port, Kind kind) {
    if (port == 0) return;
    UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo")) != 0)
      give_up("SO_BINDTODEVICE");
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(static_cast<uint16_t>(port));
    any.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof(any)) != 0) give_up("bind");
    if (listen(fd.get(), kBacklog) != 0) give_up("listen");
    watch({fd.get(), kind, true});
    listeners_.push_back(std::move(fd));
  }

  void load(const Flags& flags) {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context_.get(), flags.certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), flags.key.c_str(), SSL_FILETYPE_PEM) != 1)
      give_up("certificate or key");
  }

  void accept_all(Tag listener) {
    for (;;) {
      const int fd = accept4(listener.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      if (listener.kind == Kind::hanging) ++hung_;
      if (listener.kind == Kind::tls) {
        SSL* ssl = SSL_new(context_.get());
        SSL_set_fd(ssl, fd);
        SSL_set_accept_state(ssl);
        sessions_[fd].reset(ssl);
      }
      watch({fd, listener.kind, false});
    }
  }

  void serve(Tag tag) { tag.kind == Kind::tls ? serve_tls(tag.fd) : serve_plain(tag); }

  // Requests are short: they come in one piece.
  void serve_plain(Tag tag) {
    char buffer[4096];
    const ssize_t size = recv(tag.fd, buffer, sizeof(buffer), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      close(tag.fd);
      return;
    }
    if (tag.kind == Kind::hanging) return;
    const std::string_view request(buffer, static_cast<size_t>(size));
    if (request.starts_with("GET /-/stats")) return send_stats(tag.fd);
    ++answered_;
    send(tag.fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
  }

  void send_stats(int fd) const {
    const std::string body =
        "answered " + std::to_string(answered_) + "\nhung " + std::to_string(hung_) + '\n';
    const std::string answer =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  }

  void serve_tls(int fd) {
    SSL* ssl = sessions_.at(fd).get();
    char buffer[4096];
    const int size = SSL_read(ssl, buffer, sizeof(buffer));  // shakes hands first
    if (size > 0) {
      ++answered_;
      SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
      return;
    }
    if (SSL_get_error(ssl, size) == SSL_ERROR_WANT_READ) return;
    sessions_.erase(fd);
    close(fd);
  }

  UniqueFd epoll_;
  std::vector<UniqueFd> listeners_;
  std::unique_ptr<SSL_CTX, FreeSsl> context_;
  std::unordered_map<int, std::unique_ptr<SSL, FreeSsl>> sessions_;  // by descriptor
  uint64_t answered_ = 0;
  uint64_t hung_ = 0;
};

int run(int argc, char** argv) {
  Flags flags;
  CLI::App app("Answers probes as cheaply as can be", "probe-target");
  add_flag(app, "--port", flags.port, "Answers 200 here")->required();
  add_flag(app, "--hang-port", flags.hang_port, "Accepts here, and never answers");
  add_flag(app, "--tls-port", flags.tls_port, "Answers 200 over TLS here");
  add_flag(app, "--tls-cert", flags.certificate, "PEM file of the certificate");
  add_flag(app, "--tls-key", flags.key, "PEM file of its key");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  const rlimit descriptors{kDescriptors, kDescriptors};
  setrlimit(RLIMIT_NOFILE, &descriptors);
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's writes to those who have gone
  TargetServer(flags).run();
}

}  // namespace
}  // namespace selfheal::bench

int main(int argc, char** argv) {
  return selfheal::bench::run(argc, argv);
}
