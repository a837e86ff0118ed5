// A raw HTTP client on epoll, one thread, nothing between it and the kernel. It is two things:
//
//   the measure of what a probe costs at least: `--fresh` opens a connection for each request,
//     reads to the answer's end and closes with a reset, as our probes do;
//   the generator of load for /probe: connections are kept, and each request names the next target.
//
// Saturated it keeps --in-flight requests under way; with --rate it starts so many a second. In
// --path, {target} becomes the address of the next target. Prints `NAME VALUE` lines when it ends:
// of the requests after the warm-up how many there were, how many failed (no 200, or an answer
// without --expect), and its own CPU time for each.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "bench/probe/many_addresses.h"
#include "common/base/flags.h"
#include "common/base/unique_fd.h"

namespace selfheal::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Flags {
  int port = 0;
  std::string path = "/";
  std::string expect;
  bool fresh = false;
  uint32_t targets = 1;
  size_t in_flight = 32;
  double rate = 0;
  double warm_up_s = 1;
  double seconds = 5;
};

// The length of an answer that is whole, or 0: by its Content-Length, or by its last chunk.
size_t whole_answer(std::string_view text) {
  const size_t head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  const size_t length = text.substr(0, head).find("Content-Length: ");
  if (length == std::string_view::npos) return text.ends_with("\r\n0\r\n\r\n") ? text.size() : 0;
  const size_t whole = head + 4 + static_cast<size_t>(std::atol(text.data() + length + 16));
  return text.size() >= whole ? whole : 0;
}

// A chunk may end in the middle of what is looked for.
std::string without_chunks(std::string_view answer) {
  const size_t head = answer.find("\r\n\r\n") + 4;
  if (answer.substr(0, head).find("Transfer-Encoding: chunked") == std::string_view::npos)
    return std::string(answer.substr(head));
  std::string body;
  for (size_t at = head; at < answer.size();) {
    const size_t size = std::strtoul(answer.data() + at, nullptr, 16);
    const size_t begin = answer.find("\r\n", at) + 2;
    body += answer.substr(begin, size);
    at = begin + size + 2;
  }
  return body;
}

double own_cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

class HttpLoad {
 public:
  explicit HttpLoad(const Flags& flags)
      : flags_(flags), epoll_(epoll_create1(EPOLL_CLOEXEC)), slots_(flags.in_flight) {
    for (size_t i = 0; i < slots_.size(); ++i) free_.push_back(i);
  }

  void run() {
    const auto begun = Clock::now();
    const auto after = [&](double seconds) {
      return begun +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    };
    next_start_ = begun;
    drive(after(flags_.warm_up_s));
    done_ = failed_ = 0;
    const double cpu = own_cpu_us();
    drive(after(flags_.warm_up_s + flags_.seconds));
    const double cpu_us = own_cpu_us() - cpu;
    std::printf("done %llu\nfailed %llu\ncpu_us %.0f\n", static_cast<unsigned long long>(done_),
                static_cast<unsigned long long>(failed_), cpu_us);
  }

 private:
  struct Slot {
    UniqueFd fd;
    std::string request;
    std::string answer;
    bool sent = false;
  };

  void drive(Clock::time_point end) {
    epoll_event events[64];
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      start_due(now);
      const int count = epoll_wait(epoll_.get(), events, 64, flags_.rate > 0 ? 1 : 100);
      for (int i = 0; i < count; ++i) proceed(static_cast<size_t>(events[i].data.u64));
    }
  }

  void start_due(Clock::time_point now) {
    while (!free_.empty() && (flags_.rate == 0 || next_start_ <= now)) {
      if (flags_.rate > 0)
        next_start_ += std::chrono::nanoseconds(static_cast<int64_t>(1e9 / flags_.rate));
      const size_t slot = free_.back();
      free_.pop_back();
      start(slot);
    }
  }

  void start(size_t index) {
    Slot& slot = slots_[index];
    const uint32_t target = address_of_target(next_target_++ % flags_.targets);
    const std::string name = to_text(target);
    std::string path = flags_.path;
    if (const size_t at = path.find("{target}"); at != std::string::npos) path.replace(at, 8, name);
    slot.request = "GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\n\r\n";
    slot.answer.clear();
    if (slot.fd) {
      transmit(slot);
    } else {
      slot.sent = false;
      open(index, flags_.fresh ? target : INADDR_LOOPBACK);
    }
  }

  void open(size_t index, uint32_t address) {
    Slot& slot = slots_[index];
    slot.fd = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(static_cast<uint16_t>(flags_.port));
    peer.sin_addr.s_addr = htonl(address);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slot.fd.get(), &event);
    if (connect(slot.fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0 &&
        errno != EINPROGRESS)
      end(index, false);
  }

  static void transmit(Slot& slot) {
    slot.sent = send(slot.fd.get(), slot.request.data(), slot.request.size(), MSG_NOSIGNAL) > 0;
  }

  void proceed(size_t index) {
    Slot& slot = slots_[index];
    if (!slot.fd) return;
    if (!slot.sent) return transmit(slot);
    char buffer[16'384];
    const ssize_t size = recv(slot.fd.get(), buffer, sizeof(buffer), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return end(index, false);
    slot.answer.append(buffer, static_cast<size_t>(size));
    if (whole_answer(slot.answer) == 0) return;
    end(index, is_good(slot.answer));
  }

  // Of an answer that will not do: why the probe failed, else its status line.
  static std::string gist(const std::string& answer) {
    if (answer.empty()) return std::strerror(errno);
    const size_t reason = answer.find("\nprobe_failure_reason{");
    const size_t begin = reason == std::string::npos ? 0 : reason + 1;
    return answer.substr(begin, answer.find_first_of("\r\n", begin) - begin);
  }

  bool is_good(const std::string& answer) const {
    if (!answer.starts_with("HTTP/1.1 200")) return false;
    return flags_.expect.empty() || without_chunks(answer).find(flags_.expect) != std::string::npos;
  }

  void end(size_t index, bool good) {
    ++done_;
    Slot& slot = slots_[index];
    if (!good && ++failed_ == 1)
      std::fprintf(stderr, "the first that failed: %s\n", gist(slot.answer).c_str());
    if (flags_.fresh || !good) {
      const linger reset{1, 0};
      setsockopt(slot.fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
      slot.fd.reset();
    }
    free_.push_back(index);
  }

  const Flags flags_;
  UniqueFd epoll_;
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
  uint32_t next_target_ = 0;
  Clock::time_point next_start_;
  uint64_t done_ = 0;
  uint64_t failed_ = 0;
};

int run(int argc, char** argv) {
  Flags flags;
  CLI::App app("Makes HTTP requests as cheaply as can be", "http-load");
  add_flag(app, "--port", flags.port, "Port to connect to")->required();
  add_flag(app, "--path", flags.path, "Path; {target} becomes the next target's address");
  add_flag(app, "--expect", flags.expect, "What a good answer contains");
  add_switch(app, "--fresh", flags.fresh, "Connect anew, to the target itself, for each request");
  add_flag(app, "--targets", flags.targets, "Number of targets");
  add_flag(app, "--in-flight", flags.in_flight, "Requests at once");
  add_flag(app, "--rate", flags.rate, "Requests started a second; 0: as many as go");
  add_flag(app, "--warm-up", flags.warm_up_s, "Seconds that don't count");
  add_flag(app, "--seconds", flags.seconds, "Seconds that count");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  HttpLoad(flags).run();
  return kExitDone;
}

}  // namespace
}  // namespace selfheal::bench

int main(int argc, char** argv) {
  return selfheal::bench::run(argc, argv);
}
