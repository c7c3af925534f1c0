#pragma once

#include <zlib.h>

// zlib's initializers are macros, which Swift does not see.

/// Begins to compress in the gzip format.
static inline int czlib_begin_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Begins to inflate what is in the gzip or the zlib format, by its first bytes.
static inline int czlib_begin_inflate(z_stream *stream) {
    return inflateInit2(stream, 15 + 32);
}
