#ifndef SLUICE_CREFERENCE_H
#define SLUICE_CREFERENCE_H

#include <stddef.h>
#include <stdint.h>

/// What the hot path is compared with: the same work on the same libraries, written in C without anything else round it.
typedef struct sluice_reference sluice_reference;

/// Makes a reference with room for `waiters` waiters of 36-byte keys.
sluice_reference *_Nonnull sluice_reference_make(size_t waiters);

/// Gives it back.
void sluice_reference_free(sluice_reference *_Nonnull self);

/// Forgets every waiter and every mark.
void sluice_reference_clear(sluice_reference *_Nonnull self);

/// Parks a waiter; its id is made of `index`.
void sluice_reference_park(
    sluice_reference *_Nonnull self, const uint8_t *_Nonnull key, size_t count, uint64_t index);

/// Takes one request: parse, validate, find key, status and result, fingerprint, match, copy the record, write the
/// answer. Gives a number that depends on all of it; 0 where nothing was matched. The record is kept for its run.
uint64_t sluice_reference_take(
    sluice_reference *_Nonnull self, const uint8_t *_Nonnull request, size_t count);

/// Ends a turn of the loop: the records that were kept for runs are given back.
void sluice_reference_end_turn(sluice_reference *_Nonnull self);

#endif
