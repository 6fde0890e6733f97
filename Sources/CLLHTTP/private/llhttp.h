// The sources under /usr/share/llhttp say `#include "llhttp.h"`; this hands them the installed header.
#pragma once
#if __has_include("/usr/share/include/llhttp/llhttp.h")
#include "/usr/share/include/llhttp/llhttp.h"
#else
#include_next <llhttp.h>
#endif
