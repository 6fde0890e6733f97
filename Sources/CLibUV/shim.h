#ifndef SLUICE_CLIBUV_SHIM_H
#define SLUICE_CLIBUV_SHIM_H

// No _GNU_SOURCE: it would give the C library's types another shape than in the other C rooms.
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

/// Makes a stream socket bound to an address: its descriptor, or a negative errno.
static inline int sluice_bind(const struct sockaddr *address, socklen_t length, int reuse_port) {
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int fd = socket(address->sa_family, type, 0);
    if (fd < 0) return -errno;
    int on = 1;
    int failed = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0;
    if (!failed && reuse_port)
        failed = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0;
    // Accepted sockets inherit it: no system call per connection.
    if (!failed) failed = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0;
    if (!failed) failed = bind(fd, address, length) != 0;
    if (failed) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/// Begins to listen: 0, or a negative errno.
static inline int sluice_listen(int fd, int backlog) {
    return listen(fd, backlog) != 0 ? -errno : 0;
}

/// Makes a socket that begins to connect to an address without blocking: its descriptor, or a negative errno.
static inline int sluice_open_connection(const struct sockaddr *address, socklen_t length) {
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int on = 1;
    int failed = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0;
    if (!failed) failed = connect(fd, address, length) != 0 && errno != EINPROGRESS;
    if (failed) {
        int error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

/// Accepts one connection without blocking: its descriptor, or a negative errno.
static inline int sluice_accept(int fd, struct sockaddr_storage *peer) {
    for (;;) {
        socklen_t length = sizeof *peer;
        long got = syscall(SYS_accept4, fd, (struct sockaddr *)peer, &length,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (got >= 0) return (int)got;
        if (errno != EINTR && errno != ECONNABORTED) return -errno;
    }
}

/// The family, bytes (network order, IPv4 in the first four) and port (host order) of an address.
static inline int sluice_address_parts(const struct sockaddr_storage *address,
                                       unsigned char bytes[16], uint16_t *port) {
    memset(bytes, 0, 16);
    *port = 0;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        memcpy(bytes, &v4->sin_addr, 4);
        *port = ntohs(v4->sin_port);
        return 4;
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        memcpy(bytes, &v6->sin6_addr, 16);
        *port = ntohs(v6->sin6_port);
        return 6;
    }
    return 0;
}

/// Writes an IPv6 address as text: 0, or a negative code.
static inline int sluice_ipv6_text(const void *address, unsigned char *text, size_t size) {
    return uv_inet_ntop(AF_INET6, address, (char *)text, size);
}

/// Reads the addresses of this machine's interfaces without loopback: how many of at most `max`, or a negative code.
static inline int sluice_own_addresses(struct sockaddr_storage *found, int max) {
    uv_interface_address_t *all = NULL;
    int count = 0, taken = 0;
    int code = uv_interface_addresses(&all, &count);
    if (code < 0) return code;
    for (int i = 0; i < count && taken < max; i++) {
        if (all[i].is_internal) continue;
        memset(&found[taken], 0, sizeof found[taken]);
        if (all[i].address.address4.sin_family == AF_INET)
            memcpy(&found[taken], &all[i].address.address4, sizeof(struct sockaddr_in));
        else
            memcpy(&found[taken], &all[i].address.address6, sizeof(struct sockaddr_in6));
        taken++;
    }
    uv_free_interface_addresses(all, count);
    return taken;
}

/// Sets the port (host order) of an IPv4 or IPv6 address.
static inline void sluice_set_port(struct sockaddr_storage *address, uint16_t port) {
    if (address->ss_family == AF_INET)
        ((struct sockaddr_in *)address)->sin_port = htons(port);
    else if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
}

/// The port a socket is bound to, or a negative errno.
static inline int sluice_bound_port(int fd) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return -errno;
    unsigned char bytes[16];
    uint16_t port;
    sluice_address_parts(&address, bytes, &port);
    return port;
}

/// The first stream address a name stands for, IPv4 before IPv6: 0, or an EAI error.
static inline int sluice_resolve(const char *host, uint16_t port,
                                 struct sockaddr_storage *address, socklen_t *length) {
    struct addrinfo hints, *found = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    int error = getaddrinfo(host, NULL, &hints, &found);
    if (error != 0) return error;
    const struct addrinfo *best = NULL;
    for (const struct addrinfo *entry = found; entry != NULL; entry = entry->ai_next) {
        if (entry->ai_addrlen > sizeof *address) continue;
        if (best == NULL || (best->ai_family != AF_INET && entry->ai_family == AF_INET))
            best = entry;
    }
    if (best != NULL) {
        memset(address, 0, sizeof *address);
        memcpy(address, best->ai_addr, best->ai_addrlen);
        *length = best->ai_addrlen;
        sluice_set_port(address, port);
    }
    freeaddrinfo(found);
    return best == NULL ? EAI_NONAME : 0;
}

/// Begins to connect to a loopback address: 0, or a negative code.
static inline int sluice_connect(uv_connect_t *request, uv_tcp_t *tcp, const char *host, int port,
                                 uv_connect_cb done) {
    struct sockaddr_storage address;
    int is_v6 = strchr(host, ':') != NULL;
    int code = is_v6 ? uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address)
                     : uv_ip4_addr(host, port, (struct sockaddr_in *)&address);
    if (code != 0) return code;
    return uv_tcp_connect(request, tcp, (const struct sockaddr *)&address, done);
}

/// Reads the beginning of a small file: the count of bytes, or a negative errno.
static inline long sluice_read_start(const char *path, unsigned char *bytes, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    long count = read(fd, bytes, size);
    int error = errno;
    close(fd);
    return count < 0 ? -error : count;
}

/// Names the calling thread; what is over 15 bytes is cut off.
static inline void sluice_name_thread(const char *name) {
    // Fails only for a bad address.
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

/// Raises the limit of open files to the hard limit: the limit now in force, or a negative errno.
static inline long sluice_raise_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    if (limit.rlim_cur != limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    }
    return limit.rlim_cur > 0x7fffffff ? 0x7fffffff : (long)limit.rlim_cur;
}

/// How many files the process may have open, or a negative errno.
static inline long sluice_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    return limit.rlim_cur > 0x7fffffff ? 0x7fffffff : (long)limit.rlim_cur;
}

/// Makes a write to a closed pipe or socket an error instead of a signal: 0, or a negative errno.
static inline int sluice_ignore_sigpipe(void) {
    return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -errno : 0;
}

/// How many processors this process may run on, at least 1.
static inline int sluice_affinity_count(void) {
    unsigned char mask[1024];
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long i = 0; i < size; i++) count += __builtin_popcount(mask[i]);
    return count > 0 ? count : 1;
}

#endif
