#include "pages.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define REGION_BYTES ((size_t)2 << 20)

/// A page that nobody has; its first bytes lead to the next one.
typedef struct free_page {
    struct free_page *next;
} free_page;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static free_page *given;
static uint8_t *region, *region_end;

/// Begins a new region; false where the system has no memory.
static int begin_region(void)
{
    // Twice the size, of which the part around the aligned region is given back.
    uint8_t *place = mmap(
        NULL, 2 * REGION_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return 0;
    size_t before = -(uintptr_t)place & (REGION_BYTES - 1);
    if (before > 0) munmap(place, before);
    munmap(place + before + REGION_BYTES, REGION_BYTES - before);
    region = place + before;
    region_end = region + REGION_BYTES;
    // Only asked for: without huge pages everything works, a little slower.
    madvise(region, REGION_BYTES, MADV_HUGEPAGE);
    return 1;
}

void *sluice_page_take(void)
{
    void *page = NULL;
    pthread_mutex_lock(&lock);
    if (given != NULL) {
        page = given;
        given = given->next;
    } else if (region != region_end || begin_region()) {
        page = region;
        region += SLUICE_PAGE_BYTES;
    }
    pthread_mutex_unlock(&lock);
    return page;
}

void sluice_page_give(void *page)
{
    free_page *freed = page;
    pthread_mutex_lock(&lock);
    freed->next = given;
    given = freed;
    pthread_mutex_unlock(&lock);
}
