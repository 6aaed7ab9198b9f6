/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_RECORDING_H
#define PMDALOOP_RECORDING_H

/* A recorded dialogue, data/NAME.hex: a line a PDU, `>` to the agent (or from a client to
 * pmcd), `<` from it; then the type's name and the bytes. */
#include "support/hex.h"

struct recorded {
    char dir;
    char type[32];
    uint8_t *bytes;
    size_t len;
};

struct recording {
    struct recorded *pdus;
    size_t n;
};

static inline FILE *
recording_open(const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/pmdaloop/data/%s.hex",
             getenv("LABWIRE_SOURCE"), name);
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        abort();
    }
    return f;
}

static inline struct recording
recording_read(const char *name)
{
    static char line[1 << 16];
    static char hex[1 << 16];
    struct recording rec = {0};
    FILE *f = recording_open(name);

    while (fgets(line, sizeof(line), f)) {
        struct recorded r = {0};
        if (sscanf(line, "%c %31s %65535s", &r.dir, r.type, hex) != 3) {
            fprintf(stderr, "not a recorded PDU: %.60s\n", line);
            abort();
        }
        struct hex h = unhex(hex);
        r.bytes = h.bytes;
        r.len = h.len;
        struct recorded *more =
            (struct recorded *)realloc(rec.pdus, (rec.n + 1) * sizeof(*more));
        if (!more)
            abort();
        rec.pdus = more;
        rec.pdus[rec.n++] = r;
    }
    fclose(f);
    return rec;
}

static inline void
recording_free(struct recording *rec)
{
    for (size_t i = 0; i < rec->n; i++)
        free(rec->pdus[i].bytes);
    free(rec->pdus);
}

#endif
