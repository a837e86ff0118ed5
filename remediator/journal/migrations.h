// The journal's schema, by version (SQLite's user_version).
//
// A change is a new entry at the end of the list in migrations.cpp, never an edit of an old one:
// journals out there are at every version.
#pragma once

#include "common/base/result.h"
#include "remediator/journal/sqlite.h"

namespace selfheal {

// Brings the journal to the newest version, one transaction for each: interrupted, it stays at a
// version, and goes on the next time. The error is that of expect_not_newer(). Throws SqliteError
// when SQLite itself fails; the transaction then ends with the connection.
Outcome<> migrate(SqliteConnection& connection);

// Whether this program knows the journal's version. Only reads. Throws as migrate() does.
Outcome<> expect_not_newer(SqliteConnection& connection);

// Whether a journal that must not be changed can be read as it is. Throws as migrate() does.
Outcome<> expect_newest(SqliteConnection& connection);

}  // namespace selfheal
