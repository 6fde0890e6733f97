// The scanners that go through a text byte by byte, and which of all scanners a text gets.
#include "scan_index.h"
#include "scan_parts.h"

DEFINE_SCAN_STRING(string_portable, special_portable)
#define SCAN_LINKAGE static
#define SCAN_NAME scan_portable
#define SCAN_STRING string_portable
#define SCAN_WHITESPACE whitespace_portable
#include "scan_body.h"
#undef SCAN_NAME
#undef SCAN_STRING
#undef SCAN_WHITESPACE

#if defined(__SSE2__)
DEFINE_SCAN_STRING(string_sse2, special_sse2)
#define SCAN_NAME scan_sse2
#define SCAN_STRING string_sse2
#define SCAN_WHITESPACE whitespace_sse2
#include "scan_body.h"
#undef SCAN_NAME
#undef SCAN_STRING
#undef SCAN_WHITESPACE

#pragma clang attribute push(__attribute__((target("avx2,bmi"))), apply_to = function)
static inline const uint8_t *special_avx2(const uint8_t *p, const uint8_t *end)
{
    const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
    const __m256i space = _mm256_set1_epi8(0x20);
    while (end - p >= 32) {
        __m256i block = _mm256_loadu_si256((const __m256i *) (const void *) p);
        __m256i found = _mm256_cmpgt_epi8(space, block);
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(block, quote));
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(block, backslash));
        unsigned mask = (unsigned) _mm256_movemask_epi8(found);
        if (mask != 0) return p + __builtin_ctz(mask);
        p += 32;
    }
    return special_sse2(p, end);
}

DEFINE_SCAN_STRING(string_avx2, special_avx2)
#define SCAN_NAME scan_avx2
#define SCAN_STRING string_avx2
#define SCAN_WHITESPACE whitespace_sse2
#include "scan_body.h"
#pragma clang attribute pop
#endif

#if defined(SLUICE_HAS_INDEX)
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

static bool has_index(void)
{
    return has_avx2() && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
}

static bool has_index_avx512(void)
{
    return has_index() && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi")
        && __builtin_cpu_supports("avx512vbmi2");
}

/// In two stages; what those do not take is judged by the scanner that goes byte by byte and says what is wrong, and where.
static sluice_json_outcome scan_by_index(
    const uint8_t *bytes, size_t count, uint32_t depth_max, sluice_json_tape *tape,
    sluice_json_note_window *note_window)
{
    return sluice_json_scan_index(bytes, count, depth_max, tape, note_window)
        ? (sluice_json_outcome) {SLUICE_JSON_OK, count}
        : scan_avx2(bytes, count, depth_max, tape);
}
#endif

bool sluice_json_can(enum sluice_json_level level)
{
    switch (level) {
#if defined(__SSE2__)
    case SLUICE_JSON_SSE2: return true;
#endif
#if defined(SLUICE_HAS_INDEX)
    case SLUICE_JSON_AVX2: return has_avx2();
    case SLUICE_JSON_INDEX_AVX2: return has_index();
    case SLUICE_JSON_INDEX_AVX512: return has_index_avx512();
#endif
    default: return level == SLUICE_JSON_PORTABLE;
    }
}

sluice_json_outcome sluice_json_scan_at(
    enum sluice_json_level level, const uint8_t *bytes, size_t count, uint32_t depth_max,
    sluice_json_tape *tape)
{
    if (!sluice_json_can(level)) level = SLUICE_JSON_PORTABLE;
    switch (level) {
#if defined(__SSE2__)
    case SLUICE_JSON_SSE2: return scan_sse2(bytes, count, depth_max, tape);
#endif
#if defined(SLUICE_HAS_INDEX)
    case SLUICE_JSON_AVX2: return scan_avx2(bytes, count, depth_max, tape);
    case SLUICE_JSON_INDEX_AVX2:
        return scan_by_index(bytes, count, depth_max, tape, sluice_json_note_window_avx2);
    case SLUICE_JSON_INDEX_AVX512:
        return scan_by_index(bytes, count, depth_max, tape, sluice_json_note_window_avx512);
#endif
    default: return scan_portable(bytes, count, depth_max, tape);
    }
}

/// Texts with fewer bytes are gone through byte by byte: the first of two stages would not pay.
enum { INDEX_BYTES_MIN = 256 };

sluice_json_outcome sluice_json_scan(
    const uint8_t *bytes, size_t count, uint32_t depth_max, sluice_json_tape *tape)
{
#if defined(SLUICE_HAS_INDEX)
    if (count >= INDEX_BYTES_MIN && has_index()) {
        return scan_by_index(
            bytes, count, depth_max, tape,
            has_index_avx512() ? sluice_json_note_window_avx512 : sluice_json_note_window_avx2);
    }
    if (has_avx2()) return scan_avx2(bytes, count, depth_max, tape);
#endif
#if defined(__SSE2__)
    return scan_sse2(bytes, count, depth_max, tape);
#else
    return scan_portable(bytes, count, depth_max, tape);
#endif
}
