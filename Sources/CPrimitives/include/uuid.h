#ifndef SLUICE_UUID_H
#define SLUICE_UUID_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Eight bytes from `text` on, and two times four bytes with a hyphen between them.
static inline uint64_t sluice_uuid_word(const uint8_t *text, int gap) {
    uint64_t word = 0;
    memcpy(&word, text, 4);
    uint32_t upper;
    memcpy(&upper, text + 4 + gap, 4);
    return word | (uint64_t)upper << 32;
}

#if defined(__SSE2__)
/// The values of sixteen lower-case hexadecimal digits; a byte of `*wrong` is not 0 where one is none.
static inline __m128i sluice_hex_values(__m128i text, __m128i *wrong) {
    __m128i number = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    __m128i letter = _mm_sub_epi8(text, _mm_set1_epi8('a'));
    __m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
    __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
    *wrong = _mm_or_si128(
        *wrong, _mm_andnot_si128(_mm_or_si128(is_number, is_letter), _mm_set1_epi8(1)));
    letter = _mm_add_epi8(letter, _mm_set1_epi8(10));
    return _mm_or_si128(_mm_and_si128(is_number, number), _mm_andnot_si128(is_number, letter));
}

/// Digit pairs, the higher one first, in the lower halves of eight words.
static inline __m128i sluice_hex_pairs(__m128i values) {
    __m128i pairs = _mm_or_si128(_mm_slli_epi16(values, 4), _mm_srli_epi16(values, 8));
    return _mm_and_si128(pairs, _mm_set1_epi16(0xFF));
}
#else
/// Eight lower-case hexadecimal digits, the first one lowest, to four bytes; `*wrong` is not 0 where one is none.
///
/// All eight are read at once: guessed to their values, written back, and compared.
static inline uint64_t sluice_hex_word(uint64_t text, uint64_t *wrong) {
    const uint64_t ones = 0x0101010101010101;
    uint64_t letters = text >> 6 & ones;
    uint64_t values = (text & ones * 15) + letters * 9;
    uint64_t over_nine = (values + ones * 6) >> 4 & ones;
    uint64_t written = values + ones * 48 + over_nine * 39;
    *wrong |= (written ^ text) | (values & ones * 0xF0);
    uint64_t bytes = (values << 4 | values >> 8) & 0x00FF00FF00FF00FF;
    bytes = (bytes | bytes >> 8) & 0x0000FFFF0000FFFF;
    return (bytes | bytes >> 16) & 0xFFFFFFFF;
}
#endif

/// Packs the 36 characters of a UUID in lower case to its 16 bytes, the first one lowest; false for any other text.
static inline bool sluice_uuid_pack(const uint8_t *text, uint64_t *first, uint64_t *second) {
    if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
    uint64_t one = sluice_uuid_word(text, 0), two = sluice_uuid_word(text + 9, 1);
    uint64_t three = sluice_uuid_word(text + 19, 1), four = sluice_uuid_word(text + 28, 0);
#if defined(__SSE2__)
    __m128i wrong = _mm_setzero_si128();
    __m128i low = sluice_hex_values(_mm_set_epi64x((long long)two, (long long)one), &wrong);
    __m128i high = sluice_hex_values(_mm_set_epi64x((long long)four, (long long)three), &wrong);
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(wrong, _mm_setzero_si128())) != 0xFFFF) return false;
    __m128i bytes = _mm_packus_epi16(sluice_hex_pairs(low), sluice_hex_pairs(high));
    *first = (uint64_t)_mm_cvtsi128_si64(bytes);
    *second = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(bytes, bytes));
    return true;
#else
    uint64_t wrong = 0;
    *first = sluice_hex_word(one, &wrong) | sluice_hex_word(two, &wrong) << 32;
    *second = sluice_hex_word(three, &wrong) | sluice_hex_word(four, &wrong) << 32;
    return wrong == 0;
#endif
}

#endif
