/* SPDX-License-Identifier: MIT */
/* The log file of an agent: stderr, with a head and a tail. */
#include <pcp/pmda.h>

#include <stdbool.h>

static FILE *log_file;

static const char *
date_now(char *buf, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;

    localtime_r(&now, &tm);
    if (strftime(buf, size, "%a %b %e %H:%M:%S %Y", &tm) == 0)
        buf[0] = '\0';
    return buf;
}

static void
end_log(void)
{
    char date[64];

    if (log_file) {
        fprintf(log_file, "\nLog finished %s\n", date_now(date, sizeof(date)));
        fflush(log_file);
    }
}

/* The log of the last run stays beside it, as PATH.prev; a device or a pipe stays where it
 * is. */
static bool
redirect(const char *path, FILE *old)
{
    char previous[MAXPATHLEN];
    struct stat st;
    bool is_special = stat(path, &st) == 0 && !S_ISREG(st.st_mode);

    if (!is_special && (size_t)snprintf(previous, sizeof(previous), "%s.prev", path) <
                           sizeof(previous))
        (void)rename(path, previous);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOCTTY, 0644);
    if (fd < 0)
        return false;
    bool ok = dup2(fd, fileno(old)) >= 0;
    if (fd != fileno(old))
        close(fd);
    return ok;
}

FILE *
pmOpenLog(const char *program, const char *path, FILE *old, int *ret_ok)
{
    static int registered;
    char host[MAXHOSTNAMELEN + 1] = "", date[64];

    fflush(old);
    *ret_ok = !path || strcmp(path, "-") == 0 || redirect(path, old);
    if (!*ret_ok) {
        pmprintf("%s: cannot open log \"%s\" for writing : %s\n", program, path,
                 strerror(errno));
        pmflush();
    }
    setvbuf(old, NULL, _IOLBF, BUFSIZ);
    if (gethostname(host, sizeof(host) - 1) != 0)
        snprintf(host, sizeof(host), "localhost");
    fprintf(old, "Log for %s on %s started %s\n\n", program, host,
            date_now(date, sizeof(date)));
    log_file = old;
    if (!registered && atexit(end_log) == 0)
        registered = 1;
    return old;
}

void
pmdaOpenLog(pmdaInterface *dispatch)
{
    int ok;

    if (dispatch->status < 0 || dispatch->comm.pmda_interface < PMDA_INTERFACE_2)
        return;
    const pmdaExt *ext = dispatch->version.any.ext;
    pmOpenLog(ext->e_name, ext->e_logfile, stderr, &ok);
}
