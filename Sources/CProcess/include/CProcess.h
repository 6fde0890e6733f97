#ifndef SLUICE_CPROCESS_H
#define SLUICE_CPROCESS_H

/// Stands between a server and a program that the server wants run; returns when the program and all its
/// descendants are gone.
///
/// Descriptor 3 is a socket to the server. The guard writes messages of five bytes to it, a letter and a
/// little-endian number: `s` the program has started (its process id), `c` its directory cannot be entered (errno), `x` it
/// cannot be started (errno), `e` it ended by itself (exit code), `g` a signal ended it (signal). The server writes single letters: `t` asks the
/// program's process group to end (SIGTERM), `k` kills all descendants. The end of the socket kills them too.
///
/// - Parameters:
///   - directory: Where the program runs; NULL for here.
///   - arguments: The program, looked for in PATH, and its arguments; ends with NULL.
/// - Returns: 0, or 1 where there is no descriptor 3 or no process to be had.
int sluice_guard(const char *directory, char *const arguments[]);

/// Has the process end with exit code 1 and a sentence that names the file when a page of a mapped file cannot be had (SIGBUS).
///
/// - Returns: 0, or -1 where the system refuses.
int sluice_end_at_mapped_fault(void);

#endif
