// The least that a durable callback can take on this disk: a record is written behind the last one and synced, and then
// the next one. The file is filled before, as a log's is that uses its files again: then a sync writes the record alone
// and not the file's length too. Usage: append FILE BYTES SECONDS; prints how many it wrote, and how long one took, as JSON.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILE_BYTES = 64 << 20, PIECE_BYTES = 1 << 20, APPENDS_MAX = 1 << 20 };

static char piece[PIECE_BYTES];
static int64_t taken[APPENDS_MAX];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int by_length(const void *one, const void *other) {
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void fill(int fd) {
    for (off_t place = 0; place < FILE_BYTES; place += PIECE_BYTES)
        if (pwrite(fd, piece, PIECE_BYTES, place) != PIECE_BYTES) fail("fill");
    if (fsync(fd) != 0) fail("fsync");
}

int main(int count, char **words) {
    size_t bytes = count == 4 ? strtoul(words[2], NULL, 10) : 0;
    double seconds = count == 4 ? strtod(words[3], NULL) : 0;
    if (bytes == 0 || bytes > PIECE_BYTES || seconds <= 0) {
        fprintf(stderr, "usage: append FILE BYTES SECONDS\n");
        return 2;
    }
    int fd = open(words[1], O_RDWR | O_CREAT, 0600);
    if (fd < 0) fail("open");
    if (lseek(fd, 0, SEEK_END) < FILE_BYTES) fill(fd);
    memset(piece, 'r', bytes);
    off_t place = 0;
    size_t appends = 0;
    int64_t began = now(), end = began + (int64_t)(seconds * 1e9), last = began;
    while (last < end && appends < APPENDS_MAX) {
        if (place + (off_t)bytes > FILE_BYTES) place = 0;
        if (pwrite(fd, piece, bytes, place) != (ssize_t)bytes) fail("pwrite");
        if (fdatasync(fd) != 0) fail("fdatasync");
        place += (off_t)bytes;
        int64_t done = now();
        taken[appends++] = done - last;
        last = done;
    }
    qsort(taken, appends, sizeof *taken, by_length);
    printf("{\"appends\": %zu, \"per_second\": %.1f, \"p50_ns\": %lld, \"p99_ns\": %lld, \"max_ns\": %lld}\n", appends,
           (double)appends * 1e9 / (double)(last - began), (long long)taken[appends / 2],
           (long long)taken[appends * 99 / 100], (long long)taken[appends - 1]);
}
