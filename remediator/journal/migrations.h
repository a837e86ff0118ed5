// The journal's schema, by version (SQLite's user_version).
//
// A change is a new entry at the end of the list in migrations.cpp, never an edit of an old one:
// journals out there are at every version.
#pragma once

#include "common/base/result.h"
#include "remediator/journal/sqlite.h"

namespace selfheal {

// Brings the journal to the newest version, in one transaction. The error is for a person: a newer
// program wrote it, say. Throws SqliteError when SQLite itself fails.
Outcome<> migrate(SqliteConnection& connection);

// Whether a journal that must not be changed can be read as it is. Throws as migrate() does.
Outcome<> expect_newest(SqliteConnection& connection);

}  // namespace selfheal
