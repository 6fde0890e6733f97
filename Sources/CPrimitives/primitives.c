#include "CPrimitives.h"

unsigned sluice_thread_number(void) {
    static unsigned threads;
    static _Thread_local unsigned number;
    if (number == 0) number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    return number;
}
