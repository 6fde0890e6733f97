#ifndef SLUICE_CCURL_SHIM_H
#define SLUICE_CCURL_SHIM_H

#include <curl/curl.h>
#include <errno.h>

// Swift cannot call variadic functions: one wrapper per kind of argument. The options are checked by libcurl at
// run time; each caller passes the kind its option documents.

/// Sets an option that takes a long.
static inline CURLcode sluice_easy_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

/// Sets an option that takes a curl_off_t.
static inline CURLcode sluice_easy_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

/// Sets an option that takes a text, which libcurl copies.
static inline CURLcode sluice_easy_set_text(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

/// Sets an option that takes a pointer, which libcurl keeps.
static inline CURLcode sluice_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

/// What both the body's and the headers' callback look like.
typedef size_t (*sluice_data_callback)(char *data, size_t size, size_t count, void *context);

/// Sets an option that takes a callback for data.
static inline CURLcode sluice_easy_set_data_callback(CURL *easy, CURLoption option,
                                                     sluice_data_callback callback) {
    return (curl_easy_setopt)(easy, option, callback);
}

/// Asks a finished transfer for a long.
static inline CURLcode sluice_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

/// Asks a transfer for a count of microseconds.
static inline CURLcode sluice_easy_get_size(CURL *easy, CURLINFO info, curl_off_t *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

/// Asks a transfer for a pointer or a text that it keeps.
static inline CURLcode sluice_easy_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return (curl_easy_getinfo)(easy, info, value);
}

/// Sets an option of a multi handle that takes a long.
static inline CURLMcode sluice_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

/// Sets an option of a multi handle that takes a pointer.
static inline CURLMcode sluice_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return (curl_multi_setopt)(multi, option, value);
}

/// Sets what is called when a descriptor is to be watched.
static inline CURLMcode sluice_multi_set_socket_callback(CURLM *multi,
                                                         curl_socket_callback callback) {
    return (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

/// Sets what is called when a time is to be waited for.
static inline CURLMcode sluice_multi_set_timer_callback(CURLM *multi,
                                                        curl_multi_timer_callback callback) {
    return (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/// Whether name servers are asked without blocking the caller.
static inline int sluice_curl_resolves_in_background(void) {
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS) != 0;
}

/// The easy handle of a message that says a transfer is done; null for another message.
static inline CURL *sluice_message_done(const CURLMsg *message, CURLcode *result) {
    if (message->msg != CURLMSG_DONE) return NULL;
    *result = message->data.result;
    return message->easy_handle;
}

#endif
