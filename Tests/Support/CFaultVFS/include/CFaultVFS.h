#ifndef SLUICE_CFAULTVFS_H
#define SLUICE_CFAULTVFS_H

#include <stdint.h>

/// The calls of SQLite's file layer that can be made to fail.
enum fault_operation {
    fault_none = 0,
    fault_open = 1,
    fault_read = 2,
    fault_write = 3,
    fault_sync = 4,
    fault_lock = 5,
    fault_truncate = 6,
    /// Any of those before this one.
    fault_any = 7,
    fault_close = 8,
    fault_file_size = 9,
    fault_unlock = 10,
    fault_check_lock = 11,
    fault_control = 12,
    fault_shm_map = 13,
    fault_shm_lock = 14,
    fault_delete = 15,
    fault_access = 16,
    fault_path = 17,
    /// Any call at all.
    fault_every = 18,
};

/// Registers the file layer named "fault", which passes everything on to the default one; 0 when it is there.
int fault_vfs_register(void);

/// Waits until nobody else uses the layer, which counts for the whole process; given back by `fault_vfs_give`.
void fault_vfs_take(void);

/// Lets the next one use the layer.
void fault_vfs_give(void);

/// Lets the `after`-th call of an operation from now (1 is the next one), and `times` - 1 after it, answer `code`.
///
/// With 0 for a code a call answers what the system's own layer would (`fault_vfs_code`).
/// A read that answers SQLITE_IOERR_SHORT_READ gives half of the bytes and zeros for the rest.
void fault_vfs_arm(int operation, int code, int64_t after, int64_t times);

/// The code with which the system's own layer says that a call of an operation failed.
int fault_vfs_code(int operation);

/// Of which operation the last call was that failed since the layer was armed; 0 where none did.
int fault_vfs_hit(void);

/// Whether syncs are left out: a process that lives on has what it wrote without them.
void fault_vfs_skip_syncs(int skips);

/// Lets nothing fail any more; gives how many calls failed since it was armed.
int64_t fault_vfs_disarm(void);

/// How many calls of an operation there were since it was armed.
int64_t fault_vfs_calls(void);

/// How many calls of one operation there were since any was armed.
int64_t fault_vfs_calls_of(int operation);

#endif
