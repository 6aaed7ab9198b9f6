/* SPDX-License-Identifier: MIT */
/* Whole runs of ldmsc, against stand-ins in a process of their own: one request, a script
 * of 1,000 commands, 1,000 daemons. Each is held against what the project allows it, in
 * time and in resident memory; one request also against a process that does nothing. */
#define _DEFAULT_SOURCE /* wait4 */
#include "bench/bench.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 51, DAEMONS = 1000, COMMANDS = 1000 };

struct outcome {
    double seconds, peak_kib;
};

static void
quit(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

/* Run it to its end, its output thrown away. */
static struct outcome
run(char *const argv[])
{
    struct rusage usage;
    int status;
    double begin_s = bench_now_s();
    pid_t child = fork();

    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 1) < 0)
            _exit(127);
        execv(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        quit("a run failed");
    return (struct outcome){bench_now_s() - begin_s, (double)usage.ru_maxrss};
}

/* The median of several runs, and the most memory of any. */
static struct outcome
run_often(char *const argv[], size_t runs)
{
    double seconds[RUNS];
    struct outcome o = {0};

    for (size_t i = 0; i < runs; i++) {
        struct outcome one = run(argv);
        seconds[i] = one.seconds;
        o.peak_kib = one.peak_kib > o.peak_kib ? one.peak_kib : o.peak_kib;
    }
    o.seconds = bench_median(seconds, runs);
    return o;
}

/* Stand-ins, and the ports they tell; each as ":PORT". */
static pid_t
serve(char *tool, char *count, char ports[][16], size_t n)
{
    int ends[2];
    char line[128];

    if (pipe(ends) < 0)
        quit("no pipe");
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], 1);
        execl(tool, tool, "serve", "--listen", "0", "--count", count, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *told = fdopen(ends[0], "r");
    for (size_t i = 0; i < n; i++) {
        if (!told || !fgets(line, sizeof(line), told))
            quit("the stand-in does not listen");
        line[strcspn(line, "\n")] = '\0';
        snprintf(ports[i], sizeof(ports[i]), "%.15s", strrchr(line, ':'));
    }
    (void)fclose(told);
    return child;
}

static void
write_files(const char *script, const char *hosts, char ports[][16])
{
    FILE *s = fopen(script, "w"), *h = fopen(hosts, "w");

    if (!s || !h)
        quit("cannot write");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(s,
                "prdcr_add name=n%d type=active xprt=sock host=h port=1 reconnect=1s\n",
                i);
    for (int i = 0; i < DAEMONS; i++)
        fprintf(h, "127.0.0.1%s\n", ports[i]);
    if (fclose(s) != 0 || fclose(h) != 0)
        quit("cannot write");
}

int
main(int argc, char **argv)
{
    static char ports[DAEMONS][16];
    char folder[] = "/tmp/ldmsc-bench-XXXXXX", script[64], hosts[64], count[16];
    char nothing[] = "/bin/true";

    if (argc < 2 || !mkdtemp(folder))
        quit("usage: bench_ldmsctl_process LDMSC");
    char *tool = argv[1];
    snprintf(count, sizeof(count), "%d", DAEMONS);
    pid_t daemons = serve(tool, count, ports, DAEMONS);
    snprintf(script, sizeof(script), "%s/script", folder);
    snprintf(hosts, sizeof(hosts), "%s/hosts", folder);
    write_files(script, hosts, ports);

    char host_option[] = "-h", host[] = "127.0.0.1", port_option[] = "-p";
    char hosts_option[] = "--hosts", status[] = "daemon_status", source[] = "source";
    char *ask[] = {tool, host_option, host, port_option, ports[0] + 1, status, NULL};
    char *run_script[] = {tool,         host_option, host,   port_option,
                          ports[1] + 1, source,      script, NULL};
    char *sweep[] = {tool, hosts_option, hosts, status, NULL};
    char *idle[] = {nothing, NULL};

    struct outcome floor = run_often(idle, RUNS), one = run_often(ask, RUNS);
    struct outcome scripted = run(run_script), all = run_often(sweep, 5);
    kill(daemons, SIGTERM);
    (void)waitpid(daemons, NULL, 0);
    (void)unlink(script);
    (void)unlink(hosts);
    (void)rmdir(folder);

    bench_print("ldmsc daemon_status", "ms", one.seconds * 1e3, "10 ms", 10, 1, 1);
    bench_print("ldmsc daemon_status beside a process that does nothing", "ms",
                one.seconds * 1e3, "/bin/true", floor.seconds * 1e3, 10, 1);
    bench_print("ldmsc daemon_status, resident", "MiB", one.peak_kib / 1024, "6 MiB", 6,
                1, 1);
    bench_print("ldmsc source, 1,000 prdcr_add", "ms", scripted.seconds * 1e3, "200 ms",
                200, 1, 1);
    bench_print("ldmsc --hosts, 1,000 daemons, resident", "MiB", all.peak_kib / 1024,
                "64 MiB", 64, 1, 1);
    bench_print("ldmsc --hosts, 1,000 daemons", "ms", all.seconds * 1e3,
                "as many runs of daemon_status", one.seconds * 1e3 * DAEMONS, 0.2, 1);
    return 0;
}
