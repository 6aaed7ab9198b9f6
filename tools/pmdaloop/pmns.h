/* SPDX-License-Identifier: MIT */
#ifndef PMNS_H
#define PMNS_H

/* Names of metrics as a PMNS file has them: "a.b { c 253:0:1 }". */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pmns_name {
    char *name;
    uint32_t pmid;
    bool is_dynamic; /* D:*:*: the agent knows what is below */
};

struct pmns {
    struct pmns_name *names;
    size_t n, room;
    char why[200];
};

/* Read a file, and those it includes by "name". `domain` stands for symbols that it does
 * not define; 0: there must be none. False, and why, when it can't be read. */
bool pmns_read(struct pmns *p, const char *path, uint32_t domain);
/* The same of text; `path` is what messages call it. */
bool pmns_parse(struct pmns *p, const char *text, const char *path, uint32_t domain);
bool pmns_add(struct pmns *p, const char *name, size_t len, uint32_t pmid,
              bool is_dynamic);
void pmns_free(struct pmns *p);

#endif
