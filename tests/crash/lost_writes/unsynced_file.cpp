#include "tests/crash/lost_writes/unsynced_file.h"

#include <algorithm>
#include <cstring>

namespace selfheal::lost_writes {

int UnsyncedFile::load(sqlite3_file* disk) {
  const std::lock_guard lock(mutex_);
  sqlite3_int64 bytes = 0;
  if (const int result = disk->pMethods->xFileSize(disk, &bytes); result != SQLITE_OK)
    return result;
  content_.resize(static_cast<size_t>(bytes));
  return bytes == 0 ? SQLITE_OK
                    : disk->pMethods->xRead(disk, content_.data(), static_cast<int>(bytes), 0);
}

int UnsyncedFile::read(void* to, int bytes, sqlite3_int64 offset) const {
  const std::lock_guard lock(mutex_);
  const auto wanted = static_cast<size_t>(bytes);
  const size_t from = std::min(static_cast<size_t>(offset), content_.size());
  const size_t there = std::min(wanted, content_.size() - from);
  std::memcpy(to, content_.data() + from, there);
  std::memset(static_cast<char*>(to) + there, 0, wanted - there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

void UnsyncedFile::write(const void* from, int bytes, sqlite3_int64 offset) {
  const std::lock_guard lock(mutex_);
  const auto begin = static_cast<size_t>(offset), count = static_cast<size_t>(bytes);
  if (content_.size() < begin + count) content_.resize(begin + count);
  std::memcpy(content_.data() + begin, from, count);
  unsynced_.push_back({offset, content_.substr(begin, count)});
}

void UnsyncedFile::truncate(sqlite3_int64 bytes) {
  const std::lock_guard lock(mutex_);
  content_.resize(static_cast<size_t>(bytes));
  unsynced_.push_back({bytes, "", true});
}

sqlite3_int64 UnsyncedFile::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<sqlite3_int64>(content_.size());
}

int UnsyncedFile::pass_on(const Change& change, sqlite3_file* disk) {
  if (change.ends_here) return disk->pMethods->xTruncate(disk, change.offset);
  return disk->pMethods->xWrite(disk, change.bytes.data(), static_cast<int>(change.bytes.size()),
                                change.offset);
}

int UnsyncedFile::sync(sqlite3_file* disk, int flags) {
  const std::lock_guard lock(mutex_);
  int result = SQLITE_OK;
  auto next = unsynced_.begin();
  while (next != unsynced_.end() && (result = pass_on(*next, disk)) == SQLITE_OK) ++next;
  unsynced_.erase(unsynced_.begin(), next);
  return result == SQLITE_OK ? disk->pMethods->xSync(disk, flags) : result;
}

std::shared_ptr<UnsyncedFile> UnsyncedFiles::open(const std::string& path, sqlite3_file* disk,
                                                  int& result) {
  if (auto known = find(path)) return known;
  auto file = std::make_shared<UnsyncedFile>();
  result = file->load(disk);
  if (result != SQLITE_OK) return nullptr;
  const std::lock_guard lock(mutex_);
  for (const auto& [other, meanwhile] : files_)
    if (other == path) return meanwhile;
  files_.emplace_back(path, file);
  return file;
}

std::shared_ptr<UnsyncedFile> UnsyncedFiles::find(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [other, file] : files_)
    if (other == path) return file;
  return nullptr;
}

void UnsyncedFiles::forget(const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::erase_if(files_, [&](const auto& entry) { return entry.first == path; });
}

}  // namespace selfheal::lost_writes
