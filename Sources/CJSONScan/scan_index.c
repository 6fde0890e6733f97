// The scanner in two stages. The first (scan_blocks.c) goes over the text in blocks and notes where something begins:
// brackets, commas and colons, both quotes of every string, the first bytes of numbers and words. The second, here, goes from
// one noted place to the next. So no step waits for where the one before it ended, which is what takes the time of a
// scanner that goes through a text once.
//
// The first stage runs ahead of the second by a window at a time: what it notes stays on the stack.
#include "scan_index.h"

#if defined(SLUICE_HAS_INDEX)
#include "scan_parts.h"

/// Begins with a text, behind its BOM.
static void begin(sluice_json_index *self, const uint8_t *bytes, size_t size)
{
    bool has_mark = size >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
    memset(self, 0, offsetof(sluice_json_index, notes));
    self->bytes = bytes;
    self->next = has_mark ? bytes + 3 : bytes;
    self->end = bytes + size;
}

/// Notes more behind what was not used yet; false where that was nothing and the text has ended.
static __attribute__((noinline)) bool refill(
    sluice_json_index *self, const uint32_t *note, sluice_json_note_window *note_window)
{
    const uint32_t *last = self->notes + self->count;
    if (note > last) return false;
    uint32_t left = (uint32_t) (last - note);
    memmove(self->notes, note, left * sizeof *note);
    self->count = left;
    while (self->count < INDEX_NOTES_KEPT && self->next < self->end) note_window(self);
    if (self->count == 0) return false;
    self->enough = self->count - INDEX_NOTES_KEPT;
    if (self->next == self->end) {
        // The last place once more: what stands there is not what may follow it, or closes what was not opened.
        uint32_t place = self->notes[self->count - 1];
        for (uint32_t index = 0; index < INDEX_NOTES_KEPT; index += 1) {
            self->notes[self->count + index] = place;
        }
        self->enough = self->count;
    }
    return true;
}

/// Whether the text ends behind the notes that were used, and all that was noted is in order.
static bool is_end(
    sluice_json_index *self, const uint32_t *note, sluice_json_note_window *note_window)
{
    uint32_t used = (uint32_t) (note - self->notes);
    while (self->count == used && self->next < self->end) {
        self->count = used = 0;
        note_window(self);
    }
    uint8_t wrong = 0;
    for (size_t index = 0; index < sizeof self->faults; index += 1) {
        wrong |= self->faults[index] | self->unfinished[index];
    }
    return self->count == used && self->in_string == 0 && self->controls == 0 && wrong == 0;
}

/// Which bytes a number or word may end before; what may not follow it of these is found as what it is.
static const bool ends_scalar_table[256] = {
    [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, [','] = true, [':'] = true,
    ['"'] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true};

static inline bool ends_scalar(const uint8_t *p, const uint8_t *end)
{
    return p == end || ends_scalar_table[*p];
}

/// As ``scan_number``; an integer of few digits, the usual number, goes first.
static inline __attribute__((always_inline)) const uint8_t *number(
    const uint8_t *p, const uint8_t *end, uint8_t *kind, enum sluice_json_reason *reason)
{
    if (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        uint64_t digits = word ^ 0x3030303030303030;
        uint64_t other = (digits + 0x7676767676767676 | digits) & 0x8080808080808080;
        unsigned count = (unsigned) __builtin_ctzll(other | (uint64_t) 1 << 63) & 56;
        uint8_t stop = (uint8_t) (word >> count);
        if (count > 0 && (uint8_t) word != '0' && ends_scalar_table[stop]) return p + count / 8;
    }
    return scan_number(p, end, kind, reason);
}

DEFINE_SCAN_STRING(string_sse2, special_sse2)

/// Whether the escapes of a string, from behind its opening quote to its closing one, are in order.
static __attribute__((noinline)) bool has_good_escapes(
    const uint8_t *p, const uint8_t *quote, uint8_t *escaped)
{
    enum sluice_json_reason reason = SLUICE_JSON_OK;
    return string_sse2(p, quote + 1, escaped, &reason) == quote + 1 && reason == SLUICE_JSON_OK;
}

#define NONE UINT32_MAX

/// Makes sure that as many notes are there as lie between two of these: those of a member with a string for its value, and
/// what stands behind it. Behind the text's last note stand some that lead nowhere.
#define EXPECT()                                                                                  \
    do {                                                                                          \
        if (__builtin_expect(note > enough, 0)) {                                                 \
            if (!refill(&index, note, note_window)) return false;                                 \
            backslash_end = index.backslash_end;                                                  \
            note = index.notes;                                                                   \
            enough = note + index.enough;                                                         \
            while (capacity - count < index.count + INDEX_NOTES_KEPT) {                           \
                tape->count = count;                                                              \
                if (!tape->grow(tape)) return false;                                              \
                entries = tape->entries;                                                          \
                capacity = tape->capacity;                                                        \
            }                                                                                     \
        }                                                                                         \
    } while (0)

#define PUT(what, has_escape, stop)                                                               \
    do {                                                                                          \
        entries[count] =                                                                          \
            (sluice_json_entry) {place, (uint32_t) (stop), count + 1, (what), (has_escape), 0};   \
        count += 1;                                                                               \
    } while (0)

#define STRING()                                                                                  \
    do {                                                                                          \
        uint8_t escaped = 0;                                                                      \
        uint32_t close = *note++;                                                                 \
        if (__builtin_expect(place < backslash_end, 0)                                            \
            && !has_good_escapes(bytes + place + 1, bytes + close, &escaped)) {                   \
            return false;                                                                         \
        }                                                                                         \
        PUT(SLUICE_JSON_STRING, escaped, close + 1);                                              \
    } while (0)

#define WORD(what, word, length)                                                                  \
    do {                                                                                          \
        const uint8_t *p = bytes + place;                                                         \
        if (!has_word(p, end, word, length) || !ends_scalar(p + length, end)) return false;       \
        PUT(what, 0, place + length);                                                             \
    } while (0)

#define NUMBER()                                                                                  \
    do {                                                                                          \
        uint8_t kind = SLUICE_JSON_INTEGER;                                                       \
        enum sluice_json_reason reason = SLUICE_JSON_OK;                                          \
        const uint8_t *stop = number(bytes + place, end, &kind, &reason);                         \
        if (reason != SLUICE_JSON_OK || !ends_scalar(stop, end)) return false;                    \
        PUT(kind, 0, stop - bytes);                                                               \
    } while (0)

#define OPEN(what)                                                                                \
    do {                                                                                          \
        if (__builtin_expect(depth == depth_max, 0)) return false;                                \
        entries[count] = (sluice_json_entry) {place, 0, open, (what), 0, 0};                      \
        open = count;                                                                             \
        count += 1;                                                                               \
        depth += 1;                                                                               \
        EXPECT();                                                                                 \
        place = *note++;                                                                          \
    } while (0)

/// The value at `place`, then `after`; once for each place where a value may stand, so that each learns what comes there.
#define VALUE(after)                                                                              \
    if (bytes[place] == '"') {                                                                    \
        STRING();                                                                                 \
        goto after;                                                                               \
    }                                                                                             \
    switch (bytes[place]) {                                                                       \
    case '{':                                                                                     \
        OPEN(SLUICE_JSON_OBJECT);                                                                 \
        goto first_name;                                                                          \
    case '[':                                                                                     \
        OPEN(SLUICE_JSON_ARRAY);                                                                  \
        goto first_element;                                                                       \
    case 't':                                                                                     \
        WORD(SLUICE_JSON_TRUE, "true", 4);                                                        \
        goto after;                                                                               \
    case 'f':                                                                                     \
        WORD(SLUICE_JSON_FALSE, "false", 5);                                                      \
        goto after;                                                                               \
    case 'n':                                                                                     \
        WORD(SLUICE_JSON_NULL, "null", 4);                                                        \
        goto after;                                                                               \
    case '-': case '0': case '1': case '2': case '3': case '4':                                   \
    case '5': case '6': case '7': case '8': case '9':                                             \
        NUMBER();                                                                                 \
        goto after;                                                                               \
    default:                                                                                      \
        return false;                                                                             \
    }

bool sluice_json_scan_index(
    const uint8_t *bytes, size_t size, uint32_t depth_max, sluice_json_tape *tape,
    sluice_json_note_window *note_window)
{
    tape->count = 0;
    if (size == 0 || size >= UINT32_MAX - INDEX_BLOCK) return false;
    const uint8_t *const end = bytes + size;
    sluice_json_index index;
    begin(&index, bytes, size);

    sluice_json_entry *entries = tape->entries;
    uint32_t capacity = tape->capacity;
    uint32_t count = 0, open = NONE, depth = 0, place;
    const uint32_t *note = index.notes, *enough = NULL;
    // A string that begins before this may have a backslash: it is gone over once more.
    uint32_t backslash_end = 0;

    EXPECT();
    place = *note++;
    VALUE(done)

first_name:
    if (bytes[place] == '}') goto close;
name:
    if (bytes[place] != '"') return false;
    STRING();
    place = *note++;
    if (bytes[place] != ':') return false;
    place = *note++;
    VALUE(after_member)

after_member:
    place = *note++;
    if (bytes[place] == ',') {
        EXPECT();
        place = *note++;
        goto name;
    }
    if (bytes[place] != '}') return false;
    goto close;

first_element:
    if (bytes[place] == ']') goto close;
element:
    VALUE(after_element)

after_element:
    place = *note++;
    if (bytes[place] == ',') {
        EXPECT();
        place = *note++;
        goto element;
    }
    if (bytes[place] != ']') return false;

close: {
    sluice_json_entry *entry = &entries[open];
    open = entry->next;
    entry->end = place + 1;
    entry->next = count;
    depth -= 1;
    if (open == NONE) goto done;
    EXPECT();
    if (entries[open].kind == SLUICE_JSON_OBJECT) goto after_member;
    goto after_element;
}

done:
    tape->count = count;
    return is_end(&index, note, note_window);
}
#endif
