#ifndef SLUICE_BREATH_H
#define SLUICE_BREATH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// From now on the calling thread gives its processor away where it says ``sluice_breathe``, this often at most; 0 for never.
void sluice_breathe_every(uint64_t nanoseconds);

/// Lets other threads have the processor first where the calling one has worked for so long.
void sluice_breathe(void);

/// pwrite(2) of a thread that breathes: it does so before it writes, and what it has written is on its way to the disk soon,
/// so that a later sync finds little to do.
ssize_t sluice_breathing_pwrite(int descriptor, const void *_Nullable bytes, size_t count, off_t offset);

#endif
