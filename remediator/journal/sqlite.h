// The few pieces of SQLite that the journal needs, with owners and errors.
//
// Errors are SqliteError exceptions, thrown while a transaction's closure runs; Journal turns them
// into JournalFault at its edge. A connection and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include <sqlite3.h>

#include "common/base/clock.h"

namespace selfheal {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(sqlite3* connection, const std::string& what);

  int code() const { return code_; }                  // SQLITE_FULL, without what extends it
  int system_error() const { return system_error_; }  // errno of the I/O that failed, else 0

 private:
  int code_;
  int system_error_;
};

// A prepared statement between reset and reset: bind, step, read.
class SqliteQuery {
 public:
  explicit SqliteQuery(sqlite3* connection, sqlite3_stmt* statement);
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  // In the order of the question marks.
  SqliteQuery& bind(int64_t value);
  SqliteQuery& bind(int value) { return bind(int64_t{value}); }
  SqliteQuery& bind(bool value) { return bind(int64_t{value}); }
  SqliteQuery& bind(std::string_view value);
  SqliteQuery& bind(const std::string& value) { return bind(std::string_view(value)); }
  SqliteQuery& bind(const char* value) { return bind(std::string_view(value)); }  // not a bool
  SqliteQuery& bind(WallTime value);
  SqliteQuery& bind(const std::optional<WallTime>& value);

  bool step();  // true while there is a row
  void run();   // for statements without rows

  // In the order of the columns.
  int64_t integer();
  std::string text();
  WallTime time();
  std::optional<WallTime> optional_time();

 private:
  sqlite3* connection_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
  int column_ = 0;
};

class SqliteConnection {
 public:
  enum class Mode { read_write, read_only };
  enum class OnClose { checkpoint, leave_alone };
  SqliteConnection(const std::string& path, Mode mode);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // `sql` must live as long as the connection: a literal. Prepared once and kept.
  SqliteQuery query(const char* sql);
  void execute(const std::string& sql);  // one or several statements without results
  int64_t number(const char* sql);       // the first column of the only row; `sql` as for query()

  // Although it was to be written: SQLite opens what it may not write for reading.
  bool is_read_only() const;
  // Whether closing writes what is left in the -wal into the file. It does unless told otherwise.
  void set_on_close(OnClose on_close);

 private:
  sqlite3* connection_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace selfheal
