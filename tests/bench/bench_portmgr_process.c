/* SPDX-License-Identifier: MIT */
/* portmgr find as a process: its time from start to end and its memory, in turns with a
 * program that does nothing at all.
 *   bench_portmgr_process PORTMGR */
#define _DEFAULT_SOURCE /* wait4 */
#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURNS = 300 };

extern char **environ;

static void
must(int good, const char *what)
{
    if (!good) {
        perror(what);
        exit(1);
    }
}

/* Started with its output into `out`, or into nothing. */
static pid_t
start(const char *const *argv, int out)
{
    posix_spawn_file_actions_t actions;
    char *copy[16] = {NULL};
    pid_t pid;

    for (size_t i = 0; argv[i]; i++)
        must((copy[i] = strdup(argv[i])) != NULL, "strdup");
    posix_spawn_file_actions_init(&actions);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                         0);
    must(posix_spawnp(&pid, copy[0] ? copy[0] : "", &actions, NULL, copy, environ) == 0,
         argv[0]);
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; copy[i]; i++)
        free(copy[i]);
    return pid;
}

/* The milliseconds it took, and the most memory it had. */
static double
run_ms(const char *const *argv, double *ret_mib)
{
    struct rusage usage;
    int status = 0;
    double begin_s = bench_now_s();

    must(wait4(start(argv, -1), &status, 0, &usage) > 0 && status == 0, argv[0]);
    *ret_mib = (double)usage.ru_maxrss / 1024;
    return (bench_now_s() - begin_s) * 1000;
}

/* One line of a program's output. */
static void
read_port(int fd, char *ret_port, size_t room)
{
    size_t n = 0;
    while (n + 1 < room && read(fd, ret_port + n, 1) == 1 && ret_port[n] != '\n')
        n++;
    ret_port[n] = '\0';
    must(n > 0, "no port");
}

int
main(int argc, char **argv)
{
    double find_ms[TURNS], nothing_ms[TURNS], find_mib = 0, nothing_mib = 0;
    char port[16], held[16];
    int ends[2];

    must(argc == 2, "usage: bench_portmgr_process PORTMGR");
    must(pipe(ends) == 0, "pipe");
    const char *const serve[] = {argv[1], "serve", "--listen", "0", NULL};
    pid_t server = start(serve, ends[1]);
    read_port(ends[0], port, sizeof(port));
    const char *const get[] = {argv[1], "-p", port, "get", "demo", NULL};
    pid_t holder = start(get, ends[1]);
    read_port(ends[0], held, sizeof(held));

    const char *const find[] = {argv[1],     "-p",   port,      "find",
                                "--service", "demo", "--first", NULL};
    const char *const nothing[] = {"true", NULL};
    for (size_t i = 0; i < TURNS; i++) {
        find_ms[i] = run_ms(find, &find_mib);
        nothing_ms[i] = run_ms(nothing, &nothing_mib);
    }
    kill(holder, SIGTERM);
    waitpid(holder, NULL, 0);
    kill(server, SIGTERM);
    while (wait(NULL) > 0)
        ;
    double ms = bench_median(find_ms, TURNS);
    bench_print("portmgr/find-process", "ms", ms, "5 ms", 5, 1, 1);
    bench_print("portmgr/find-over-true", "ms", ms, "true(1), started in turns",
                bench_median(nothing_ms, TURNS), 5, 1);
    bench_print("portmgr/find-memory", "MiB", find_mib, "4 MiB", 4, 1, 1);
    return 0;
}
