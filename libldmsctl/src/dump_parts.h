/* SPDX-License-Identifier: MIT */
#ifndef LC_DUMP_PARTS_H
#define LC_DUMP_PARTS_H

/* What status methods tell of one thing, as the lines of configuration that make it. */
#include "cfgtext.h"

/* An answer that others are read by; no text before it was asked, or refused. */
struct lc_dump_kept {
    char *text;
    struct lc_json document;
};

struct lc_dump {
    struct lc_cfgtext text;
    struct lc_dump_kept plugins; /* plugn_status */
    struct lc_dump_kept sets;    /* plugn_sets */
    uint64_t looked_bytes;       /* at elements of these, LC_DUMP_LOOK_BYTES at most */
};

/* No daemon may have us search for ever. What is looked for in an object, such as its
 * name, is therefore looked for once, and not for each element of a list in it. */
#define LC_DUMP_LOOK_BYTES (UINT64_C(4) << 30)
enum { LC_DUMP_LIST_MAX = 1 << 20 }; /* elements of a list that is turned round */

/* One object of a method's answer. */
typedef void lc_dump_part(struct lc_dump *d, struct lc_json object);

lc_dump_part lc_dump_plugin, lc_dump_set, lc_dump_producer, lc_dump_listen,
    lc_dump_updater, lc_dump_updater_matches, lc_dump_updater_start, lc_dump_storage,
    lc_dump_log, lc_dump_qgroup, lc_dump_failover;

/* "defaults: uid=0, gid=0, perm=440": the permissions are octal. */
void lc_dump_authz(struct lc_dump *d, const char *words);

#endif
