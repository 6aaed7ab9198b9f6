/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_H
#define CONFIG_H

/* A ready agent: what its configuration declares, and the values it has been fed. */
#include "instances.h"

#include <pmdaloop.h>

struct cJSON;

enum { MAX_LINE_BYTES = 1 << 20, MAX_INPUTS = 16 };

/* Metrics of cluster 0, which tell of the feeds; the latter four by command. */
enum {
    CONFIG_LINES,
    CONFIG_BAD_LINES,
    CONFIG_RUNS,
    CONFIG_FAILURES,
    CONFIG_STATUS,
    CONFIG_SECONDS,
    CONFIG_OWN_METRICS
};

struct config_value {
    bool is_there;
    struct pmdaloop_value value;
    char *text;     /* of a string */
    uint64_t at_ms; /* when it was fed */
};

/* The values of one metric, by instance; the only one is the first. */
struct config_cells {
    struct config_value *values;
    size_t n;
    size_t n_there;             /* values */
    struct config_indom *indom; /* or NULL */
    uint64_t expire_ms;         /* an older value is none; 0: it stays */
    bool is_writable;
};

struct config_indom {
    char *name;
    struct instances instances;
    uint64_t
        expire_ms; /* one that no line has named for so long is gone; 0: it stays */
    uint64_t swept_ms;
    struct config_cells **cells; /* of its metrics */
    size_t n_cells;
};

struct config_command {
    char *words;         /* for sh -c */
    char *name;          /* its instance */
    uint64_t every_ms;   /* 0: it goes on by itself */
    uint64_t restart_ms; /* after the end of one that should go on */
    uint64_t timeout_ms; /* 0: none */
    bool wants_stores;   /* on its standard input */
    uint64_t runs, failures;
    bool has_ended; /* once at least, and so: */
    int32_t status; /* 128 + the signal it died of */
    double seconds; /* that it took */
};

struct config {
    char *name, *labels, *state;
    char *inputs[MAX_INPUTS]; /* a path, "-", or where to listen */
    size_t n_inputs;
    uint32_t domain;
    struct pmdaloop_indom *decls; /* of the instance domains; the last: of commands */
    struct config_indom *indoms;
    size_t n_indoms;
    struct pmdaloop_metric *metrics; /* at the end those that tell of the feeds */
    struct config_cells *cells;      /* of those before them */
    size_t n_metrics, n_cells;
    const struct pmdaloop_metric **by_name; /* those that can be fed */
    const struct cJSON *first_metric;       /* while it is read */
    uint64_t expire_ms;                     /* of metrics that do not say */
    struct config_command *commands;
    size_t n_commands;
    struct pmdaloop_instance *command_instances;
    uint64_t lines, bad_lines;
    uint64_t now_ms;     /* the caller's clock */
    struct pmdaloop *pl; /* which learns of instances */
    /* Told of each store, as a line with its end; or NULL. */
    void (*tell)(void *whom, const char *line, size_t len);
    void *whom;
    char why[256];
};

/* Read a configuration. False: c->why. config_free() in either case. */
bool config_parse(struct config *c, const char *text, size_t len);
void config_free(struct config *c);
/* What pmdaloop_set_table() wants. The handle's user pointer has to be the configuration. */
struct pmdaloop_table config_table(const struct config *c);

/* One line of values. False when it is bad, which is counted; c->why. Then nothing of it
 * counts. */
bool config_take_line(struct config *c, const char *line, size_t len);
/* One value, which is copied; of an instance, if the metric has them. False: no memory. */
bool config_put(struct config *c, struct config_cells *cells, size_t at,
                const struct pmdaloop_value *value);

/* state.c: the numbers of instances, kept in the file that the configuration names. False:
 * c->why. */
bool config_recall(struct config *c);
bool config_remember(struct config *c);
bool config_is_changed(const struct config *c);

/* The table's functions. */
int config_fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                 struct pmdaloop_value *ret);
int config_refresh(struct pmdaloop *pl);
int config_store(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                 const struct pmdaloop_value *value);
int config_label(struct pmdaloop *pl, const struct pmdaloop_indom *indom, int32_t inst,
                 char *ret_json, size_t room_bytes);

#endif
