#pragma once

#include <sqlite3.h>

// What Swift cannot import: variadic functions, and a destructor that is the integer -1.

/// Has SQLite not count the memory it uses, which would cost a lock at every allocation.
///
/// To be called before anything else of SQLite's; returns its result code.
static inline int csqlite_begin(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// Switches a boolean option of a connection, and returns SQLite's result code.
static inline int csqlite_switch(sqlite3 *database, int option, int isOn) {
    return sqlite3_db_config(database, option, isOn, (int *)0);
}

/// Binds a copy of UTF-8 text.
static inline int csqlite_bind_text(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(
        statement, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of a blob; an empty one is an empty blob, never NULL.
static inline int csqlite_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// Answers a function call with a copy of UTF-8 text.
static inline void csqlite_result_text(
    sqlite3_context *context, const void *bytes, sqlite3_uint64 count) {
    sqlite3_result_text64(
        context, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Answers a function call with a copy of a blob.
static inline void csqlite_result_blob(
    sqlite3_context *context, const void *bytes, sqlite3_uint64 count) {
    sqlite3_result_blob64(context, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}
