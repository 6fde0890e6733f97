#include "CJSONScan.h"

#include <string.h>

static inline uint32_t hex_digit(uint8_t byte)
{
    return byte <= '9' ? (uint32_t) (byte - '0') : (uint32_t) ((byte | 0x20) - 'a' + 10);
}

static inline uint32_t hex_quad(const uint8_t *p)
{
    return hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 | hex_digit(p[2]) << 4 | hex_digit(p[3]);
}

static inline uint8_t *put(uint8_t *out, uint32_t scalar)
{
    if (scalar < 0x80) {
        *out++ = (uint8_t) scalar;
    } else if (scalar < 0x800) {
        *out++ = (uint8_t) (0xC0 | scalar >> 6);
        *out++ = (uint8_t) (0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *out++ = (uint8_t) (0xE0 | scalar >> 12);
        *out++ = (uint8_t) (0x80 | (scalar >> 6 & 0x3F));
        *out++ = (uint8_t) (0x80 | (scalar & 0x3F));
    } else {
        *out++ = (uint8_t) (0xF0 | scalar >> 18);
        *out++ = (uint8_t) (0x80 | (scalar >> 12 & 0x3F));
        *out++ = (uint8_t) (0x80 | (scalar >> 6 & 0x3F));
        *out++ = (uint8_t) (0x80 | (scalar & 0x3F));
    }
    return out;
}

static inline uint8_t simple_escape(uint8_t letter)
{
    switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;
    }
}

/// Decodes the one character at `*p` (checked text) into `out`; moves both on.
static inline uint8_t *decode_one(const uint8_t **from, const uint8_t *end, uint8_t *out)
{
    const uint8_t *p = *from;
    if (*p != '\\') {
        *out = *p;
        *from = p + 1;
        return out + 1;
    }
    if (p[1] != 'u') {
        *out = simple_escape(p[1]);
        *from = p + 2;
        return out + 1;
    }
    uint32_t scalar = hex_quad(p + 2);
    p += 6;
    if (scalar >= 0xD800 && scalar < 0xE000) {
        uint32_t low = 0;
        if (scalar < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') low = hex_quad(p + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
            p += 6;
        } else {
            scalar = 0xFFFD;
        }
    }
    *from = p;
    return put(out, scalar);
}

size_t sluice_json_unescape(const uint8_t *bytes, size_t count, uint8_t *out)
{
    const uint8_t *p = bytes, *const end = bytes + count;
    uint8_t *const first = out;
    while (p < end) out = decode_one(&p, end, out);
    return (size_t) (out - first);
}

/// Whether an escaped name decodes to `name`.
static bool escaped_equals(
    const uint8_t *p, const uint8_t *end, const uint8_t *name, size_t name_count)
{
    const uint8_t *const name_end = name + name_count;
    while (p < end) {
        uint8_t piece[4];
        size_t length = (size_t) (decode_one(&p, end, piece) - piece);
        if ((size_t) (name_end - name) < length || memcmp(name, piece, length) != 0) return false;
        name += length;
    }
    return name == name_end;
}

uint32_t sluice_json_member(
    const uint8_t *bytes, const sluice_json_entry *entries, uint32_t object,
    const uint8_t *name, size_t name_count)
{
    uint32_t found = 0;
    for (uint32_t at = object + 1; at < entries[object].next; at = entries[at + 1].next) {
        const sluice_json_entry *key = &entries[at];
        const uint8_t *text = bytes + key->start + 1;
        size_t count = key->end - key->start - 2;
        bool same = key->escaped ? escaped_equals(text, text + count, name, name_count)
                                 : count == name_count
                && (count == 0 || (*text == *name && memcmp(text, name, count) == 0));
        if (same) found = at + 1;
    }
    return found;
}
