#ifndef SLUICE_CHTTPHEAD_H
#define SLUICE_CHTTPHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A place in a head, in bytes from its first.
typedef struct sluice_place {
    uint32_t start, stop;
} sluice_place;

/// Where one header field lies.
typedef struct sluice_field {
    sluice_place name, value;
} sluice_field;

/// What a plain head says.
typedef struct sluice_plain_head {
    /// Its bytes, the empty line at its end included.
    uint32_t count;
    uint32_t fields_count;
    sluice_place target, path;
    /// The query; `start` is UINT32_MAX where there is none.
    sluice_place query;
    /// The value of the first Content-Type; `start` is UINT32_MAX where there is none.
    sluice_place content_type;
    uint32_t content_length;
    /// llhttp's number of the method.
    uint8_t method;
} sluice_plain_head;

/// The bounds of a head.
typedef struct sluice_head_limits {
    /// Where the target ends at the latest, how many bytes lines behind the first may have, and how many fields.
    size_t target_end_max, lines_bytes_max, fields_max;
} sluice_head_limits;

/// Reads a head that is as most heads are: complete, in HTTP/1.1, each line in its usual form, of Host, Content-Length and
/// Content-Type what is beyond doubt, and nothing that changes how the message is framed or the connection goes on.
///
/// False for any other head, also for one that is not in order: that is for llhttp to judge. What is taken here, llhttp takes
/// in the same sense. Never reads outside the bytes; writes at most `limits->fields_max` fields.
bool sluice_plain_head_read(
    const uint8_t *_Nonnull bytes, size_t count, const sluice_head_limits *_Nonnull limits,
    sluice_field *_Nonnull fields, sluice_plain_head *_Nonnull head);

/// Whether two heads of this many bytes are the same.
bool sluice_head_is_same(const uint8_t *_Nonnull one, const uint8_t *_Nonnull other, size_t count);

#endif
