#define _GNU_SOURCE
#include "CProcess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { server_fd = 3 };

static void tell(char kind, int number) {
    uint32_t n = (uint32_t)number;
    unsigned char message[5] = {(unsigned char)kind, n & 255, n >> 8 & 255, n >> 16 & 255, n >> 24 & 255};
    // A server that is gone hears nothing: MSG_NOSIGNAL is not needed, SIGPIPE is blocked.
    ssize_t ignored = write(server_fd, message, sizeof message);
    (void)ignored;
}

/// The parent of a process; 0 where it is gone.
static pid_t parent_of(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    if (count <= 0) return 0;
    text[count] = 0;
    // The name in parentheses may hold anything: what follows its last one is a state and the parent.
    char *end = NULL;
    for (char *c = text; *c; c++)
        if (*c == ')') end = c;
    int parent = 0;
    char state;
    return end && sscanf(end + 1, " %c %d", &state, &parent) == 2 ? parent : 0;
}

/// Kills every child; their children become ours and are met in the next round.
static void kill_children(pid_t program) {
    DIR *processes = opendir("/proc");
    if (!processes) {
        kill(-program, SIGKILL);
        return;
    }
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        pid_t pid = (pid_t)atoi(entry->d_name);
        if (pid > 0 && parent_of(pid) == getpid()) kill(pid, SIGKILL);
    }
    closedir(processes);
}

/// Kills all descendants and reaps them; gives the status of `program` where it is among them.
static int end_all(pid_t program, int status) {
    for (;;) {
        int word;
        pid_t pid = waitpid(-1, &word, WNOHANG);
        if (pid == program) status = word;
        if (pid > 0 || (pid < 0 && errno == EINTR)) continue;
        if (pid < 0) return status;
        kill_children(program);
        // What was killed dies soon: waits for the first of them.
        pid = waitpid(-1, &word, 0);
        if (pid == program) status = word;
    }
}

/// In the new process: becomes the program, or reports why not.
static void become(const char *directory, char *const arguments[], int report, pid_t guard) {
    setpgid(0, 0);
    // The guard is killed by nobody but a person; then the program goes too.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) _exit(127);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int failure[2] = {'c', 0};
    if (!directory || chdir(directory) == 0) {
        failure[0] = 'x';
        execvp(arguments[0], arguments);
    }
    failure[1] = errno;
    ssize_t ignored = write(report, failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

/// Starts the program: its id, or 0 where that failed and was told.
static pid_t start(const char *directory, char *const arguments[]) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    pid_t guard = getpid(), pid = fork();
    if (pid == 0) become(directory, arguments, report[1], guard);
    close(report[1]);
    if (pid < 0) {
        tell('x', errno);
        return 0;
    }
    setpgid(pid, pid);
    int failure[2];
    ssize_t count;
    do count = read(report[0], failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count == sizeof failure) {
        tell((char)failure[0], failure[1]);
        waitpid(pid, NULL, 0);
        return 0;
    }
    tell('s', (int)pid);
    return pid;
}

/// Obeys the server until the program has ended: its status.
static int watch(pid_t program, int signals) {
    struct pollfd waits[2] = {{server_fd, POLLIN, 0}, {signals, POLLIN, 0}};
    for (;;) {
        int word;
        for (pid_t pid; (pid = waitpid(-1, &word, WNOHANG)) > 0;)
            if (pid == program) return end_all(program, word);
        if (poll(waits, 2, -1) < 0) continue;
        if (waits[1].revents) {
            struct signalfd_siginfo info;
            ssize_t ignored = read(signals, &info, sizeof info);
            (void)ignored;
        }
        if (!waits[0].revents) continue;
        char command;
        ssize_t count = read(server_fd, &command, 1);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count == 1 && command == 't') {
            kill(-program, SIGTERM);
            continue;
        }
        return end_all(program, SIGKILL);
    }
}

int sluice_guard(const char *directory, char *const arguments[]) {
    if (fcntl(server_fd, F_SETFD, FD_CLOEXEC) != 0) return 1;
#ifdef SYS_close_range
    syscall(SYS_close_range, 4, ~0U, 0);
#endif
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Everything but SIGKILL is left to the server, which tells what is to be done.
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    int signals = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) return 1;
    pid_t program = start(directory, arguments);
    if (program <= 0) return program < 0;
    // Its pipes are the program's alone, so that they end when it and its descendants do.
    for (int fd = 0; fd < 3; fd++) close(fd);
    int status = watch(program, signals);
    if (WIFEXITED(status))
        tell('e', WEXITSTATUS(status));
    else
        tell('g', WTERMSIG(status));
    return 0;
}
