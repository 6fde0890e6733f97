#ifndef SLUICE_CMEASURE_H
#define SLUICE_CMEASURE_H

#include <stdint.h>

/// How often this thread has allocated so far: malloc, calloc, realloc and the aligned forms.
uint64_t sluice_allocation_count(void);

/// Nanoseconds of CPU time that all threads of the process have used.
uint64_t sluice_cpu_ns(void);

/// Bytes that the process has allocated and not freed, by the allocator's own account.
uint64_t sluice_live_bytes(void);

/// How many processors the machine has.
int sluice_processors(void);

/// Bytes of the process that lie in memory now, whoever allocated them.
uint64_t sluice_resident_bytes(void);

#endif
