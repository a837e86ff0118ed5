// liblost-writes.so, for LD_PRELOAD before a program that uses SQLite's shared library: the program
// is unchanged, and its databases lose what is not synced when it is killed. By the environment:
//
//   SELFHEAL_LOST_WRITES_KILL         before:N or after:N, where it kills itself (kill_point.h)
//   SELFHEAL_LOST_WRITES_COMMITS      a file that grows by a byte with each commit
//   SELFHEAL_LOST_WRITES_SYNCHRONOUS  normal: as if the program had asked for that
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "tests/crash/lost_writes/vfs.h"

namespace selfheal::lost_writes {
namespace {

[[noreturn]] void give_up(const char* what, const char* value) {
  std::fprintf(stderr, "liblost-writes: %s: %s\n", what, value);
  std::_Exit(2);
}

VfsOptions options_of_environment() {
  const char* kill = std::getenv("SELFHEAL_LOST_WRITES_KILL");
  const auto kill_point = kill == nullptr ? KillPoint() : KillPoint::parse(kill);
  if (!kill_point) give_up("SELFHEAL_LOST_WRITES_KILL: expected before:N or after:N, not", kill);
  VfsOptions options{.kill_point = *kill_point, .is_default = true};
  if (const char* level = std::getenv("SELFHEAL_LOST_WRITES_SYNCHRONOUS")) {
    if (std::strcmp(level, "normal") != 0)
      give_up("SELFHEAL_LOST_WRITES_SYNCHRONOUS: expected normal, not", level);
    options.synchronous_normal = true;
  }
  if (const char* path = std::getenv("SELFHEAL_LOST_WRITES_COMMITS")) {
    const int fd = ::open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) give_up("SELFHEAL_LOST_WRITES_COMMITS: can't be written", path);
    options.on_commit = [fd, path] {
      if (::write(fd, ".", 1) != 1) give_up("can't be written", path);
    };
  }
  return options;
}

[[gnu::constructor]] void take_over() {
  if (const int result = register_vfs(options_of_environment()); result != SQLITE_OK)
    give_up("SQLite does not take it", sqlite3_errstr(result));
}

}  // namespace
}  // namespace selfheal::lost_writes
