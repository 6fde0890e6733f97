#ifndef SLUICE_CPOWERVFS_H
#define SLUICE_CPOWERVFS_H

#include <stdint.h>

/// A file layer of SQLite whose power can go: of each file it keeps apart what was synced.
struct power_vfs;

/// What becomes of a call.
enum power_answer {
    /// It happens.
    power_on = 0,
    /// It fails, and what it was to write may be written in part.
    power_fails = 1,
    /// It fails: there is no power any more.
    power_off = 2,
};

/// Asked before each call, whether it may happen; `is_change` says that it would change a file or its name.
typedef int32_t (*power_vfs_question)(void *context, int32_t is_change);

/// Registers a file layer of a name of its own; NULL where there is no memory.
///
/// `seed` is where its chances come from.
struct power_vfs *power_vfs_make(const char *name, uint64_t seed, power_vfs_question ask, void *context);

/// Makes every sync a lie: nothing is kept for sure.
void power_vfs_ignore_syncs(struct power_vfs *vfs, int32_t ignores);

/// Comes back after the power went: each file has what was synced, and by chance any sector of what was not.
///
/// No connection may be open. Gives how many sectors were lost; -1 where a file could not be written.
int64_t power_vfs_restart(struct power_vfs *vfs);

/// Forgets the file layer, which no connection may use any more.
void power_vfs_free(struct power_vfs *vfs);

#endif
