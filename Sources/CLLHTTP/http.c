// Debian 12 ships llhttp as sources: each is compiled by a file of its own (as one unit they do not compile).
#if __has_include("/usr/share/llhttp/http.c")
#include "/usr/share/llhttp/http.c"
#endif
