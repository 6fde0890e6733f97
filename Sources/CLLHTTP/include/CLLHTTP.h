#ifndef SLUICE_CLLHTTP_H
#define SLUICE_CLLHTTP_H

#if __has_include("/usr/share/include/llhttp/llhttp.h")
#include "/usr/share/include/llhttp/llhttp.h"
#else
#include <llhttp.h>
#endif

#endif
