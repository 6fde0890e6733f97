#include "crc32c.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#endif

enum { slices = 8 };

static uint32_t table[slices][256];

__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1u)));
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int slice = 1; slice < slices; slice++)
            table[slice][byte] =
                (table[slice - 1][byte] >> 8) ^ table[0][table[slice - 1][byte] & 255];
}

static inline uint64_t little_endian_word(const unsigned char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

uint32_t sluice_crc32c_table(uint32_t crc, const void *start, size_t count) {
    const unsigned char *bytes = start;
    crc = ~crc;
    for (; count >= 8; count -= 8, bytes += 8) {
        uint64_t word = little_endian_word(bytes) ^ crc;
        crc = table[7][word & 255] ^ table[6][word >> 8 & 255] ^ table[5][word >> 16 & 255] ^
              table[4][word >> 24 & 255] ^ table[3][word >> 32 & 255] ^
              table[2][word >> 40 & 255] ^ table[1][word >> 48 & 255] ^ table[0][word >> 56];
    }
    for (; count > 0; count--, bytes++) crc = (crc >> 8) ^ table[0][(crc ^ *bytes) & 255];
    return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t by_instruction(
    uint32_t start_crc, const unsigned char *bytes, size_t count) {
    uint64_t crc = (uint32_t)~start_crc;
    for (; count >= 8; count -= 8, bytes += 8) crc = _mm_crc32_u64(crc, little_endian_word(bytes));
    for (; count > 0; count--, bytes++) crc = _mm_crc32_u8((uint32_t)crc, *bytes);
    return ~(uint32_t)crc;
}

static int has_instruction(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)

__attribute__((target("crc"))) static uint32_t by_instruction(
    uint32_t start_crc, const unsigned char *bytes, size_t count) {
    uint32_t crc = ~start_crc;
    for (; count >= 8; count -= 8, bytes += 8) crc = __crc32cd(crc, little_endian_word(bytes));
    for (; count > 0; count--, bytes++) crc = __crc32cb(crc, *bytes);
    return ~crc;
}

static int has_instruction(void) { return (getauxval(AT_HWCAP) & (1 << 7)) != 0; }

#else

static uint32_t by_instruction(uint32_t crc, const unsigned char *bytes, size_t count) {
    return sluice_crc32c_table(crc, bytes, count);
}

static int has_instruction(void) { return 0; }

#endif

uint32_t sluice_crc32c(uint32_t crc, const void *bytes, size_t count) {
    if (has_instruction()) return by_instruction(crc, bytes, count);
    return sluice_crc32c_table(crc, bytes, count);
}
