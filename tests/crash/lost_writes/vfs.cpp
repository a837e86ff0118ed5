#include "tests/crash/lost_writes/vfs.h"

#include <cstddef>
#include <new>

#include <strings.h>

#include "tests/crash/lost_writes/unsynced_file.h"

namespace selfheal::lost_writes {
namespace {

constexpr int kKeptBack = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;

struct Registered {
  explicit Registered(const VfsOptions& given) : options(given) {}

  VfsOptions options;
  UnsyncedFiles files;
  sqlite3_vfs* disk = nullptr;  // the VFS that was the default one
  sqlite3_vfs vfs{};
};
Registered* registered = nullptr;  // for the life of the process, as SQLite wants it

// What SQLite allocates for a file: this, and behind it the file of `disk`.
struct alignas(std::max_align_t) File {
  sqlite3_file base{};
  std::shared_ptr<UnsyncedFile> content;
  bool is_log = false;  // of changes

  sqlite3_file* disk() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods* on_disk() { return disk()->pMethods; }
};

File& of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}

// ---- what is kept back

int read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 offset) {
  return of(file).content->read(to, bytes, offset);
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  if (of(file).is_log) registered->options.kill_point.log_is_written();
  of(file).content->write(from, bytes, offset);
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 bytes) {
  of(file).content->truncate(bytes);
  return SQLITE_OK;
}

int sync(sqlite3_file* file, int flags) {
  return of(file).content->sync(of(file).disk(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* bytes) {
  *bytes = of(file).content->size();
  return SQLITE_OK;
}

// SQLite asks here before it obeys a pragma; SQLITE_OK says that it is done.
bool is_taken_back(const char* const* pragma) {
  return registered->options.synchronous_normal && strcasecmp(pragma[1], "synchronous") == 0 &&
         pragma[2] != nullptr && strcasecmp(pragma[2], "NORMAL") != 0;
}

int file_control(sqlite3_file* file, int what, void* argument) {
  if (what == SQLITE_FCNTL_PRAGMA && is_taken_back(static_cast<char**>(argument))) return SQLITE_OK;
  if (what == SQLITE_FCNTL_COMMIT_PHASETWO && registered->options.kill_point.committed() &&
      registered->options.on_commit)
    registered->options.on_commit();
  return of(file).on_disk()->xFileControl(of(file).disk(), what, argument);
}

// ---- what goes through

int close(sqlite3_file* file) {
  const int result = of(file).on_disk()->xClose(of(file).disk());
  of(file).~File();
  return result;
}

int lock(sqlite3_file* file, int level) {
  return of(file).on_disk()->xLock(of(file).disk(), level);
}

int unlock(sqlite3_file* file, int level) {
  return of(file).on_disk()->xUnlock(of(file).disk(), level);
}

int check_reserved_lock(sqlite3_file* file, int* is_locked) {
  return of(file).on_disk()->xCheckReservedLock(of(file).disk(), is_locked);
}

int sector_size(sqlite3_file* file) {
  return of(file).on_disk()->xSectorSize(of(file).disk());
}

int device_characteristics(sqlite3_file* file) {
  return of(file).on_disk()->xDeviceCharacteristics(of(file).disk());
}

int shm_map(sqlite3_file* file, int page, int bytes, int extend, void volatile** memory) {
  return of(file).on_disk()->xShmMap(of(file).disk(), page, bytes, extend, memory);
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return of(file).on_disk()->xShmLock(of(file).disk(), offset, count, flags);
}

void shm_barrier(sqlite3_file* file) {
  of(file).on_disk()->xShmBarrier(of(file).disk());
}

int shm_unmap(sqlite3_file* file, int delete_it) {
  return of(file).on_disk()->xShmUnmap(of(file).disk(), delete_it);
}

// Version 2: without the calls that would map a file into memory past this.
constexpr sqlite3_io_methods kMethods{.iVersion = 2,
                                      .xClose = close,
                                      .xRead = read,
                                      .xWrite = write,
                                      .xTruncate = truncate,
                                      .xSync = sync,
                                      .xFileSize = file_size,
                                      .xLock = lock,
                                      .xUnlock = unlock,
                                      .xCheckReservedLock = check_reserved_lock,
                                      .xFileControl = file_control,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = device_characteristics,
                                      .xShmMap = shm_map,
                                      .xShmLock = shm_lock,
                                      .xShmBarrier = shm_barrier,
                                      .xShmUnmap = shm_unmap,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

// ---- the VFS

int open(sqlite3_vfs*, const char* path, sqlite3_file* opened, int flags, int* flags_out) {
  sqlite3_vfs* disk = registered->disk;
  if (path == nullptr || (flags & kKeptBack) == 0)
    return disk->xOpen(disk, path, opened, flags, flags_out);
  File& file = *new (opened) File();
  int result = disk->xOpen(disk, path, file.disk(), flags, flags_out);
  if (result == SQLITE_OK) {
    file.content = registered->files.open(path, file.disk(), result);
    if (result != SQLITE_OK) file.on_disk()->xClose(file.disk());
  }
  if (result != SQLITE_OK) {
    file.~File();
    opened->pMethods = nullptr;  // or SQLite would close it
    return result;
  }
  file.is_log = (flags & SQLITE_OPEN_MAIN_DB) == 0;
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int sync_folder) {
  registered->files.forget(path);
  return registered->disk->xDelete(registered->disk, path, sync_folder);
}

// For SQLite an empty journal is none, and the disk's can be empty when this process's is not.
int access(sqlite3_vfs*, const char* path, int what, int* answer) {
  const auto known = registered->files.find(path);
  if (what == SQLITE_ACCESS_EXISTS && known && known->size() > 0) {
    *answer = 1;
    return SQLITE_OK;
  }
  return registered->disk->xAccess(registered->disk, path, what, answer);
}

// Of every new connection, before its program has it. Where it fails the program will say why.
int make_normal(sqlite3* connection, char**, const struct sqlite3_api_routines*) {
  sqlite3_exec(connection, "PRAGMA synchronous = NORMAL", nullptr, nullptr, nullptr);
  return SQLITE_OK;
}

}  // namespace

int register_vfs(const VfsOptions& options) {
  registered = new Registered(options);
  registered->disk = sqlite3_vfs_find(nullptr);
  // The rest of its functions know nothing of files that are open.
  sqlite3_vfs& vfs = registered->vfs = *registered->disk;
  vfs.pNext = nullptr;
  vfs.zName = kVfsName;
  vfs.szOsFile += static_cast<int>(sizeof(File));
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  if (const int result = sqlite3_vfs_register(&vfs, options.is_default ? 1 : 0);
      result != SQLITE_OK || !options.synchronous_normal)
    return result;
  return sqlite3_auto_extension(reinterpret_cast<void (*)()>(make_normal));
}

}  // namespace selfheal::lost_writes
