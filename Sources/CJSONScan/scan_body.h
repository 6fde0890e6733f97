// The scanner itself, included once for each kind of instructions: SCAN_NAME with SCAN_LINKAGE,
// over SCAN_STRING and SCAN_WHITESPACE.
//
// No recursion: while a container is open, the `next` of its entry holds the index of the container
// around it. `NONE` marks the outermost. All state is in local variables so that it stays in registers.

#define NONE UINT32_MAX

#define FAIL(why, at) return (sluice_json_outcome) {(why), (size_t) ((at) - bytes)}
#define FAIL_HERE(why) FAIL(p < end ? (why) : SLUICE_JSON_UNEXPECTED_END, p)

#define SKIP_WHITESPACE()                                              \
    do {                                                               \
        if (p < end && *p <= ' ') p = SCAN_WHITESPACE(p, end);         \
    } while (0)

#define PUSH(what)                                                     \
    do {                                                               \
        if (__builtin_expect(count == capacity, 0)) {                  \
            tape->count = count;                                       \
            if (!tape->grow(tape)) FAIL(SLUICE_JSON_NO_MEMORY, p);     \
            entries = tape->entries;                                   \
            capacity = tape->capacity;                                 \
        }                                                              \
        entry = &entries[count];                                       \
        entry->start = (uint32_t) (p - bytes);                         \
        entry->kind = (what);                                          \
        entry->escaped = 0;                                            \
        entry->unused = 0;                                             \
        count += 1;                                                    \
    } while (0)

#define FINISH()                                                       \
    do {                                                               \
        entry->end = (uint32_t) (p - bytes);                           \
        entry->next = count;                                           \
    } while (0)

#define STRING()                                                       \
    do {                                                               \
        PUSH(SLUICE_JSON_STRING);                                      \
        const uint8_t *stop =                                          \
            SCAN_STRING(p + 1, end, &entry->escaped, &reason);         \
        if (__builtin_expect(reason != SLUICE_JSON_OK, 0)) FAIL(reason, stop); \
        p = stop;                                                      \
        FINISH();                                                      \
    } while (0)

SCAN_LINKAGE sluice_json_outcome SCAN_NAME(
    const uint8_t *bytes, size_t size, uint32_t depth_max, sluice_json_tape *tape)
{
    tape->count = 0;
    if (size == 0) return (sluice_json_outcome) {SLUICE_JSON_UNEXPECTED_END, 0};
    if (size >= UINT32_MAX) return (sluice_json_outcome) {SLUICE_JSON_TOO_LARGE, 0};

    const uint8_t *p = bytes;
    const uint8_t *const end = bytes + size;
    sluice_json_entry *entries = tape->entries;
    uint32_t capacity = tape->capacity;
    uint32_t count = 0;
    uint32_t open = NONE;
    uint32_t depth = 0;
    sluice_json_entry *entry;
    enum sluice_json_reason reason = SLUICE_JSON_OK;

    if (size >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF) p += 3;

value:
    SKIP_WHITESPACE();
value_here:
    if (p == end) FAIL(SLUICE_JSON_UNEXPECTED_END, p);
    switch (*p) {
    case '"':
        STRING();
        goto after_value;
    case '{':
        if (depth == depth_max) FAIL(SLUICE_JSON_TOO_DEEP, p);
        PUSH(SLUICE_JSON_OBJECT);
        entry->next = open;
        open = count - 1;
        depth += 1;
        p += 1;
        SKIP_WHITESPACE();
        if (p < end && *p == '}') goto close;
        goto name;
    case '[':
        if (depth == depth_max) FAIL(SLUICE_JSON_TOO_DEEP, p);
        PUSH(SLUICE_JSON_ARRAY);
        entry->next = open;
        open = count - 1;
        depth += 1;
        p += 1;
        SKIP_WHITESPACE();
        if (p < end && *p == ']') goto close;
        goto value_here;
    case 't':
        PUSH(SLUICE_JSON_TRUE);
        if (!has_word(p, end, "true", 4)) FAIL(SLUICE_JSON_BAD_LITERAL, p);
        p += 4;
        FINISH();
        goto after_value;
    case 'f':
        PUSH(SLUICE_JSON_FALSE);
        if (!has_word(p, end, "false", 5)) FAIL(SLUICE_JSON_BAD_LITERAL, p);
        p += 5;
        FINISH();
        goto after_value;
    case 'n':
        PUSH(SLUICE_JSON_NULL);
        if (!has_word(p, end, "null", 4)) FAIL(SLUICE_JSON_BAD_LITERAL, p);
        p += 4;
        FINISH();
        goto after_value;
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': {
        PUSH(SLUICE_JSON_INTEGER);
        const uint8_t *stop = scan_number(p, end, &entry->kind, &reason);
        if (__builtin_expect(reason != SLUICE_JSON_OK, 0)) FAIL(reason, stop);
        p = stop;
        FINISH();
        goto after_value;
    }
    default:
        FAIL(SLUICE_JSON_UNEXPECTED_BYTE, p);
    }

name:
    if (p == end || *p != '"') FAIL_HERE(SLUICE_JSON_UNEXPECTED_BYTE);
    STRING();
    SKIP_WHITESPACE();
    if (p == end || *p != ':') FAIL_HERE(SLUICE_JSON_UNEXPECTED_BYTE);
    p += 1;
    goto value;

after_value:
    if (open == NONE) goto done;
    SKIP_WHITESPACE();
    if (p == end) FAIL(SLUICE_JSON_UNEXPECTED_END, p);
    if (*p == ',') {
        p += 1;
        if (entries[open].kind == SLUICE_JSON_ARRAY) goto value;
        SKIP_WHITESPACE();
        goto name;
    }
    if (*p != (entries[open].kind == SLUICE_JSON_ARRAY ? ']' : '}')) {
        FAIL(SLUICE_JSON_UNEXPECTED_BYTE, p);
    }

close:
    p += 1;
    entry = &entries[open];
    open = entry->next;
    depth -= 1;
    FINISH();
    goto after_value;

done:
    SKIP_WHITESPACE();
    if (p != end) FAIL(SLUICE_JSON_TRAILING_BYTES, p);
    tape->count = count;
    return (sluice_json_outcome) {SLUICE_JSON_OK, size};
}

#undef NONE
#undef FAIL
#undef FAIL_HERE
#undef SKIP_WHITESPACE
#undef PUSH
#undef FINISH
#undef STRING
