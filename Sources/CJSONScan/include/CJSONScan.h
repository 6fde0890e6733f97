#ifndef SLUICE_CJSONSCAN_H
#define SLUICE_CJSONSCAN_H
#include <stddef.h>
#endif
