#ifndef SLUICE_CRC32C_H
#define SLUICE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/// Continues a CRC-32C (Castagnoli, RFC 3720 B.4) over `count` more bytes; begin with 0.
///
/// Uses the processor's instruction where it has one, else a table.
uint32_t sluice_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by table alone: what processors without the instruction run.
uint32_t sluice_crc32c_table(uint32_t crc, const void *bytes, size_t count);

#endif
