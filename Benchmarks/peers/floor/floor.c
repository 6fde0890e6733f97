// The floor of what a server can cost: one epoll loop that parses nothing. It counts bytes, and answers once for every
// REQUEST_BYTES of them. Usage: floor PORT REQUEST_BYTES
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 1024, CONNECTIONS_MAX = 65536, READ_MAX = 65536, ANSWERS_MAX = 1024 };

// As long as the answer of sluice to a delivered callback.
static const char answer[] =
    "HTTP/1.1 200 OK\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
    "X-Request-ID: 01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 22\r\n"
    "\r\n"
    "{\"status\":\"delivered\"}";

static size_t received[CONNECTIONS_MAX];
static char incoming[READ_MAX];
static char outgoing[ANSWERS_MAX * (sizeof answer - 1)];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) fail("socket");
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((unsigned short)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(fd, 4096) != 0) fail("listen");
    return fd;
}

static void accept_all(int poll, int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) return;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (fd >= CONNECTIONS_MAX || epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0) close(fd);
        else received[fd] = 0;
    }
}

static void serve(int fd, size_t request_bytes) {
    ssize_t count = read(fd, incoming, sizeof incoming);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        close(fd);
        return;
    }
    if (count < 0) return;
    received[fd] += (size_t)count;
    size_t answers = received[fd] / request_bytes;
    received[fd] -= answers * request_bytes;
    // The load keeps few enough under way that an answer always fits into the socket's buffer.
    if (answers > 0 && write(fd, outgoing, answers * (sizeof answer - 1)) < 0) close(fd);
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: floor PORT REQUEST_BYTES\n");
        return 2;
    }
    size_t request_bytes = strtoul(words[2], NULL, 10);
    if (request_bytes < 64) return 2;
    for (int i = 0; i < ANSWERS_MAX; i++)
        memcpy(outgoing + (size_t)i * (sizeof answer - 1), answer, sizeof answer - 1);
    int listener = listen_on(atoi(words[1])), poll = epoll_create1(0);
    struct epoll_event first = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS_MAX];
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &first) != 0) fail("epoll");
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) accept_all(poll, listener);
            else serve(events[i].data.fd, request_bytes);
        }
    }
}
