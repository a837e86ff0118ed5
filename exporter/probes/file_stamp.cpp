#include "exporter/probes/file_stamp.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include "common/base/unique_fd.h"

namespace selfheal {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;

Error os_error(const std::string& path, int error) {
  return Error{path + ": " + std::generic_category().message(error)};
}

}  // namespace

FileStamp::FileStamp(std::string path) : path_(std::move(path)), state_(state_of(path_)) {}

bool FileStamp::changed() const {
  return !(state_of(path_) == state_);
}

FileStamp::State FileStamp::state_of(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

Result<std::string> read_small_file(const std::string& path) {
  // Not blocking: a FIFO under this name must not stop the loop.
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return os_error(path, errno);
  std::string text;
  for (;;) {
    char piece[4096];
    const ssize_t size = read(file.get(), piece, sizeof(piece));
    if (size < 0) return os_error(path, errno);
    if (size == 0) return text;
    text.append(piece, static_cast<size_t>(size));
    if (text.size() > kMaxFileBytes) return Error{path + ": longer than a megabyte"};
  }
}

}  // namespace selfheal
