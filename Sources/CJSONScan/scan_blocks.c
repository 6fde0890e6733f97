// The first stage: over the text in blocks of 64 bytes, without a branch that depends on what is in them.
#include "scan_index.h"

#if defined(SLUICE_HAS_INDEX)
#include "scan_parts.h"

/// The bits of a block, the first byte's lowest.
typedef uint64_t bits;

#define TABLE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
// For each lower half of a byte the byte that is meant; where none is, one whose lower half is another.
#define SPACES ' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0
#define MARKS 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx2,bmi,popcnt,pclmul"))), apply_to = function)

/// Every bit becomes the sum of itself and those below it: between two quotes, all are set.
static inline bits prefix_xor(bits quotes)
{
    __m128i all = _mm_set1_epi8((char) 0xFF);
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long) quotes), all, 0);
    return (bits) _mm_cvtsi128_si64(product);
}

/// Which bytes a backslash escapes: those behind an odd number of backslashes.
static inline bits escaped_bytes(sluice_json_index *self, bits backslashes)
{
    const bits evens = 0x5555555555555555;
    backslashes &= ~self->is_escaped;
    bits follows = backslashes << 1 | self->is_escaped;
    bits starts_odd = backslashes & ~evens & ~follows;
    bits runs;
    self->is_escaped = __builtin_add_overflow(starts_odd, backslashes, &runs);
    return (evens ^ runs << 1) & follows;
}

/// The bytes that lie `count` before those of `present`.
#define BEFORE(present, before, count)                                                            \
    _mm256_alignr_epi8(                                                                           \
        (present), _mm256_permute2x128_si256((before), (present), 0x21), 16 - (count))

/// What is wrong with 32 bytes as UTF-8, after Keiser and Lemire, Validating UTF-8 In Less Than One Instruction Per Byte:
/// three tables, for the halves of a byte and the upper half of the next, say which faults the two may be part of.
static inline __attribute__((always_inline)) __m256i utf8_faults(__m256i present, __m256i before)
{
    enum {
        SHORT = 1, LONG = 2, OVERLONG3 = 4, LARGE = 8, SURROGATE = 16, OVERLONG2 = 32,
        LARGE1000 = 64, OVERLONG4 = 64, TWO_CONTINUE = 128, CARRY = SHORT | LONG | TWO_CONTINUE
    };
    const __m256i first_high = TABLE(
        LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, (char) TWO_CONTINUE, (char) TWO_CONTINUE,
        (char) TWO_CONTINUE, (char) TWO_CONTINUE, SHORT | OVERLONG2, SHORT,
        SHORT | OVERLONG3 | SURROGATE, SHORT | LARGE | LARGE1000 | OVERLONG4);
    const __m256i first_low = TABLE(
        (char) (CARRY | OVERLONG3 | OVERLONG2 | OVERLONG4), (char) (CARRY | OVERLONG2),
        (char) CARRY, (char) CARRY, (char) (CARRY | LARGE), (char) (CARRY | LARGE | LARGE1000),
        (char) (CARRY | LARGE | LARGE1000), (char) (CARRY | LARGE | LARGE1000),
        (char) (CARRY | LARGE | LARGE1000), (char) (CARRY | LARGE | LARGE1000),
        (char) (CARRY | LARGE | LARGE1000), (char) (CARRY | LARGE | LARGE1000),
        (char) (CARRY | LARGE | LARGE1000), (char) (CARRY | LARGE | LARGE1000 | SURROGATE),
        (char) (CARRY | LARGE | LARGE1000), (char) (CARRY | LARGE | LARGE1000));
    const __m256i second_high = TABLE(
        SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
        (char) (LONG | OVERLONG2 | TWO_CONTINUE | OVERLONG3 | LARGE1000 | OVERLONG4),
        (char) (LONG | OVERLONG2 | TWO_CONTINUE | OVERLONG3 | LARGE),
        (char) (LONG | OVERLONG2 | TWO_CONTINUE | SURROGATE | LARGE),
        (char) (LONG | OVERLONG2 | TWO_CONTINUE | SURROGATE | LARGE), SHORT, SHORT, SHORT, SHORT);
    const __m256i half = _mm256_set1_epi8(0x0F);
    __m256i first = BEFORE(present, before, 1);
    __m256i faults = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(first, 4), half)),
            _mm256_shuffle_epi8(first_low, _mm256_and_si256(first, half))),
        _mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(present, 4), half)));
    // The third and fourth bytes of a character are where two bytes that continue one are no fault.
    __m256i third = _mm256_subs_epu8(BEFORE(present, before, 2), _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(BEFORE(present, before, 3), _mm256_set1_epi8(0xF0 - 0x80));
    __m256i further =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char) 0x80));
    return _mm256_xor_si256(further, faults);
}

static inline __m256i load(const uint8_t *bytes)
{
    return _mm256_loadu_si256((const __m256i *) (const void *) bytes);
}

static inline void store(uint8_t *bytes, __m256i value)
{
    _mm256_storeu_si256((__m256i *) (void *) bytes, value);
}

/// The check of UTF-8 as it stands: the last bytes, those of them that begin a character which is not complete, the faults.
typedef struct {
    __m256i before, unfinished, faults;
} utf8_check;

/// Checks a block as UTF-8.
static inline __attribute__((always_inline)) void check_utf8(
    utf8_check *check, __m256i low, __m256i high)
{
    if (_mm256_movemask_epi8(_mm256_or_si256(low, high)) == 0) {
        check->faults = _mm256_or_si256(check->faults, check->unfinished);
        check->before = check->unfinished = _mm256_setzero_si256();
        return;
    }
    __m256i faults =
        _mm256_or_si256(utf8_faults(low, check->before), utf8_faults(high, low));
    check->faults = _mm256_or_si256(check->faults, faults);
    check->before = high;
    const __m256i complete = _mm256_setr_epi8(
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, (char) (0xF0 - 1), (char) (0xE0 - 1), (char) (0xC0 - 1));
    check->unfinished = _mm256_subs_epu8(high, complete);
}

/// What a block consists of.
typedef struct {
    bits backslashes, quotes, controls, marks, spaces;
} block_kinds;

/// Takes down where something begins in a block: the marks outside strings, all quotes, numbers and words.
static inline __attribute__((always_inline)) bits starts(
    sluice_json_index *self, block_kinds kinds, uint32_t offset)
{
    bits quotes = kinds.quotes;
    if (kinds.backslashes | self->is_escaped) {
        // Of a backslash that ends the block before this one, too: a place too late does no harm.
        self->backslash_end = offset + INDEX_BLOCK;
        quotes &= ~escaped_bytes(self, kinds.backslashes);
    }
    // The opening quote counts as inside, the closing one does not.
    bits in_string = prefix_xor(quotes) ^ self->in_string;
    self->in_string = (bits) ((int64_t) in_string >> 63);
    self->controls |= kinds.controls & in_string;
    bits scalars = ~(kinds.marks | kinds.spaces | quotes | in_string);
    bits begins = scalars & ~(scalars << 1 | self->in_scalar);
    self->in_scalar = scalars >> 63;
    return (kinds.marks & ~in_string) | quotes | begins;
}

static inline bits matches(__m256i low, __m256i high)
{
    return (uint32_t) _mm256_movemask_epi8(low)
        | (bits) (uint32_t) _mm256_movemask_epi8(high) << 32;
}

static inline bits equal(__m256i low, __m256i high, char byte)
{
    __m256i wanted = _mm256_set1_epi8(byte);
    return matches(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

/// Which bytes equal what a table has for their lower half, once `mask` is laid over them.
static inline bits in_table(__m256i low, __m256i high, __m256i table, char mask)
{
    __m256i laid = _mm256_set1_epi8(mask);
    return matches(
        _mm256_cmpeq_epi8(_mm256_or_si256(low, laid), _mm256_shuffle_epi8(table, low)),
        _mm256_cmpeq_epi8(_mm256_or_si256(high, laid), _mm256_shuffle_epi8(table, high)));
}

static inline bits whitespace(__m256i low, __m256i high)
{
    return in_table(low, high, TABLE(SPACES), 0);
}

/// Brackets, commas and colons. With 0x20 laid over them both kinds of brackets are one; so are two control characters
/// with the comma and the colon, and the second stage finds them where it looks for those.
static inline bits punctuation(__m256i low, __m256i high)
{
    return in_table(low, high, TABLE(MARKS), 0x20);
}

static inline bits controls(__m256i low, __m256i high)
{
    __m256i last = _mm256_set1_epi8(0x1F);
    return matches(
        _mm256_cmpeq_epi8(_mm256_min_epu8(low, last), low),
        _mm256_cmpeq_epi8(_mm256_min_epu8(high, last), high));
}

/// Writes the places of set bits down. Eight at a time, needed or not: how many there are is what a processor cannot guess.
static inline void note_places(sluice_json_index *self, bits places, uint32_t offset)
{
    uint32_t count = (uint32_t) __builtin_popcountll(places);
    uint32_t *out = self->notes + self->count;
    self->count += count;
    for (uint32_t done = 0; done < count; done += 8) {
        for (uint32_t place = 0; place < 8; place += 1) {
            // Of no bits at all the count of zeros is 64: past the block, and not looked at.
            out[done + place] = offset + (uint32_t) _tzcnt_u64(places);
            places &= places - 1;
        }
    }
}

static inline __attribute__((always_inline)) void note_block_avx2(
    sluice_json_index *self, utf8_check *check, const uint8_t *block, uint32_t offset)
{
    __m256i low = load(block), high = load(block + 32);
    check_utf8(check, low, high);
    block_kinds kinds = {
        equal(low, high, '\\'), equal(low, high, '"'), controls(low, high),
        punctuation(low, high), whitespace(low, high)};
    note_places(self, starts(self, kinds, offset), offset);
}

/// Goes over a window with one of the functions for a block.
#define NOTE_WINDOW(note_block)                                                                   \
    do {                                                                                          \
        utf8_check check = {load(self->before), load(self->unfinished), load(self->faults)};      \
        for (int block = 0; block < INDEX_WINDOW_BLOCKS && self->next < self->end; block += 1) {  \
            uint32_t offset = (uint32_t) (self->next - self->bytes);                              \
            size_t left = (size_t) (self->end - self->next);                                      \
            if (left < INDEX_BLOCK) {                                                             \
                uint8_t rest[INDEX_BLOCK];                                                        \
                memset(rest, ' ', INDEX_BLOCK);                                                   \
                memcpy(rest, self->next, left);                                                   \
                note_block(self, &check, rest, offset);                                           \
                self->next = self->end;                                                           \
            } else {                                                                              \
                /* A long text may lie in no cache, and the processor's own reading ahead ends with \
                   each page. An address behind the text does no harm: nothing is loaded. */          \
                __builtin_prefetch(self->next + INDEX_AHEAD);                                     \
                note_block(self, &check, self->next, offset);                                     \
                self->next += INDEX_BLOCK;                                                        \
            }                                                                                     \
        }                                                                                         \
        store(self->before, check.before);                                                        \
        store(self->unfinished, check.unfinished);                                                \
        store(self->faults, check.faults);                                                        \
    } while (0)

void sluice_json_note_window_avx2(sluice_json_index *self) { NOTE_WINDOW(note_block_avx2); }

#pragma clang attribute pop

#pragma clang attribute push(                                                                     \
    __attribute__((                                                                               \
        target("avx2,bmi,bmi2,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi2,avx512vbmi"))), \
    apply_to = function)

/// Writes the places of set bits down: bytes 0 to 63, of which those whose bits are set are moved together.
static inline void note_places_avx512(sluice_json_index *self, bits places, uint32_t offset)
{
    // Inside a long string, where the same place would be written again and again: across two cache lines that doubles
    // the time of the whole scan.
    if (places == 0) return;
    uint32_t count = (uint32_t) __builtin_popcountll(places);
    uint32_t *out = self->notes + self->count;
    self->count += count;
    const __m512i all = _mm512_set_epi32(
        0x3F3E3D3C, 0x3B3A3938, 0x37363534, 0x33323130, 0x2F2E2D2C, 0x2B2A2928, 0x27262524,
        0x23222120, 0x1F1E1D1C, 0x1B1A1918, 0x17161514, 0x13121110, 0x0F0E0D0C, 0x0B0A0908,
        0x07060504, 0x03020100);
    __m512i found = _mm512_maskz_compress_epi8(places, all);
    __m512i base = _mm512_set1_epi32((int) offset);
    // Sixteen at a time; more than 32 places in 64 bytes are rare.
    __m128i first = _mm512_castsi512_si128(found);
    _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(first), base));
    __m128i second = _mm512_extracti32x4_epi32(found, 1);
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(_mm512_cvtepu8_epi32(second), base));
    if (__builtin_expect(count > 32, 0)) {
        __m128i third = _mm512_extracti32x4_epi32(found, 2);
        _mm512_storeu_si512(out + 32, _mm512_add_epi32(_mm512_cvtepu8_epi32(third), base));
        __m128i fourth = _mm512_extracti32x4_epi32(found, 3);
        _mm512_storeu_si512(out + 48, _mm512_add_epi32(_mm512_cvtepu8_epi32(fourth), base));
    }
}

static inline bits in_table_avx512(__m512i block, __m128i table, char mask)
{
    __m512i laid = _mm512_or_si512(block, _mm512_set1_epi8(mask));
    return _mm512_cmpeq_epi8_mask(
        laid, _mm512_shuffle_epi8(_mm512_broadcast_i32x4(table), block));
}

static inline __attribute__((always_inline)) void note_block_avx512(
    sluice_json_index *self, utf8_check *check, const uint8_t *block, uint32_t offset)
{
    __m512i bytes = _mm512_loadu_si512(block);
    check_utf8(check, _mm512_castsi512_si256(bytes), _mm512_extracti64x4_epi64(bytes, 1));
    block_kinds kinds = {
        _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\')),
        _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
        _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
        in_table_avx512(bytes, _mm_setr_epi8(MARKS), 0x20),
        in_table_avx512(bytes, _mm_setr_epi8(SPACES), 0)};
    note_places_avx512(self, starts(self, kinds, offset), offset);
}

void sluice_json_note_window_avx512(sluice_json_index *self) { NOTE_WINDOW(note_block_avx512); }

#pragma clang attribute pop
#endif
