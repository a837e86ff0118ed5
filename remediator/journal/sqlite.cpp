#include "remediator/journal/sqlite.h"

#include "remediator/journal/row_bounds.h"

namespace selfheal {
namespace {

constexpr int kBusyTimeoutMs = 5000;

// SQLite itself forgets it where a commit fails; the files remember it.
int system_error_of(sqlite3* connection) {
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    int error = 0;
    if (sqlite3_file_control(connection, "main", which, &file) == SQLITE_OK && file != nullptr &&
        file->pMethods != nullptr)
      file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    if (error != 0) return error;
  }
  return sqlite3_system_errno(connection);
}

}  // namespace

SqliteError::SqliteError(sqlite3* connection, const std::string& what)
    : std::runtime_error(what + ": " + (connection ? sqlite3_errmsg(connection) : "out of memory")),
      code_(connection ? sqlite3_errcode(connection) & 0xff : SQLITE_NOMEM),
      system_error_(code_ == SQLITE_IOERR      ? system_error_of(connection)
                    : code_ == SQLITE_CANTOPEN ? sqlite3_system_errno(connection)
                                               : 0) {}

SqliteQuery::SqliteQuery(sqlite3* connection, sqlite3_stmt* statement)
    : connection_(connection), statement_(statement) {}

SqliteQuery::~SqliteQuery() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteQuery& SqliteQuery::bind(int64_t value) {
  sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

SqliteQuery& SqliteQuery::bind(std::string_view value) {
  sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

SqliteQuery& SqliteQuery::bind(WallTime value) {
  // Docker's start times are compared: nothing may be rounded away.
  return bind(to_unix_ns(value));
}

SqliteQuery& SqliteQuery::bind(const std::optional<WallTime>& value) {
  if (value) return bind(*value);
  sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

bool SqliteQuery::step() {
  column_ = 0;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw SqliteError(connection_, "the journal");
}

void SqliteQuery::run() {
  while (step()) {
  }
}

int64_t SqliteQuery::integer() {
  return sqlite3_column_int64(statement_, column_++);
}

std::string SqliteQuery::text() {
  const unsigned char* bytes = sqlite3_column_text(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_++);
  return bytes == nullptr
             ? ""
             : std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

WallTime SqliteQuery::time() {
  return instant_of(integer());
}

std::optional<WallTime> SqliteQuery::optional_time() {
  if (sqlite3_column_type(statement_, column_) == SQLITE_NULL) {
    ++column_;
    return std::nullopt;
  }
  return time();
}

SqliteConnection::SqliteConnection(const std::string& path, Mode mode) {
  const int flags =
      mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int result =
      sqlite3_open_v2(path.c_str(), &connection_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (result != SQLITE_OK) {
    const SqliteError fault(connection_, path);
    sqlite3_close_v2(connection_);
    throw fault;
  }
  sqlite3_busy_timeout(connection_, kBusyTimeoutMs);
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(connection_);
}

SqliteQuery SqliteConnection::query(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr && sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                 &statement, nullptr) != SQLITE_OK)
    throw SqliteError(connection_, "the journal");
  return SqliteQuery(connection_, statement);
}

void SqliteConnection::execute(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw SqliteError(connection_, "the journal");
}

int64_t SqliteConnection::number(const char* sql) {
  SqliteQuery row = query(sql);
  return row.step() ? row.integer() : 0;
}

bool SqliteConnection::is_read_only() const {
  return sqlite3_db_readonly(connection_, "main") == 1;
}

void SqliteConnection::set_on_close(OnClose on_close) {
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                    on_close == OnClose::leave_alone ? 1 : 0, nullptr);
}

}  // namespace selfheal
