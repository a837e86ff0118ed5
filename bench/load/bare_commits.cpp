// The peer of the journal: how often a second what a webhook brings can be appended to a file and
// forced to disk, by one thread, one after another. Prints "commits_per_s N".
#include <chrono>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "bench/load/alert_payload.h"
#include "common/base/flags.h"
#include "common/base/unique_fd.h"

namespace selfheal::bench {
namespace {

int run(int argc, char** argv) {
  std::string path;
  double seconds = 3;
  CLI::App app("Appends and syncs, one after another", "bare-commits");
  add_flag(app, "--file", path, "File to write; it is removed")->required();
  add_flag(app, "--seconds", seconds, "For how long");
  if (const auto status = parse_command_line(app, argc, argv)) return *status;
  const UniqueFd file(open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600));
  const std::string payload = webhook_payload({});
  const auto begun = std::chrono::steady_clock::now();
  std::chrono::duration<double> took{0};
  uint64_t commits = 0;
  for (; took.count() < seconds; took = std::chrono::steady_clock::now() - begun, ++commits) {
    const ssize_t size = write(file.get(), payload.data(), payload.size());
    if (size != static_cast<ssize_t>(payload.size()) || fdatasync(file.get()) != 0) {
      std::perror(path.c_str());
      return kExitFailed;
    }
  }
  unlink(path.c_str());
  std::printf("commits_per_s %.0f\n", static_cast<double>(commits) / took.count());
  return kExitDone;
}

}  // namespace
}  // namespace selfheal::bench

int main(int argc, char** argv) {
  return selfheal::bench::run(argc, argv);
}
