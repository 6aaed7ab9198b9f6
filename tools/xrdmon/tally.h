/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_TALLY_H
#define XRDMON_TOOL_TALLY_H

/* Sums by name, in bounded memory: names past a limit share one row. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one stream says was done. Both the f and the t stream tell of opens and bytes. */
struct sums {
    uint64_t opens, closes, read_bytes, write_bytes;
};

struct tally_row {
    char *name;
    size_t len;
    struct sums f, t;
    uint64_t errors; /* closes that a disconnect forced, and files never closed */
    uint64_t redirects;
    uint64_t lost_before, lost_now; /* of earlier lives of a server, and of this one */
    uint64_t lost_then;             /* what of lost_before was the last life's */
    uint32_t stod_unix_s, stod_then_unix_s;
    uint64_t size; /* for the order */
};

struct tally;

/* NULL without memory. */
struct tally *tally_new(size_t most_rows);
void tally_free(struct tally *t);
/* The row of a name, made if there is none yet, and perhaps the shared one. */
struct tally_row *tally_row(struct tally *t, const char *name, size_t len);

/* All rows but the shared one, in the order of their coming. */
struct tally_row **tally_rows(struct tally *t, size_t *ret_count);
/* The largest size first, which the caller has set. From then on no row can be found. */
struct tally_row **tally_sorted(struct tally *t, size_t *ret_count);
/* The shared row; its name is NULL. `refused` counts what went there. */
struct tally_row *tally_others(struct tally *t, uint64_t *ret_refused);
void tally_add(struct tally_row *to, const struct tally_row *from);

#endif
