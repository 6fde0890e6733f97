#define _GNU_SOURCE
#include "CProcess.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

// The kernel answers an access to a mapped file with SIGBUS when the page cannot be read from the disk or no block can be
// had for it. The thread that met it has no way to go on, and nothing after it may believe what the mapping holds: the process ends
// at once, with a sentence instead of a core dump. Only what POSIX allows in a signal handler is called here.

enum { PATH_MAX_SHOWN = 512 };

/// A line of /proc/self/maps, read byte by byte: `start-end perms offset device inode   path`.
struct line {
    uintptr_t start, end;
    int field;
    size_t count;
    char path[PATH_MAX_SHOWN];
};

static void put(const char *text, size_t count) {
    while (count > 0) {
        ssize_t written = write(STDERR_FILENO, text, count);
        if (written <= 0) return;
        text += written;
        count -= (size_t)written;
    }
}

static uintptr_t digit(char byte) {
    if (byte >= '0' && byte <= '9') return (uintptr_t)(byte - '0');
    if (byte >= 'a' && byte <= 'f') return (uintptr_t)(byte - 'a' + 10);
    return 0;
}

static void take(struct line *line, char byte) {
    switch (line->field) {
    case 0:
        if (byte == '-') line->field = 1;
        else line->start = line->start << 4 | digit(byte);
        return;
    case 1:
        if (byte == ' ') line->field = 2;
        else line->end = line->end << 4 | digit(byte);
        return;
    case 2:
        // Paths are absolute; nothing before one has a slash.
        if (byte != '/') return;
        line->field = 3;
        // fallthrough
    default:
        if (line->count < PATH_MAX_SHOWN) line->path[line->count++] = byte;
    }
}

/// Finds the file that is mapped at an address; 0 where none is.
static size_t find(uintptr_t address, struct line *line) {
    int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0) return 0;
    char bytes[1024];
    ssize_t count;
    size_t found = 0;
    memset(line, 0, sizeof *line);
    while (found == 0 && (count = read(maps, bytes, sizeof bytes)) > 0) {
        for (ssize_t index = 0; index < count && found == 0; index++) {
            if (bytes[index] != '\n') {
                take(line, bytes[index]);
            } else if (line->start <= address && address < line->end) {
                if (line->count == 0) break;
                found = line->count;
            } else {
                memset(line, 0, sizeof *line);
            }
        }
    }
    close(maps);
    return found;
}

static void on_bus(int signal_number, siginfo_t *info, void *context) {
    (void)context;
    struct line line;
    size_t count = find((uintptr_t)info->si_addr, &line);
    if (count == 0) {
        // No file's page: a fault of the program. It happens again, and ends the process as it would have.
        signal(signal_number, SIG_DFL);
        return;
    }
    static const char before[] = "sluice: The file ";
    static const char after[] = " cannot be used any more: its disk is full or failing. "
                                "What was acknowledged is in the log of the store; start the server again.\n";
    put(before, sizeof before - 1);
    put(line.path, count);
    put(after, sizeof after - 1);
    _exit(1);
}

int sluice_end_at_mapped_fault(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_bus;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGBUS, &action, NULL);
}
