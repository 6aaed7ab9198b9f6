/* SPDX-License-Identifier: MIT */
/* The program's name, and lines in its log. */
#include <pcp/pmapi.h>
#include <pcp/deprecated.h>
#include <pcp/libpcp.h>

#include <pthread.h>
#include <stdarg.h>

char *pmProgname = (char *)(uintptr_t) "pcp";
static int to_syslog;

void
pmSetProgname(const char *program)
{
    static const char none[] = "pcp";
    const char *slash = program ? strrchr(program, '/') : NULL;
    const char *name = slash && slash[1] ? slash + 1 : program;

    pmProgname = (char *)(uintptr_t)(name ? name : none);
}

int
__pmSetProgname(const char *program)
{
    pmSetProgname(program);
    return 0;
}

char *
pmGetProgname(void)
{
    return pmProgname;
}

int
pmPathSeparator(void)
{
    return '/';
}

void
pmSyslog(int on)
{
    if (on && !to_syslog)
        openlog("pcp", LOG_PID, LOG_DAEMON);
    else if (!on && to_syslog)
        closelog();
    to_syslog = on;
}

static const char *
level_name(int level)
{
    static const char *const names[] = {"Emergency", "Alert",  "Critical", "Error",
                                        "Warning",   "Notice", "Info",     "Debug"};

    return level >= 0 && level < 8 ? names[level] : "???";
}

void
pmNotifyErr(int level, const char *format, ...)
{
    char stamp[32], text[1024], *long_text = NULL;
    const char *message = text;
    time_t now = time(NULL);
    struct tm tm;
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n >= sizeof(text) && (long_text = malloc((size_t)n + 1)) != NULL) {
        va_start(args, format);
        vsnprintf(long_text, (size_t)n + 1, format, args);
        va_end(args);
        message = long_text;
    }
    if (to_syslog)
        syslog(level, "%s", message);
    localtime_r(&now, &tm);
    if (strftime(stamp, sizeof(stamp), "%a %b %e %H:%M:%S", &tm) == 0)
        stamp[0] = '\0';
    size_t len = strlen(message);
    fprintf(stderr, "[%s] %s(%d) %s: %s%s", stamp, pmProgname, (int)getpid(),
            level_name(level), message,
            len > 0 && message[len - 1] == '\n' ? "" : "\n");
    fflush(stderr);
    free(long_text);
}

void
pmNoMem(const char *where, size_t bytes, int fatal)
{
    pmNotifyErr(fatal == PM_FATAL_ERR ? LOG_ERR : LOG_WARNING,
                "%s: malloc(%zu) failed: %s", where, bytes, pmErrStr(-errno));
    if (fatal == PM_FATAL_ERR)
        exit(1);
}

/* A line of source may log at once, then once a minute: what a device says at every
 * fetch would fill the disk. */
int
__pmNotifyThrottle(const char *file, int line)
{
    enum { PLACES = 64, PAUSE_S = 60 };
    static struct {
        const char *file;
        int line;
        time_t last;
    } places[PLACES];
    static size_t n;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    time_t now = time(NULL);
    int may = 1;

    pthread_mutex_lock(&lock);
    size_t i = 0;
    while (i < n && (places[i].line != line || strcmp(places[i].file, file) != 0))
        i++;
    if (i < n)
        may = now - places[i].last >= PAUSE_S;
    else if (n < PLACES)
        n++;
    if (i < PLACES && may) {
        places[i].file = file;
        places[i].line = line;
        places[i].last = now;
    }
    pthread_mutex_unlock(&lock);
    return may;
}
