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
    fault_any = 7,
};

/// Registers the file layer named "fault", which passes everything on to the default one; 0 when it is there.
int fault_vfs_register(void);

/// Waits until nobody else uses the layer, which counts for the whole process; given back by `fault_vfs_give`.
void fault_vfs_take(void);

/// Lets the next one use the layer.
void fault_vfs_give(void);

/// Lets the `after`-th call of an operation from now (1 is the next one), and `times` - 1 after it, answer `code`.
///
/// A read that answers SQLITE_IOERR_SHORT_READ gives half of the bytes and zeros for the rest.
void fault_vfs_arm(int operation, int code, int64_t after, int64_t times);

/// Lets nothing fail any more; gives how many calls failed since it was armed.
int64_t fault_vfs_disarm(void);

/// How many calls of an operation there were since it was armed.
int64_t fault_vfs_calls(void);

#endif
