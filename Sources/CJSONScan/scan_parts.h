// What the scanners share: words, numbers, escapes, and how a string is gone over, by plain words and by SSE2.
#ifndef SLUICE_SCAN_PARTS_H
#define SLUICE_SCAN_PARTS_H

#include "CJSONScan.h"

#include <stddef.h>
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

static inline bool has_word(const uint8_t *p, const uint8_t *end, const char *word, size_t count)
{
    return (size_t) (end - p) >= count && memcmp(p, word, count) == 0;
}

static inline bool is_digit(uint8_t byte) { return (uint8_t) (byte - '0') < 10; }

static inline bool is_hex(uint8_t byte)
{
    return is_digit(byte) || (uint8_t) ((byte | 0x20) - 'a') < 6;
}

static inline bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// The length of the UTF-8 sequence (RFC 3629) of two bytes or more at `p`; 0 where there is none.
static inline size_t sequence_length(const uint8_t *p, const uint8_t *end)
{
    size_t left = (size_t) (end - p);
    if (p[0] < 0xC2) return 0;
    if (p[0] < 0xE0) return left >= 2 && is_continuation(p[1]) ? 2 : 0;
    if (p[0] < 0xF0) {
        if (left < 3 || !is_continuation(p[1]) || !is_continuation(p[2])) return 0;
        if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
        return p[0] == 0xED && p[1] > 0x9F ? 0 : 3;
    }
    if (p[0] > 0xF4 || left < 4) return 0;
    if (!is_continuation(p[1]) || !is_continuation(p[2]) || !is_continuation(p[3])) return 0;
    if (p[0] == 0xF0 && p[1] < 0x90) return 0;
    return p[0] == 0xF4 && p[1] > 0x8F ? 0 : 4;
}

/// Past the run of characters beyond ASCII at `p`; stops at ASCII, at the end, or at what is no UTF-8 (still >= 0x80).
static inline const uint8_t *scan_multibyte(const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p >= 0x80) {
        // The scripts of East Asia are long runs of three bytes: the plain ones go first.
        while (end - p >= 4) {
            uint32_t word;
            memcpy(&word, p, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
            word = __builtin_bswap32(word);
#endif
            if ((word & 0x00C0C0F0) != 0x008080E0) break;
            if ((word & 0xFF) == 0xE0 || (word & 0xFF) == 0xED) break;
            p += 3;
        }
        if (p == end || *p < 0x80) break;
        size_t length = sequence_length(p, end);
        if (length == 0) break;
        p += length;
    }
    return p;
}

/// Past the escape at `p` (a backslash), or NULL with `*reason` and `*where` set.
static inline const uint8_t *scan_escape(
    const uint8_t *p, const uint8_t *end, enum sluice_json_reason *reason, const uint8_t **where)
{
    *where = p;
    *reason = SLUICE_JSON_UNEXPECTED_END;
    if (end - p < 2) return *where = end, NULL;
    switch (p[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        *reason = SLUICE_JSON_OK;
        return p + 2;
    case 'u':
        for (int digit = 2; digit < 6; digit += 1) {
            if (p + digit == end) return *where = end, NULL;
            if (!is_hex(p[digit])) return *reason = SLUICE_JSON_BAD_ESCAPE, NULL;
        }
        *reason = SLUICE_JSON_OK;
        return p + 6;
    default:
        *reason = SLUICE_JSON_BAD_ESCAPE;
        return NULL;
    }
}

/// Whether the digits of an integer, `count` of them, fit 64 bits with that sign.
static inline bool fits(const uint8_t *digits, size_t count, bool negative)
{
    if (count < 19) return true;
    if (count > 19) return false;
    return memcmp(digits, negative ? "9223372036854775808" : "9223372036854775807", 19) <= 0;
}

/// Past the digits at `p`.
///
/// Eight at a time, because how many there are is what a processor cannot guess.
static inline const uint8_t *scan_digits(const uint8_t *p, const uint8_t *end)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        // The lowest byte that is no digit gets its top bit set; those above it may get theirs for no reason.
        word ^= 0x3030303030303030;
        uint64_t other = (word + 0x7676767676767676 | word) & 0x8080808080808080;
        if (other != 0) return p + (__builtin_ctzll(other) >> 3);
        p += 8;
    }
#endif
    while (p < end && is_digit(*p)) p += 1;
    return p;
}

/// Past the fraction and exponent at `p`; where they are none, the byte that is wrong, with `*reason` set.
static inline const uint8_t *scan_fraction(
    const uint8_t *p, const uint8_t *end, enum sluice_json_reason *reason)
{
    const uint8_t *digits = p;
    if (*p == '.') {
        digits = p + 1;
        p = scan_digits(digits, end);
        if (p == digits) goto refuse;
    }
    if (p < end && (*p | 0x20) == 'e') {
        p += 1;
        if (p < end && (*p == '+' || *p == '-')) p += 1;
        digits = p;
        p = scan_digits(digits, end);
        if (p == digits) goto refuse;
    }
    return p;
refuse:
    *reason = p == end ? SLUICE_JSON_UNEXPECTED_END : SLUICE_JSON_BAD_NUMBER;
    return p;
}

/// Past the number at `p`; where it is none, the byte that is wrong, with `*reason` set.
static inline const uint8_t *scan_number(
    const uint8_t *p, const uint8_t *end, uint8_t *kind, enum sluice_json_reason *reason)
{
    bool negative = *p == '-';
    const uint8_t *digits = p + negative;
    p = scan_digits(digits, end);
    size_t count = (size_t) (p - digits);
    if (__builtin_expect(count == 0, 0)) {
        *reason = p == end ? SLUICE_JSON_UNEXPECTED_END : SLUICE_JSON_BAD_NUMBER;
        return p;
    }
    if (*digits == '0') {
        if (count > 1) return *reason = SLUICE_JSON_BAD_NUMBER, digits + 1;
        if (negative) *kind = SLUICE_JSON_NUMBER;
    }
    if (__builtin_expect(count > 18, 0) && !fits(digits, count, negative)) *kind = SLUICE_JSON_NUMBER;
    if (p < end && (*p == '.' || (*p | 0x20) == 'e')) {
        *kind = SLUICE_JSON_NUMBER;
        return scan_fraction(p, end, reason);
    }
    return p;
}

/// The first byte at or after `p` that a string cannot simply go over: quote, backslash, control, not ASCII.
static inline const uint8_t *special_portable(const uint8_t *p, const uint8_t *end)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
        uint64_t found = (word - ones * 0x20) | (quote - ones) | (backslash - ones) | word;
        if (found & tops) break;
        p += 8;
    }
    while (p < end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\') p += 1;
    return p;
}

static inline const uint8_t *whitespace_portable(const uint8_t *p, const uint8_t *end)
{
    while (p < end && is_space(*p)) p += 1;
    return p;
}

#if defined(__SSE2__)
static inline const uint8_t *special_sse2(const uint8_t *p, const uint8_t *end)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);
    while (end - p >= 16) {
        __m128i block = _mm_loadu_si128((const __m128i *) (const void *) p);
        // Signed: below 0x20 are the controls and, being negative, everything that is not ASCII.
        __m128i found = _mm_cmplt_epi8(block, space);
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, quote));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, backslash));
        unsigned mask = (unsigned) _mm_movemask_epi8(found);
        if (mask != 0) return p + __builtin_ctz(mask);
        p += 16;
    }
    return special_portable(p, end);
}

static inline const uint8_t *whitespace_sse2(const uint8_t *p, const uint8_t *end)
{
    p += is_space(*p);
    if (p < end && *p > ' ') return p;
    while (end - p >= 16) {
        __m128i block = _mm_loadu_si128((const __m128i *) (const void *) p);
        __m128i found = _mm_cmpeq_epi8(block, _mm_set1_epi8(' '));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8('\n')));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8('\t')));
        unsigned other = ~(unsigned) _mm_movemask_epi8(found) & 0xFFFF;
        if (other != 0) return p + __builtin_ctz(other);
        p += 16;
    }
    return whitespace_portable(p, end);
}
#endif

/// Past the closing quote of the string whose first character is at `p`; where it is none, the byte that is wrong,
/// with `*reason` set.
#define DEFINE_SCAN_STRING(name, special)                                                         \
    static inline const uint8_t *name(                                                            \
        const uint8_t *p, const uint8_t *end, uint8_t *escaped, enum sluice_json_reason *reason)  \
    {                                                                                             \
        while (true) {                                                                            \
            p = special(p, end);                                                                  \
            if (p == end) return *reason = SLUICE_JSON_UNEXPECTED_END, p;                         \
            if (*p == '"') return p + 1;                                                          \
            if (*p == '\\') {                                                                     \
                const uint8_t *where;                                                             \
                *escaped = 1;                                                                     \
                p = scan_escape(p, end, reason, &where);                                          \
                if (p == NULL) return where;                                                      \
                continue;                                                                         \
            }                                                                                     \
            if (*p < 0x20) return *reason = SLUICE_JSON_CONTROL_CHARACTER, p;                     \
            p = scan_multibyte(p, end);                                                           \
            if (p < end && *p >= 0x80) return *reason = SLUICE_JSON_BAD_UTF8, p;                  \
        }                                                                                         \
    }

#endif
