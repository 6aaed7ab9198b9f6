/* SPDX-License-Identifier: MIT */
/* Units in words: "Mbyte / sec", "count x 10^6". */
#include <pcp/pmapi.h>

/* One dimension's name at its scale. */
static const char *
space_name(unsigned int scale, char *buf, size_t size)
{
    static const char *const names[] = {"byte",  "Kbyte", "Mbyte", "Gbyte", "Tbyte",
                                        "Pbyte", "Ebyte", "Zbyte", "Ybyte"};

    if (scale < sizeof(names) / sizeof(names[0]))
        return names[scale];
    snprintf(buf, size, "space-%u", scale);
    return buf;
}

static const char *
time_name(unsigned int scale, char *buf, size_t size)
{
    static const char *const names[] = {"nanosec", "microsec", "millisec",
                                        "sec",     "min",      "hour"};

    if (scale < sizeof(names) / sizeof(names[0]))
        return names[scale];
    snprintf(buf, size, "time-%u", scale);
    return buf;
}

static const char *
count_name(int scale, char *buf, size_t size)
{
    if (scale == 0)
        return "count";
    if (scale == 1)
        return "count x 10";
    snprintf(buf, size, "count x 10^%d", scale);
    return buf;
}

/* Append "name" or "name^power" with a space before it, where something stands there. */
static void
append(char *buf, int size, const char *name, int power)
{
    char text[48];

    if (power == 1)
        snprintf(text, sizeof(text), "%s%s", *buf ? " " : "", name);
    else
        snprintf(text, sizeof(text), "%s%s^%d", *buf ? " " : "", name, power);
    pmstrncat(buf, (size_t)size, text);
}

char *
pmUnitsStr_r(const pmUnits *units, char *buf, int size)
{
    struct {
        int power;
        const char *name;
    } dims[3];
    char space[32], time[32], count[32];

    buf[0] = '\0';
    if (units->dimSpace == 0 && units->dimTime == 0 && units->dimCount == 0) {
        if (units->scaleCount == 1)
            pmsprintf(buf, (size_t)size, "x 10");
        else if (units->scaleCount != 0)
            pmsprintf(buf, (size_t)size, "x 10^%d", units->scaleCount);
        return buf;
    }
    dims[0].power = units->dimSpace;
    dims[0].name = space_name(units->scaleSpace, space, sizeof(space));
    dims[1].power = units->dimTime;
    dims[1].name = time_name(units->scaleTime, time, sizeof(time));
    dims[2].power = units->dimCount;
    dims[2].name = count_name(units->scaleCount, count, sizeof(count));

    for (int i = 0; i < 3; i++)
        if (dims[i].power > 0)
            append(buf, size, dims[i].name, dims[i].power);
    if (dims[0].power < 0 || dims[1].power < 0 || dims[2].power < 0)
        pmstrncat(buf, (size_t)size, *buf ? " /" : "/");
    for (int i = 0; i < 3; i++)
        if (dims[i].power < 0)
            append(buf, size, dims[i].name, -dims[i].power);
    return buf;
}

const char *
pmUnitsStr(const pmUnits *units)
{
    static _Thread_local char buf[64];
    return pmUnitsStr_r(units, buf, sizeof(buf));
}
