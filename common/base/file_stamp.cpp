#include "common/base/file_stamp.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <tuple>
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

bool FileStamp::State::operator==(const State& other) const {
  const auto all = [](const State& s) {
    return std::make_tuple(s.device, s.inode, s.size, s.modified.tv_sec, s.modified.tv_nsec,
                           s.changed.tv_sec, s.changed.tv_nsec);
  };
  return all(*this) == all(other);
}

FileStamp::State FileStamp::state_of(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, found.st_size, found.st_mtim, found.st_ctim};
}

Result<std::string> read_small_file(const std::string& path) {
  // Not blocking: a FIFO under this name must not stop a thread.
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return os_error(path, errno);
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t size = read(file.get(), piece.data(), piece.size());
    if (size < 0) return os_error(path, errno);
    if (size == 0) return text;
    text.append(piece.data(), static_cast<size_t>(size));
    if (text.size() > kMaxFileBytes) return Error{path + ": longer than a megabyte"};
  }
}

}  // namespace selfheal
