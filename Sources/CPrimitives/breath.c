#define _GNU_SOURCE

#include "CPrimitives.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/// So many bytes are handed to the disk together.
#define WRITTEN_BYTES ((size_t)256 << 10)

static _Thread_local uint64_t pause_ns, breathed_ns;
static _Thread_local size_t written;
static _Thread_local int written_to = -1;

void sluice_breathe_every(uint64_t nanoseconds)
{
    pause_ns = nanoseconds;
    breathed_ns = sluice_monotonic_ns();
}

void sluice_breathe(void)
{
    if (pause_ns == 0 || sluice_monotonic_ns() - breathed_ns < pause_ns) return;
    sched_yield();
    breathed_ns = sluice_monotonic_ns();
}

ssize_t sluice_breathing_pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
    if (pause_ns == 0) return pwrite(descriptor, bytes, count, offset);
    sluice_breathe();
    ssize_t done = pwrite(descriptor, bytes, count, offset);
    if (done <= 0) return done;
    if (descriptor != written_to) written = 0;
    written_to = descriptor;
    written += (size_t)done;
    if (written >= WRITTEN_BYTES) {
        written = 0;
        // Only begins; whether it succeeds the sync tells that comes later.
        int error = errno;
        sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
        errno = error;
    }
    return done;
}
