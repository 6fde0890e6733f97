#include "CHTTPHead.h"

#include "CLLHTTP.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// What a byte may be part of.
enum { NAME = 1, TARGET = 2, HOST = 4, DIGIT = 8, VISIBLE = 16 };

#define LETTER (NAME | TARGET | HOST | VISIBLE)
#define NUMBER (NAME | TARGET | HOST | DIGIT | VISIBLE)
#define IN_TARGET (TARGET | VISIBLE)

/// Names and hosts are of letters, digits and a few signs; targets of what a path and query may have (RFC 3986, 3.3, 3.4)
/// without an escape. Others are not wrong, but not plain.
static const uint8_t kinds[256] = {
    [' '] = VISIBLE,  ['!'] = IN_TARGET, ['"'] = VISIBLE,   ['#'] = VISIBLE,   ['$'] = IN_TARGET,
    ['%'] = VISIBLE,  ['&'] = IN_TARGET, ['\''] = IN_TARGET, ['('] = IN_TARGET, [')'] = IN_TARGET,
    ['*'] = IN_TARGET, ['+'] = IN_TARGET, [','] = IN_TARGET, ['-'] = LETTER,   ['.'] = IN_TARGET | HOST,
    ['/'] = IN_TARGET, ['0' ... '9'] = NUMBER, [':'] = IN_TARGET, [';'] = IN_TARGET, ['<'] = VISIBLE,
    ['='] = IN_TARGET, ['>'] = VISIBLE,  ['?'] = IN_TARGET, ['@'] = IN_TARGET, ['A' ... 'Z'] = LETTER,
    ['['] = VISIBLE,  ['\\'] = VISIBLE,  [']'] = VISIBLE,   ['^'] = VISIBLE,   ['_'] = LETTER,
    ['`'] = VISIBLE,  ['a' ... 'z'] = LETTER, ['{'] = VISIBLE, ['|'] = VISIBLE, ['}'] = VISIBLE,
    ['~'] = IN_TARGET};

static inline bool is(uint8_t byte, uint8_t kind) { return (kinds[byte] & kind) != 0; }

static inline uint64_t load8(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

/// A word of eight bytes from text, as it is loaded from memory.
#define WORD8(text) load8((const uint8_t *)(text))

/// Past the first byte of a line's value that is neither visible nor a blank.
static inline const uint8_t *value_end(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)
    while (end - p >= 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
        // Signed: below the blank are the controls and, being negative, everything that is not ASCII.
        __m128i other = _mm_or_si128(
            _mm_cmplt_epi8(block, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7F)));
        unsigned mask = (unsigned)_mm_movemask_epi8(other);
        if (mask != 0) return p + __builtin_ctz(mask);
        p += 16;
    }
#endif
    while (p < end && is(*p, VISIBLE)) p += 1;
    return p;
}

/// Past the characters of a name.
static inline const uint8_t *name_end(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)
    while (end - p >= 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i letter = _mm_sub_epi8(
            _mm_or_si128(block, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
        __m128i digit = _mm_sub_epi8(block, _mm_set1_epi8('0'));
        __m128i good = _mm_or_si128(
            _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter),
            _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit));
        good = _mm_or_si128(good, _mm_cmpeq_epi8(block, _mm_set1_epi8('-')));
        good = _mm_or_si128(good, _mm_cmpeq_epi8(block, _mm_set1_epi8('_')));
        unsigned other = ~(unsigned)_mm_movemask_epi8(good) & 0xFFFF;
        if (other != 0) return p + __builtin_ctz(other);
        p += 16;
    }
#endif
    while (p < end && is(*p, NAME)) p += 1;
    return p;
}

/// Past a method and the blank behind it, with llhttp's number of it; NULL for another. There are eight bytes at least.
static inline const uint8_t *read_method(const uint8_t *p, uint8_t *number)
{
    switch (p[0]) {
    case 'P':
        if (memcmp(p, "POST ", 5) == 0) return *number = HTTP_POST, p + 5;
        if (memcmp(p, "PUT ", 4) == 0) return *number = HTTP_PUT, p + 4;
        if (memcmp(p, "PATCH ", 6) == 0) return *number = HTTP_PATCH, p + 6;
        return NULL;
    case 'G': return memcmp(p, "GET ", 4) == 0 ? (*number = HTTP_GET, p + 4) : NULL;
    case 'H': return memcmp(p, "HEAD ", 5) == 0 ? (*number = HTTP_HEAD, p + 5) : NULL;
    case 'D': return memcmp(p, "DELETE ", 7) == 0 ? (*number = HTTP_DELETE, p + 7) : NULL;
    default: return NULL;
    }
}

/// Whether a host is a name or an IPv4 address, perhaps with a port.
static inline bool is_plain_host(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *start = p;
    while (p < end && is(*p, HOST)) p += 1;
    if (p == start) return false;
    if (p == end) return true;
    if (*p != ':' || end - p > 6) return false;
    uint32_t port = 0;
    for (p += 1; p < end; p += 1) {
        if (!is(*p, DIGIT)) return false;
        port = port * 10 + (*p - '0');
    }
    return port <= 65535;
}

/// Which fields were there.
enum { HAS_HOST = 1, HAS_LENGTH = 2 };

/// Looks at a field whose name has this many bytes: at what means something; false where that is not plain.
static inline bool note_field(
    const uint8_t *bytes, const sluice_field *field, sluice_plain_head *head, unsigned *seen)
{
    const uint64_t lower = 0x2020202020202020;
    const uint8_t *name = bytes + field->name.start;
    const uint8_t *value = bytes + field->value.start, *end = bytes + field->value.stop;
    // A name has its colon, a blank, a byte of the value and the line's end behind it: eight bytes are there from the
    // first of each.
    uint64_t first = load8(name) | lower;
    switch (field->name.stop - field->name.start) {
    case 4:
        if ((uint32_t)first != (uint32_t)WORD8("host    ")) return true;
        if ((*seen & HAS_HOST) != 0 || !is_plain_host(value, end)) return false;
        *seen |= HAS_HOST;
        return true;
    case 6: return memcmp(&first, "expect", 6) != 0;
    case 7: return memcmp(&first, "upgrade", 7) != 0;
    case 10:
        if (first != WORD8("connecti")) return true;
        // To stay is what is done anyway.
        return end - value == 10 && (load8(value) | lower) == WORD8("keep-ali")
            && (load8(value + 2) | lower) == WORD8("ep-alive");
    case 12:
        if (first != WORD8("content-") || (load8(name + 4) | lower) != WORD8("ent-type")) return true;
        if (head->content_type.start == UINT32_MAX) head->content_type = field->value;
        return true;
    case 14:
        if (first != WORD8("content-") || (load8(name + 6) | lower) != WORD8("t-length")) return true;
        if ((*seen & HAS_LENGTH) != 0 || end - value > 9) return false;
        *seen |= HAS_LENGTH;
        for (; value < end; value += 1) {
            if (!is(*value, DIGIT)) return false;
            head->content_length = head->content_length * 10 + (*value - '0');
        }
        return true;
    case 16: return first != WORD8("proxy-co") && memcmp(&first, "content-", 8) != 0;
    case 17: return first != WORD8("transfer");
    default: return true;
    }
}

/// Past the request line; NULL where it is not plain.
static inline const uint8_t *read_request_line(
    const uint8_t *bytes, const uint8_t *end, const sluice_head_limits *limits,
    sluice_plain_head *head)
{
    const uint8_t *p = read_method(bytes, &head->method);
    if (p == NULL || *p != '/') return NULL;
    const uint8_t *start = p, *query = NULL;
    for (; p < end && is(*p, TARGET); p += 1) {
        if (*p == '?' && query == NULL) query = p;
    }
    if (end - p < 11 || load8(p) != WORD8(" HTTP/1.") || memcmp(p + 8, "1\r\n", 3) != 0) return NULL;
    if ((size_t)(p - bytes) > limits->target_end_max) return NULL;
    uint32_t stop = (uint32_t)(p - bytes);
    head->target = (sluice_place){(uint32_t)(start - bytes), stop};
    head->path = head->target;
    if (query != NULL) {
        head->path.stop = (uint32_t)(query - bytes);
        head->query = (sluice_place){head->path.stop + 1, stop};
    }
    return p + 11;
}

bool sluice_plain_head_read(
    const uint8_t *bytes, size_t count, const sluice_head_limits *limits, sluice_field *fields,
    sluice_plain_head *head)
{
    // Offsets are of 32 bits; the bounds of a head are far below.
    const uint8_t *end = bytes + (count < 1 << 30 ? count : 1 << 30);
    if (end - bytes < 16) return false;
    const sluice_place none = {UINT32_MAX, UINT32_MAX};
    *head = (sluice_plain_head){.query = none, .content_type = none};
    const uint8_t *p = read_request_line(bytes, end, limits, head);
    if (p == NULL) return false;
    const uint8_t *lines = p;
    unsigned seen = 0;
    while (p < end && *p != '\r') {
        if (head->fields_count == limits->fields_max) return false;
        const uint8_t *colon = name_end(p, end);
        // The shortest line behind a name is a colon, a blank, a byte and the line's end.
        if (colon == p || end - colon < 5 || colon[0] != ':' || colon[1] != ' ') return false;
        const uint8_t *value = colon + 2, *stop = value_end(value, end);
        if (end - stop < 4 || stop[0] != '\r' || stop[1] != '\n') return false;
        if (stop == value || *value == ' ' || stop[-1] == ' ') return false;
        sluice_field *field = &fields[head->fields_count];
        *field = (sluice_field){
            {(uint32_t)(p - bytes), (uint32_t)(colon - bytes)},
            {(uint32_t)(value - bytes), (uint32_t)(stop - bytes)}};
        head->fields_count += 1;
        if (!note_field(bytes, field, head, &seen)) return false;
        p = stop + 2;
    }
    if (end - p < 2 || p[1] != '\n' || (seen & HAS_HOST) == 0) return false;
    p += 2;
    head->count = (uint32_t)(p - bytes);
    return (size_t)(p - lines) <= limits->lines_bytes_max;
}

bool sluice_head_is_same(const uint8_t *one, const uint8_t *other, size_t count)
{
    return memcmp(one, other, count) == 0;
}
