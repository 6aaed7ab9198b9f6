/* SPDX-License-Identifier: MIT */
/* Small things of the operating system, under PCP's names. */
#include <pcp/libpcp.h>

#include <stdbool.h>
#include <sys/mman.h>

int
__pmSetSignalHandler(int signal, __pmSignalHandler handler)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    return sigaction(signal, &action, NULL) == 0 ? 0 : -errno;
}

void *
__pmMemoryMap(int fd, size_t bytes, int writable)
{
    int prot = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void *at = mmap(NULL, bytes, prot, writable ? MAP_SHARED : MAP_PRIVATE, fd, 0);

    return at == MAP_FAILED ? NULL : at;
}

void
__pmMemoryUnmap(void *at, size_t bytes)
{
    munmap(at, bytes);
}

int
__pmMakePath(const char *path, mode_t mode)
{
    char buf[MAXPATHLEN];

    if (pmstrncpy(buf, sizeof(buf), path) < 0)
        return -1;
    for (char *p = buf + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(buf, mode) != 0 && errno != EEXIST)
            return -1;
        *p = '/';
    }
    return mkdir(buf, mode) == 0 || errno == EEXIST ? 0 : -1;
}

/* "UTC-2": what strftime() knows when TZ is not set, or names a file. */
char *
__pmTimezone_r(char *buf, int size)
{
    enum { MOST = 40 }; /* as PCP's archives have room for */
    const char *tz = getenv("TZ");
    time_t now = time(NULL);
    struct tm local;
    char name[32] = "UTC", offset[16] = "+0000";

    if (tz && *tz != ':' && strlen(tz) <= MOST) {
        pmsprintf(buf, (size_t)size, "%s", tz);
        return buf;
    }
    localtime_r(&now, &local);
    strftime(name, sizeof(name), "%Z", &local);
    strftime(offset, sizeof(offset), "%z", &local);
    /* east of Greenwich is negative in TZ */
    int hours = (offset[1] - '0') * 10 + (offset[2] - '0');
    int minutes = (offset[3] - '0') * 10 + (offset[4] - '0');
    if (name[0] == '+' || name[0] == '-')
        pmstrncpy(name, sizeof(name), "XXX");
    const char *sign = offset[0] == '+' ? "-" : "+";
    if (hours == 0 && minutes == 0)
        pmsprintf(buf, (size_t)size, "%s", name);
    else if (minutes == 0)
        pmsprintf(buf, (size_t)size, "%s%s%d", name, sign, hours);
    else
        pmsprintf(buf, (size_t)size, "%s%s%d:%02d", name, sign, hours, minutes);
    return buf;
}

char *
__pmTimezone(void)
{
    static _Thread_local char buf[64];
    return __pmTimezone_r(buf, sizeof(buf));
}

/* The zone's name in the system's files, ":Europe/Berlin"; the caller frees. */
char *
__pmZoneinfo(void)
{
    static const char zones[] = "zoneinfo/";
    char link[MAXPATHLEN], text[MAXPATHLEN + 2];
    const char *tz = getenv("TZ");

    if (tz && *tz)
        return strdup(tz);
    ssize_t len = readlink("/etc/localtime", link, sizeof(link) - 1);
    if (len <= 0)
        return NULL;
    link[len] = '\0';
    const char *name = strstr(link, zones);
    if (!name)
        return NULL;
    snprintf(text, sizeof(text), ":%s", name + sizeof(zones) - 1);
    return strdup(text);
}
