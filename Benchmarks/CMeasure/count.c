// Stands before glibc's allocator in the benchmarks and counts, a thread at a time; under a sanitizer, which has an
// allocator of its own, nothing is counted.
#include "CMeasure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread uint64_t count;

uint64_t sluice_allocation_count(void) { return count; }

uint64_t sluice_cpu_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

int sluice_processors(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }

uint64_t sluice_resident_bytes(void) {
    unsigned long whole = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return 0;
    if (fscanf(file, "%lu %lu", &whole, &resident) != 2) resident = 0;
    fclose(file);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t sluice_live_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

int sluice_ask(int port, const uint8_t *request, size_t bytes, size_t times) {
    int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (one < 0) return -errno;
    int failed = connect(one, (struct sockaddr *)&address, sizeof address) != 0;
    setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    char answer[4096];
    for (size_t turn = 0; turn < times && !failed; turn++)
        failed = send(one, request, bytes, MSG_NOSIGNAL) != (ssize_t)bytes || recv(one, answer, sizeof answer, 0) <= 0;
    int code = failed ? -errno : 0;
    close(one);
    return code;
}

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t many, size_t size) {
    count++;
    return __libc_calloc(many, size);
}

void *realloc(void *old, size_t size) {
    count++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    count++;
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}

#endif
