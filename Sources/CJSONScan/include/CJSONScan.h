#ifndef SLUICE_CJSONSCAN_H
#define SLUICE_CJSONSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a value is. An integer is a number without fraction and exponent that fits 64 bits and is not "-0".
enum sluice_json_kind {
    SLUICE_JSON_NULL = 0,
    SLUICE_JSON_FALSE = 1,
    SLUICE_JSON_TRUE = 2,
    SLUICE_JSON_INTEGER = 3,
    SLUICE_JSON_NUMBER = 4,
    SLUICE_JSON_STRING = 5,
    SLUICE_JSON_ARRAY = 6,
    SLUICE_JSON_OBJECT = 7
};

/// Why a text was refused.
enum sluice_json_reason {
    SLUICE_JSON_OK = 0,
    SLUICE_JSON_UNEXPECTED_END,
    SLUICE_JSON_UNEXPECTED_BYTE,
    SLUICE_JSON_BAD_LITERAL,
    SLUICE_JSON_BAD_NUMBER,
    SLUICE_JSON_CONTROL_CHARACTER,
    SLUICE_JSON_BAD_ESCAPE,
    SLUICE_JSON_BAD_UTF8,
    SLUICE_JSON_TOO_DEEP,
    SLUICE_JSON_TRAILING_BYTES,
    SLUICE_JSON_TOO_LARGE,
    SLUICE_JSON_NO_MEMORY
};

/// One value of the text, or one member name. The values of a container follow it in the order of the text;
/// in an object each is preceded by its name (a string).
typedef struct sluice_json_entry {
    /// The first byte of the value; of a string, its opening quote.
    uint32_t start;
    /// One past the last byte of the value; of a string, past its closing quote.
    uint32_t end;
    /// The index of the entry that follows this value and all that is in it.
    uint32_t next;
    /// The kind.
    uint8_t kind;
    /// 1 where a string has an escape.
    uint8_t escaped;
    uint16_t unused;
} sluice_json_entry;

struct sluice_json_tape;

/// Makes room for at least one more entry; gives false where there is no memory.
typedef bool (*sluice_json_grow)(struct sluice_json_tape *_Nonnull tape);

/// Where the entries go. The memory is the caller's; `grow` replaces it.
typedef struct sluice_json_tape {
    sluice_json_entry *_Nullable entries;
    uint32_t capacity;
    uint32_t count;
    sluice_json_grow _Nonnull grow;
} sluice_json_tape;

/// How a scan ended: the reason, and the offset of the byte it is about.
typedef struct sluice_json_outcome {
    enum sluice_json_reason reason;
    size_t offset;
} sluice_json_outcome;

/// The scanners: all say the same of every text.
enum sluice_json_level {
    /// Byte by byte, without vector instructions: what processors of other kinds get.
    SLUICE_JSON_PORTABLE = 0,
    /// Byte by byte, over strings with the instructions that every x86-64 has.
    SLUICE_JSON_SSE2,
    /// Byte by byte, over strings with AVX2.
    SLUICE_JSON_AVX2,
    /// In two stages, the first with AVX2.
    SLUICE_JSON_INDEX_AVX2,
    /// In two stages, the first with AVX-512.
    SLUICE_JSON_INDEX_AVX512
};

/// Checks the whole text (RFC 8259, UTF-8, depth) and writes its tape. Never reads outside the text.
/// Takes the scanner that is the fastest for a text of this size on this processor.
sluice_json_outcome sluice_json_scan(
    const uint8_t *_Nullable bytes, size_t count, uint32_t depth_max,
    sluice_json_tape *_Nonnull tape);

/// Whether the processor has the instructions of a scanner.
bool sluice_json_can(enum sluice_json_level level);

/// The same with one of the scanners; with the portable one where the processor has not its instructions.
sluice_json_outcome sluice_json_scan_at(
    enum sluice_json_level level, const uint8_t *_Nullable bytes, size_t count, uint32_t depth_max,
    sluice_json_tape *_Nonnull tape);

/// Decodes the escapes of a checked string (without its quotes) into `out`, which has room for `count` bytes;
/// lone surrogates become U+FFFD. Gives the number of bytes written.
size_t sluice_json_unescape(const uint8_t *_Nullable bytes, size_t count, uint8_t *_Nonnull out);

/// The index of the value of the last member with a name, or 0 where the object has none.
uint32_t sluice_json_member(
    const uint8_t *_Nonnull bytes, const sluice_json_entry *_Nonnull entries, uint32_t object,
    const uint8_t *_Nullable name, size_t name_count);

#endif
