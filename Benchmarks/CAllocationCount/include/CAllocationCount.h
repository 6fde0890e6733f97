#ifndef SLUICE_CALLOCATIONCOUNT_H
#define SLUICE_CALLOCATIONCOUNT_H

#include <stdint.h>

/// How often this thread has allocated so far: malloc, calloc, realloc and the aligned forms.
uint64_t sluice_allocation_count(void);

#endif
