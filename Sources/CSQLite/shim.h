#ifndef SLUICE_CSQLITE_SHIM_H
#define SLUICE_CSQLITE_SHIM_H

#include <sqlite3.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/// Binds bytes that SQLite copies; none are an empty blob and not NULL.
static inline int sluice_bind_blob(sqlite3_stmt *statement, int index, const void *bytes,
                                   sqlite3_uint64 count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Binds bytes that stay where they are until the statement is reset and its bindings are cleared.
static inline int sluice_bind_borrowed_blob(sqlite3_stmt *statement, int index, const void *bytes,
                                            sqlite3_uint64 count) {
    if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_STATIC);
}

/// Binds UTF-8 text that SQLite copies; none is empty text and not NULL.
static inline int sluice_bind_text(sqlite3_stmt *statement, int index, const char *text,
                                   sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, count == 0 ? "" : text, count, SQLITE_TRANSIENT,
                               SQLITE_UTF8);
}

/// Syncs the write-ahead log of the main database; nothing to do where there is none.
static inline int sluice_sync_log(sqlite3 *database) {
    sqlite3_file *log = 0;
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (code != SQLITE_OK) return code;
    if (!log || !log->pMethods) return SQLITE_OK;
    return log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
}

/// Has SQLite's own file layer write with `write` in place of pwrite(2).
static inline int sluice_write_with(ssize_t (*write)(int, const void *, size_t, off_t)) {
    sqlite3_vfs *files = sqlite3_vfs_find("unix");
    if (!files || files->iVersion < 3) return SQLITE_NOTFOUND;
    sqlite3_syscall_ptr call = (sqlite3_syscall_ptr)write;
    int code = files->xSetSystemCall(files, "pwrite", call);
    // Which of the two it uses was decided when it was built.
    return code == SQLITE_OK ? files->xSetSystemCall(files, "pwrite64", call) : code;
}

/// Refuses SQL that writes to the schema tables or shadow tables, so that a statement cannot corrupt the file.
static inline int sluice_set_defensive(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

/// Breaks off what a connection does once a moment of the monotonic clock has passed; 0 for never.
static inline int sluice_is_past(void *deadline) {
    uint64_t moment = *(const uint64_t *)deadline;
    if (moment == 0) return 0;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec > moment;
}

/// Has a connection look at a deadline every so many steps; the deadline outlives the connection.
static inline void sluice_bound_time(sqlite3 *database, uint64_t *deadline) {
    sqlite3_progress_handler(database, 200, sluice_is_past, deadline);
}

#endif
