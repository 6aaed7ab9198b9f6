/* SPDX-License-Identifier: MIT */
/* Figures for people. */
#include "human.h"

#include <inttypes.h>
#include <stdio.h>

static void
put_scaled(char text[HUMAN_TEXT], uint64_t value, double step, const char *const *units)
{
    double scaled = (double)value;
    while (scaled >= step - 0.05 && units[1]) {
        scaled /= step;
        units++;
    }
    (void)snprintf(text, HUMAN_TEXT, "%.1f %s", scaled, *units);
}

void
human_bytes(char text[HUMAN_TEXT], uint64_t bytes)
{
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                        "TiB", "PiB", "EiB", NULL};
    if (bytes < 1024)
        (void)snprintf(text, HUMAN_TEXT, "%" PRIu64 " B", bytes);
    else
        put_scaled(text, bytes, 1024, units);
}

void
human_count(char text[HUMAN_TEXT], uint64_t count)
{
    static const char *const units[] = {"", "k", "M", "G", "T", "P", "E", NULL};
    if (count < 10000)
        (void)snprintf(text, HUMAN_TEXT, "%" PRIu64, count);
    else
        put_scaled(text, count, 1000, units);
}
