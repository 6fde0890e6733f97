#include "CFaultVFS.h"

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

/// An open file: SQLite's part, then the real file behind it.
struct fault_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static atomic_int armed_operation;
static atomic_int armed_code;
static atomic_llong armed_after;
static atomic_llong armed_times;
static atomic_llong calls;
static atomic_llong hits;
static atomic_int hit_operation;
static atomic_int skips_syncs;
static atomic_llong calls_of[fault_every];

static sem_t turn;
static pthread_once_t turn_made = PTHREAD_ONCE_INIT;

static void make_turn(void) { sem_init(&turn, 0, 1); }

void fault_vfs_take(void) {
    pthread_once(&turn_made, make_turn);
    while (sem_wait(&turn) != 0) {}
}

void fault_vfs_give(void) { sem_post(&turn); }

/// Counts a call; gives the code it must answer, or SQLITE_OK.
static int enter(int operation) {
    int armed = atomic_load(&armed_operation);
    if (armed == fault_none) return SQLITE_OK;
    atomic_fetch_add(&calls_of[operation], 1);
    // A lock on the shared memory is a lock.
    int kind = operation == fault_shm_lock ? fault_lock : operation;
    int is_armed = armed == operation || armed == kind || armed == fault_every ||
                   (armed == fault_any && kind < fault_any);
    if (!is_armed) return SQLITE_OK;
    long long call = atomic_fetch_add(&calls, 1) + 1;
    long long first = atomic_load(&armed_after);
    if (call < first || call >= first + atomic_load(&armed_times)) return SQLITE_OK;
    atomic_fetch_add(&hits, 1);
    atomic_store(&hit_operation, operation);
    int code = atomic_load(&armed_code);
    return code ? code : fault_vfs_code(operation);
}

int fault_vfs_code(int operation) {
    switch (operation) {
    case fault_open: return SQLITE_CANTOPEN;
    case fault_read: return SQLITE_IOERR_READ;
    case fault_write: return SQLITE_IOERR_WRITE;
    case fault_sync: return SQLITE_IOERR_FSYNC;
    case fault_lock: return SQLITE_IOERR_LOCK;
    case fault_truncate: return SQLITE_IOERR_TRUNCATE;
    case fault_close: return SQLITE_IOERR_CLOSE;
    case fault_file_size: return SQLITE_IOERR_FSTAT;
    case fault_unlock: return SQLITE_IOERR_UNLOCK;
    case fault_check_lock: return SQLITE_IOERR_CHECKRESERVEDLOCK;
    case fault_shm_map: return SQLITE_IOERR_SHMMAP;
    case fault_shm_lock: return SQLITE_IOERR_SHMLOCK;
    case fault_delete: return SQLITE_IOERR_DELETE;
    case fault_access: return SQLITE_IOERR_ACCESS;
    case fault_path: return SQLITE_CANTOPEN_FULLPATH;
    default: return SQLITE_IOERR;
    }
}

int fault_vfs_hit(void) { return atomic_load(&hit_operation); }

void fault_vfs_skip_syncs(int skips) { atomic_store(&skips_syncs, skips); }

void fault_vfs_arm(int operation, int code, int64_t after, int64_t times) {
    atomic_store(&armed_operation, fault_none);
    atomic_store(&calls, 0);
    atomic_store(&hits, 0);
    atomic_store(&hit_operation, fault_none);
    for (int one = 0; one < fault_every; one++) atomic_store(&calls_of[one], 0);
    atomic_store(&armed_code, code);
    atomic_store(&armed_after, after);
    atomic_store(&armed_times, times);
    atomic_store(&armed_operation, operation);
}

int64_t fault_vfs_disarm(void) {
    atomic_store(&armed_operation, fault_none);
    return atomic_load(&hits);
}

int64_t fault_vfs_calls(void) { return atomic_load(&calls); }

int64_t fault_vfs_calls_of(int operation) {
    return operation > fault_none && operation < fault_every ? atomic_load(&calls_of[operation])
                                                             : atomic_load(&calls);
}

static sqlite3_file *real(sqlite3_file *file) { return ((struct fault_file *)file)->real; }

/// A file is closed all the same: what the system says of it only comes too late.
static int close_file(sqlite3_file *file) {
    int code = enter(fault_close);
    int real_code = real(file)->pMethods->xClose(real(file));
    return code ? code : real_code;
}

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    int code = enter(fault_read);
    if (code == SQLITE_IOERR_SHORT_READ) {
        int real_code = real(file)->pMethods->xRead(real(file), bytes, count, offset);
        if (real_code != SQLITE_OK) return real_code;
        memset((char *)bytes + count / 2, 0, (size_t)(count - count / 2));
        return code;
    }
    return code ? code : real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = enter(fault_write);
    return code ? code : real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    int code = enter(fault_truncate);
    return code ? code : real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags) {
    int code = enter(fault_sync);
    if (!code && atomic_load(&skips_syncs)) return SQLITE_OK;
    return code ? code : real(file)->pMethods->xSync(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    int code = enter(fault_file_size);
    return code ? code : real(file)->pMethods->xFileSize(real(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
    int code = enter(fault_lock);
    return code ? code : real(file)->pMethods->xLock(real(file), level);
}

/// The lock goes all the same: one that stayed would be the layer's own fault.
static int unlock_file(sqlite3_file *file, int level) {
    int code = enter(fault_unlock);
    int real_code = real(file)->pMethods->xUnlock(real(file), level);
    return code ? code : real_code;
}

static int check_reserved(sqlite3_file *file, int *is_reserved) {
    int code = enter(fault_check_lock);
    return code ? code : real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int control(sqlite3_file *file, int operation, void *argument) {
    int code = enter(fault_control);
    return code ? code : real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **result) {
    int code = enter(fault_shm_map);
    return code ? code : real(file)->pMethods->xShmMap(real(file), page, size, extend, result);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    int code = (flags & SQLITE_SHM_LOCK) ? enter(fault_shm_lock) : SQLITE_OK;
    return code ? code : real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int shm_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags) {
    sqlite3_vfs *base = vfs->pAppData;
    struct fault_file *own = (struct fault_file *)file;
    own->base.pMethods = NULL;
    own->real = (sqlite3_file *)(own + 1);
    int code = enter(fault_open);
    if (code) return code;
    code = base->xOpen(base, name, own->real, flags, out_flags);
    if (code == SQLITE_OK) own->base.pMethods = &methods;
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int syncs_directory) {
    sqlite3_vfs *base = vfs->pAppData;
    int code = enter(fault_delete);
    return code ? code : base->xDelete(base, name, syncs_directory);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    sqlite3_vfs *base = vfs->pAppData;
    int code = enter(fault_access);
    return code ? code : base->xAccess(base, name, flags, result);
}

static int full_path(sqlite3_vfs *vfs, const char *name, int count, char *path) {
    sqlite3_vfs *base = vfs->pAppData;
    int code = enter(fault_path);
    return code ? code : base->xFullPathname(base, name, count, path);
}

int fault_vfs_register(void) {
    static sqlite3_vfs vfs;
    if (sqlite3_vfs_find("fault")) return 0;
    sqlite3_vfs *base = sqlite3_vfs_find(NULL);
    if (!base) return 1;
    vfs = *base;
    vfs.pNext = NULL;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(struct fault_file) + base->szOsFile;
    vfs.pAppData = base;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    return sqlite3_vfs_register(&vfs, 0);
}
