// The first stage of the scanner in two stages: what it goes on with, and what it noted.
#ifndef SLUICE_SCAN_INDEX_H
#define SLUICE_SCAN_INDEX_H

#include "CJSONScan.h"

#if defined(__x86_64__)
#define SLUICE_HAS_INDEX 1

enum {
    INDEX_BLOCK = 64,
    INDEX_WINDOW_BLOCKS = 16,
    /// How far ahead of its blocks the first stage asks for the text.
    INDEX_AHEAD = 2048,
    /// Notes that are kept when a window ends, so that the second stage need not look for the end with each.
    INDEX_NOTES_KEPT = 8
};

/// What the first stage knows of a text so far.
typedef struct {
    const uint8_t *bytes;
    /// What of the text is not noted yet.
    const uint8_t *next, *end;
    /// Whether the last block ended inside a string (all bits or none), with a backslash that escapes, or inside a number
    /// or word.
    uint64_t in_string, is_escaped, in_scalar;
    /// Control characters in strings: none in a text that is in order.
    uint64_t controls;
    /// The last bytes, for the check of UTF-8, those of them that begin a character which is not complete, and the faults.
    uint8_t before[32], unfinished[32], faults[32];
    /// Where the last block with a backslash ends, of all that were noted: a string that begins behind it has none. Not a
    /// flag of the window noted last, because a note may be used many windows after it was taken.
    uint32_t backslash_end;
    /// How many places are noted, how many of them may be used before more are to be noted, and which they are.
    uint32_t count, enough;
    uint32_t notes[INDEX_NOTES_KEPT + INDEX_WINDOW_BLOCKS * INDEX_BLOCK + INDEX_BLOCK];
} sluice_json_index;

/// Notes up to a window's worth of blocks behind what is noted already; nothing where the text has ended.
typedef void sluice_json_note_window(sluice_json_index *self);

/// With AVX2, BMI, POPCNT and PCLMULQDQ.
sluice_json_note_window sluice_json_note_window_avx2;
/// With AVX-512 as processors of the kind of Ice Lake and Zen 4 have it, besides.
sluice_json_note_window sluice_json_note_window_avx512;

/// Checks a text and writes its tape as ``sluice_json_scan`` does, in two stages; true where it is in order.
///
/// Where it is false, what is wrong is for another scanner to say.
bool sluice_json_scan_index(
    const uint8_t *bytes, size_t size, uint32_t depth_max, sluice_json_tape *tape,
    sluice_json_note_window *note_window);
#endif

#endif
