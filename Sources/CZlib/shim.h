#ifndef SLUICE_CZLIB_SHIM_H
#define SLUICE_CZLIB_SHIM_H

#include <zlib.h>

/* inflateInit2 and deflateInit2 are macros, which Swift does not see. */

static inline int sluice_inflate_init(z_stream *stream, int window_bits)
{
    return inflateInit2(stream, window_bits);
}

static inline int sluice_deflate_init(z_stream *stream, int window_bits)
{
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}

#endif
