#ifndef SLUICE_CMEASURE_H
#define SLUICE_CMEASURE_H

#include <stddef.h>
#include <stdint.h>

/// How often this thread has allocated so far: malloc, calloc, realloc and the aligned forms.
uint64_t sluice_allocation_count(void);

/// Nanoseconds of CPU time that all threads of the process have used.
uint64_t sluice_cpu_ns(void);

/// Bytes that the process has allocated and not freed, by the allocator's own account.
uint64_t sluice_live_bytes(void);

/// Sends a request to a port of this machine so many times on one connection, each after the answer to the one before.
///
/// Gives 0, or the negative errno of what failed. An answer comes in one piece, as a small one does.
int sluice_ask(int port, const uint8_t *request, size_t bytes, size_t times);

/// How many processors the machine has.
int sluice_processors(void);

/// Bytes of the process that lie in memory now, whoever allocated them.
uint64_t sluice_resident_bytes(void);

#endif
