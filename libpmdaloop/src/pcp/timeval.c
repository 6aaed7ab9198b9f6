/* SPDX-License-Identifier: MIT */
/* Arithmetic on struct timeval and struct timespec. */
#include <pcp/libpcp.h>
#include <pcp/pmapi.h>

#include <math.h>

enum { USEC = 1000000, NSEC = 1000000000 };

void
pmtimevalNow(struct timeval *t)
{
    gettimeofday(t, NULL);
}

void
pmtimevalInc(struct timeval *t, const struct timeval *by)
{
    t->tv_sec += by->tv_sec;
    t->tv_usec += by->tv_usec;
    if (t->tv_usec >= USEC) {
        t->tv_usec -= USEC;
        t->tv_sec++;
    }
}

void
pmtimevalDec(struct timeval *t, const struct timeval *by)
{
    t->tv_sec -= by->tv_sec;
    t->tv_usec -= by->tv_usec;
    if (t->tv_usec < 0) {
        t->tv_usec += USEC;
        t->tv_sec--;
    }
}

double
pmtimevalToReal(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / USEC;
}

double
pmtimevalAdd(const struct timeval *a, const struct timeval *b)
{
    return (double)(a->tv_sec + b->tv_sec) + (double)(a->tv_usec + b->tv_usec) / USEC;
}

double
pmtimevalSub(const struct timeval *a, const struct timeval *b)
{
    return (double)(a->tv_sec - b->tv_sec) + (double)(a->tv_usec - b->tv_usec) / USEC;
}

void
pmtimevalFromReal(double seconds, struct timeval *t)
{
    double whole = floor(seconds);

    t->tv_sec = (time_t)whole;
    t->tv_usec = (suseconds_t)((seconds - whole) * USEC + 0.5);
    if (t->tv_usec >= USEC) {
        t->tv_usec -= USEC;
        t->tv_sec++;
    }
}

int
pmtimespecNow(struct timespec *t)
{
    return clock_gettime(CLOCK_REALTIME, t) == 0 ? 0 : -errno;
}

int
__pmGetTimespec(struct timespec *ret_now)
{
    return pmtimespecNow(ret_now);
}

void
pmtimespecInc(struct timespec *t, const struct timespec *by)
{
    t->tv_sec += by->tv_sec;
    t->tv_nsec += by->tv_nsec;
    if (t->tv_nsec >= NSEC) {
        t->tv_nsec -= NSEC;
        t->tv_sec++;
    }
}

void
pmtimespecDec(struct timespec *t, const struct timespec *by)
{
    t->tv_sec -= by->tv_sec;
    t->tv_nsec -= by->tv_nsec;
    if (t->tv_nsec < 0) {
        t->tv_nsec += NSEC;
        t->tv_sec--;
    }
}

double
pmtimespecToReal(const struct timespec *t)
{
    return (double)t->tv_sec + (double)t->tv_nsec / NSEC;
}

double
pmtimespecAdd(const struct timespec *a, const struct timespec *b)
{
    return (double)(a->tv_sec + b->tv_sec) + (double)(a->tv_nsec + b->tv_nsec) / NSEC;
}

double
pmtimespecSub(const struct timespec *a, const struct timespec *b)
{
    return (double)(a->tv_sec - b->tv_sec) + (double)(a->tv_nsec - b->tv_nsec) / NSEC;
}

void
pmtimespecFromReal(double seconds, struct timespec *t)
{
    double whole = floor(seconds);

    t->tv_sec = (time_t)whole;
    t->tv_nsec = (long)((seconds - whole) * NSEC + 0.5);
    if (t->tv_nsec >= NSEC) {
        t->tv_nsec -= NSEC;
        t->tv_sec++;
    }
}

void
pmtimevalTotimespec(struct timeval *from, struct timespec *to)
{
    to->tv_sec = from->tv_sec;
    to->tv_nsec = from->tv_usec * 1000;
}

void
pmtimespecTotimeval(struct timespec *from, struct timeval *to)
{
    to->tv_sec = from->tv_sec;
    to->tv_usec = from->tv_nsec / 1000;
}

void
__pmtimevalSleep(struct timeval interval)
{
    struct timespec left = {interval.tv_sec, interval.tv_usec * 1000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

void
pmPrintStamp(FILE *f, const struct timeval *t)
{
    time_t sec = t->tv_sec;
    struct tm tm;

    localtime_r(&sec, &tm);
    fprintf(f, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec,
            (int)(t->tv_usec / 1000));
}

void
pmPrintHighResStamp(FILE *f, const struct timespec *t)
{
    time_t sec = t->tv_sec;
    struct tm tm;

    localtime_r(&sec, &tm);
    fprintf(f, "%02d:%02d:%02d.%09d", tm.tm_hour, tm.tm_min, tm.tm_sec,
            (int)t->tv_nsec);
}
