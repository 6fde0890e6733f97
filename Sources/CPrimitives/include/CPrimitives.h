#ifndef SLUICE_CPRIMITIVES_H
#define SLUICE_CPRIMITIVES_H

#include "breath.h"
#include "crc32c.h"
#include "pages.h"
#include "uuid.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>

/// Nanoseconds of CLOCK_MONOTONIC.
static inline uint64_t sluice_monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/// Milliseconds of CLOCK_REALTIME since 1970.
static inline int64_t sluice_wall_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + (int64_t)(t.tv_nsec / 1000000);
}

/// Names the calling thread; the system keeps 15 bytes.
static inline void sluice_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// Makes the calling thread less urgent than others.
void sluice_be_nice(int niceness);

/// Asks the processor to bring the cache line at this address near.
static inline void sluice_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// A small number that the calling thread has and few others: threads are counted as they first ask.
unsigned sluice_thread_number(void);

#endif
