#include "CPowerVFS.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { sector = 512, name_max = 512, files_max = 16 };

/// What the medium has of a file, and which sectors of the file itself it has not.
struct medium {
    char name[name_max];
    unsigned char *bytes;
    int64_t size;
    /// A byte a sector; 1 where something was written since the last sync.
    unsigned char *dirty;
    int64_t dirty_count;
    /// Whether the medium knows the file's name, and whether it is there now.
    int is_kept;
    int is_there;
};

struct power_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *base;
    power_vfs_question ask;
    void *context;
    uint64_t random;
    int32_t ignores_syncs;
    pthread_mutex_t lock;
    struct medium media[files_max];
    int media_count;
};

/// An open file: SQLite's part, then the real file behind it.
struct power_file {
    sqlite3_file base;
    struct power_vfs *vfs;
    struct medium *medium;
    /// Whether its first sync is one of the directory, too: of a journal that may be new.
    int syncs_directory;
    sqlite3_file *real;
};

static struct power_file *own(sqlite3_file *file) { return (struct power_file *)file; }
static sqlite3_file *real(sqlite3_file *file) { return own(file)->real; }

static int ask(struct power_vfs *vfs, int is_change) {
    return vfs->ask(vfs->context, is_change);
}

static uint64_t draw(struct power_vfs *vfs) {
    vfs->random += 0x9E3779B97F4A7C15u;
    uint64_t z = vfs->random;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// The files that survive the process: not the shared memory beside the write-ahead log.
static struct medium *find(struct power_vfs *vfs, const char *name) {
    if (!name) return NULL;
    for (int place = 0; place < vfs->media_count; place++)
        if (strcmp(vfs->media[place].name, name) == 0) return &vfs->media[place];
    if (vfs->media_count == files_max || strlen(name) >= name_max) return NULL;
    struct medium *made = &vfs->media[vfs->media_count++];
    memset(made, 0, sizeof *made);
    strcpy(made->name, name);
    return made;
}

static void touch(struct medium *medium, int64_t offset, int64_t count) {
    int64_t end = (offset + count + sector - 1) / sector;
    if (end > medium->dirty_count) {
        unsigned char *grown = realloc(medium->dirty, (size_t)end);
        if (!grown) abort();
        memset(grown + medium->dirty_count, 0, (size_t)(end - medium->dirty_count));
        medium->dirty = grown;
        medium->dirty_count = end;
    }
    for (int64_t place = offset / sector; place < end; place++) medium->dirty[place] = 1;
}

static void resize(struct medium *medium, int64_t size) {
    if (size > medium->size) {
        unsigned char *grown = realloc(medium->bytes, (size_t)size);
        if (!grown) abort();
        memset(grown + medium->size, 0, (size_t)(size - medium->size));
        medium->bytes = grown;
    }
    medium->size = size;
}

/// Reads a part of the real file into what the medium has; what lies behind its end is left alone.
static int take(struct medium *medium, sqlite3_file *file, int64_t offset, int64_t size) {
    int64_t count = size - offset < sector ? size - offset : sector;
    if (count <= 0) return SQLITE_OK;
    return file->pMethods->xRead(file, medium->bytes + offset, (int)count, offset);
}

static int keep(struct power_file *file) {
    struct medium *medium = file->medium;
    sqlite3_int64 size = 0;
    int code = file->real->pMethods->xFileSize(file->real, &size);
    if (code != SQLITE_OK) return code;
    resize(medium, size);
    for (int64_t place = 0; place < medium->dirty_count && code == SQLITE_OK; place++)
        if (medium->dirty[place]) code = take(medium, file->real, place * sector, size);
    if (code != SQLITE_OK) return code;
    if (medium->dirty) memset(medium->dirty, 0, (size_t)medium->dirty_count);
    if (file->syncs_directory) {
        struct power_vfs *vfs = file->vfs;
        for (int place = 0; place < vfs->media_count; place++)
            vfs->media[place].is_kept = vfs->media[place].is_there;
        file->syncs_directory = 0;
    }
    return SQLITE_OK;
}

static int close_file(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (ask(own(file)->vfs, 0)) return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct power_vfs *vfs = own(file)->vfs;
    int refusal = ask(vfs, 1);
    if (refusal == power_off) return SQLITE_IOERR_WRITE;
    pthread_mutex_lock(&vfs->lock);
    int part = refusal ? (int)(draw(vfs) % (uint64_t)(count / sector + 1)) * sector : count;
    int code = part ? real(file)->pMethods->xWrite(real(file), bytes, part, offset) : SQLITE_OK;
    if (own(file)->medium && part) touch(own(file)->medium, offset, part);
    pthread_mutex_unlock(&vfs->lock);
    return refusal ? SQLITE_IOERR_WRITE : code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    struct power_vfs *vfs = own(file)->vfs;
    if (ask(vfs, 1)) return SQLITE_IOERR_TRUNCATE;
    pthread_mutex_lock(&vfs->lock);
    int code = real(file)->pMethods->xTruncate(real(file), size);
    // Lengths reach the medium at once: a file that is longer than it was to be is no harm that SQLite fears.
    if (own(file)->medium && own(file)->medium->size > size) own(file)->medium->size = size;
    pthread_mutex_unlock(&vfs->lock);
    return code;
}

static int sync_file(sqlite3_file *file, int flags) {
    (void)flags;
    struct power_vfs *vfs = own(file)->vfs;
    int refusal = ask(vfs, 1);
    struct medium *medium = own(file)->medium;
    if (!medium || refusal == power_off) return refusal ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (vfs->ignores_syncs && !refusal) return SQLITE_OK;
    pthread_mutex_lock(&vfs->lock);
    int code = refusal ? SQLITE_IOERR_FSYNC : keep(own(file));
    // As Linux has it: after a failed sync the pages count as clean, though they were not written.
    if (refusal && medium->dirty) memset(medium->dirty, 0, (size_t)medium->dirty_count);
    pthread_mutex_unlock(&vfs->lock);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int unlock_file(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int check_reserved(sqlite3_file *file, int *is_reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **result) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, result);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
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
    struct power_vfs *power = vfs->pAppData;
    struct power_file *opened = own(file);
    opened->base.pMethods = NULL;
    opened->vfs = power;
    opened->medium = NULL;
    opened->syncs_directory = (flags & SQLITE_OPEN_CREATE) != 0
        && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    opened->real = (sqlite3_file *)(opened + 1);
    if (ask(power, 0)) return SQLITE_CANTOPEN;
    int code = power->base->xOpen(power->base, name, opened->real, flags, out_flags);
    if (code != SQLITE_OK) return code;
    pthread_mutex_lock(&power->lock);
    opened->medium = find(power, name);
    if (opened->medium) opened->medium->is_there = 1;
    pthread_mutex_unlock(&power->lock);
    opened->base.pMethods = &methods;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int is_synced) {
    struct power_vfs *power = vfs->pAppData;
    if (ask(power, 1)) return SQLITE_IOERR_DELETE;
    pthread_mutex_lock(&power->lock);
    int code = power->base->xDelete(power->base, name, 0);
    struct medium *medium = find(power, name);
    if (medium && code == SQLITE_OK) {
        medium->is_there = 0;
        if (is_synced && !power->ignores_syncs) medium->is_kept = 0;
    }
    pthread_mutex_unlock(&power->lock);
    return code;
}

struct power_vfs *power_vfs_make(const char *name, uint64_t seed, power_vfs_question question,
                                 void *context) {
    sqlite3_vfs *base = sqlite3_vfs_find(NULL);
    struct power_vfs *made = base ? calloc(1, sizeof *made) : NULL;
    if (!made) return NULL;
    made->vfs = *base;
    made->vfs.pNext = NULL;
    made->vfs.zName = strdup(name);
    made->vfs.szOsFile = (int)sizeof(struct power_file) + base->szOsFile;
    made->vfs.pAppData = made;
    made->vfs.xOpen = open_file;
    made->vfs.xDelete = delete_file;
    made->base = base;
    made->ask = question;
    made->context = context;
    made->random = seed;
    pthread_mutex_init(&made->lock, NULL);
    return sqlite3_vfs_register(&made->vfs, 0) == SQLITE_OK ? made : NULL;
}

void power_vfs_ignore_syncs(struct power_vfs *vfs, int32_t ignores) {
    vfs->ignores_syncs = ignores;
}

/// Lets any of the sectors that were not synced reach the medium: one time in four none, one in four all.
static int64_t tear(struct power_vfs *vfs, struct medium *medium, int file) {
    struct stat status;
    if (fstat(file, &status) != 0) return -1;
    uint64_t mode = draw(vfs) % 4;
    int64_t lost = 0;
    for (int64_t place = 0; place < medium->dirty_count; place++) {
        if (!medium->dirty[place]) continue;
        medium->dirty[place] = 0;
        if (mode == 0 || (mode != 1 && draw(vfs) % 2)) {
            lost++;
            continue;
        }
        int64_t offset = place * sector;
        int64_t count = status.st_size - offset < sector ? status.st_size - offset : sector;
        if (count <= 0) continue;
        if (offset + count > medium->size) resize(medium, offset + count);
        if (pread(file, medium->bytes + offset, (size_t)count, offset) != count) return -1;
    }
    return lost;
}

static int write_back(struct medium *medium) {
    int file = open(medium->name, O_RDWR | O_CREAT, 0600);
    if (file < 0) return -1;
    int64_t done = 0;
    while (done < medium->size) {
        ssize_t count = pwrite(file, medium->bytes + done, (size_t)(medium->size - done), done);
        if (count <= 0) break;
        done += count;
    }
    int is_whole = done == medium->size && ftruncate(file, medium->size) == 0;
    close(file);
    return is_whole ? 0 : -1;
}

static int64_t restart_file(struct power_vfs *vfs, struct medium *medium) {
    int64_t lost = 0;
    if (medium->is_there) {
        int file = open(medium->name, O_RDWR);
        if (file < 0) return -1;
        lost = tear(vfs, medium, file);
        close(file);
        if (lost < 0) return -1;
        // A file that is new may have reached the medium, with whatever of it did.
        if (!medium->is_kept) medium->is_kept = (int)(draw(vfs) % 2);
    } else if (medium->is_kept) {
        // Its removal was not synced.
        medium->is_kept = (int)(draw(vfs) % 2);
    }
    medium->is_there = medium->is_kept;
    if (!medium->is_kept) {
        medium->size = 0;
        unlink(medium->name);
        return lost;
    }
    return write_back(medium) == 0 ? lost : -1;
}

int64_t power_vfs_restart(struct power_vfs *vfs) {
    int64_t lost = 0;
    for (int place = 0; place < vfs->media_count; place++) {
        int64_t of_file = restart_file(vfs, &vfs->media[place]);
        if (of_file < 0) return -1;
        lost += of_file;
    }
    return lost;
}

void power_vfs_free(struct power_vfs *vfs) {
    sqlite3_vfs_unregister(&vfs->vfs);
    for (int place = 0; place < vfs->media_count; place++) {
        free(vfs->media[place].bytes);
        free(vfs->media[place].dirty);
    }
    pthread_mutex_destroy(&vfs->lock);
    free((char *)vfs->vfs.zName);
    free(vfs);
}
