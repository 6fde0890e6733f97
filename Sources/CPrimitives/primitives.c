#define _GNU_SOURCE
#include "CPrimitives.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

unsigned sluice_thread_number(void) {
    static unsigned threads;
    static _Thread_local unsigned number;
    if (number == 0) number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    return number;
}

void sluice_be_nice(int niceness) {
    // On Linux this is a matter of each thread.
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), niceness);
}
