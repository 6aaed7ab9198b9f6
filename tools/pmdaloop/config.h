/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_H
#define CONFIG_H

/* A ready agent: what its configuration declares, and the values it has been fed. */
#include <pmdaloop.h>
#include <stdbool.h>

enum { MAX_INSTANCES = 100000, MAX_LINE_BYTES = 1 << 20 };

struct config_value {
    bool is_there;
    struct pmdaloop_value value;
    char *text; /* of a string */
};

/* The values of one metric, by instance; the only one is the first. */
struct config_cells {
    struct config_value *values;
    size_t n;
};

struct config_command {
    char *words; /* for sh -c */
    uint64_t every_ms;
};

struct config {
    char *name, *labels, *input; /* input: a path, "-" or NULL */
    uint32_t domain;
    struct pmdaloop_indom *indoms;
    char **indom_names;
    size_t n_indoms;
    struct pmdaloop_metric *metrics; /* the last two count lines, and the bad ones */
    struct config_cells *cells;
    size_t n_metrics;
    struct config_command *commands;
    size_t n_commands;
    uint64_t lines, bad_lines;
    struct pmdaloop *pl; /* which learns of instances; may be NULL */
    char why[256];
};

/* Read a configuration. False: c->why. config_free() in either case. */
bool config_parse(struct config *c, const char *text, size_t len);
void config_free(struct config *c);
/* One line of values. False when it is bad, which is counted; c->why. Then nothing of it
 * counts. */
bool config_take_line(struct config *c, const char *line, size_t len);
/* The table's fetch; the handle's user pointer is the configuration. */
int config_fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                 struct pmdaloop_value *ret);

#endif
