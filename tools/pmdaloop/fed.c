/* SPDX-License-Identifier: MIT */
/* Lines of values into a ready agent, and out of it again. A line is looked at whole before
 * anything of it counts. */
#include "config.h"
#include "values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The library has room for so many bytes of an instance's labels. */
enum { MAX_LABEL_BYTES = 4000 };

/* A line at work. */
struct line {
    struct config *c;
    bool only_look;
    size_t n_new; /* instances that it would add, at most */
};

static bool
bad(struct line *l, const char *name, const char *what)
{
    snprintf(l->c->why, sizeof(l->c->why), "'%.100s': %s", name, what);
    return false;
}

/* ---- values and instances ---- */

static struct config_value *
cell(struct config_cells *cells, size_t at)
{
    if (at >= cells->n) {
        size_t n = cells->indom ? at * 2 + 8 : 1;
        struct config_value *values = realloc(cells->values, n * sizeof(*values));
        if (!values)
            return NULL;
        memset(values + cells->n, 0, (n - cells->n) * sizeof(*values));
        cells->values = values;
        cells->n = n;
    }
    return &cells->values[at];
}

static void
clear(struct config_cells *cells, size_t at)
{
    struct config_value *v = at < cells->n ? &cells->values[at] : NULL;

    if (!v || !v->is_there)
        return;
    if (cells->indom)
        cells->indom->instances.list[at].n_values--;
    cells->n_there--;
    free(v->text);
    *v = (struct config_value){.is_there = false};
}

bool
config_put(struct config *c, struct config_cells *cells, size_t at,
           const struct pmdaloop_value *value)
{
    struct config_value *v = cell(cells, at);
    const char *bytes = value->type == PMDALOOP_STRING ? value->as.bytes : NULL;
    char *text = NULL;

    if (v && bytes)
        text = value->len ? strndup(bytes, value->len) : strdup(bytes);
    if (!v || (bytes && !text))
        return false;
    if (cells->indom)
        cells->indom->instances.list[at].n_values += !v->is_there;
    cells->n_there += !v->is_there;
    free(v->text);
    *v = (struct config_value){
        .is_there = true, .value = *value, .text = text, .at_ms = c->now_ms};
    if (text) {
        v->value.as.bytes = text;
        v->value.len = 0;
    }
    return true;
}

static uint32_t
serial_of(const struct config *c, const struct config_indom *x)
{
    return c->decls[x - c->indoms].serial;
}

static void
leave(struct config *c, struct config_indom *x, size_t number)
{
    for (size_t i = 0; i < x->n_cells; i++)
        clear(x->cells[i], number);
    (void)pmdaloop_remove_instance(c->pl, serial_of(c, x), (int32_t)number);
    instances_go(&x->instances, number);
}

static void
leave_all(struct config *c, struct config_indom *x)
{
    for (size_t i = 0; x->instances.n_here > 0 && i < x->instances.n; i++)
        if (x->instances.list[i].is_here)
            leave(c, x, i);
}

/* The number of an instance that is here from now on, or a negative code. */
static int
come(struct config *c, struct config_indom *x, const char *name)
{
    int known = instances_find(&x->instances, name);
    bool was_here = known >= 0 && x->instances.list[known].is_here;
    int number = instances_come(&x->instances, name);

    if (number < 0)
        return number;
    x->instances.list[number].seen_ms = c->now_ms;
    if (was_here)
        return number;
    int err = pmdaloop_add_instance(c->pl, serial_of(c, x), number, name);
    if (err < 0)
        instances_go(&x->instances, (size_t)number);
    return err < 0 ? err : number;
}

static bool
is_here(const struct config_indom *x, const char *name)
{
    int number = instances_find(&x->instances, name);
    return number >= 0 && x->instances.list[number].is_here;
}

/* ---- a metric ---- */

static bool
take_single(struct line *l, const struct pmdaloop_metric *m, struct config_cells *cells,
            const cJSON *json)
{
    struct pmdaloop_value v;
    bool is_none = cJSON_IsNull(json);

    if (!is_none && !value_take(json, m->type, &v))
        return bad(l, m->name, "a value that is not of its type");
    if (l->only_look)
        return true;
    if (is_none)
        clear(cells, 0);
    return is_none || config_put(l->c, cells, 0, &v) || bad(l, m->name, "no memory");
}

/* An instance leaves with its last value, unless it is held. */
static void
take_away(struct config *c, struct config_cells *cells, size_t number)
{
    struct instance *i = &cells->indom->instances.list[number];

    clear(cells, number);
    i->seen_ms = c->now_ms;
    if (i->n_values == 0 && !i->is_held)
        leave(c, cells->indom, number);
}

static void
take_all_away(struct config *c, struct config_cells *cells)
{
    for (size_t i = 0; cells->n_there > 0 && i < cells->n; i++)
        if (cells->values[i].is_there)
            take_away(c, cells, i);
}

static bool
take_each(struct line *l, const struct pmdaloop_metric *m, struct config_cells *cells,
          const cJSON *json)
{
    struct pmdaloop_value v;
    const char *name = json->string;
    bool is_none = cJSON_IsNull(json);

    if (!*name)
        return bad(l, m->name, "an instance without a name");
    if (!is_none && !value_take(json, m->type, &v))
        return bad(l, m->name, "a value that is not of its type");
    if (l->only_look) {
        l->n_new += !is_none && !is_here(cells->indom, name);
        return true;
    }
    if (is_none) {
        if (is_here(cells->indom, name))
            take_away(l->c, cells,
                      (size_t)instances_find(&cells->indom->instances, name));
        return true;
    }
    int number = come(l->c, cells->indom, name);
    if (number < 0)
        return bad(l, m->name, pmdaloop_strerror(number));
    return config_put(l->c, cells, (size_t)number, &v) || bad(l, m->name, "no memory");
}

static bool
take_metric(struct line *l, const struct pmdaloop_metric *m, const cJSON *json)
{
    struct config_cells *cells = &l->c->cells[m - l->c->metrics];
    struct config_indom *x = cells->indom;
    const cJSON *one;

    if (!x)
        return take_single(l, m, cells, json);
    if (cJSON_IsNull(json)) {
        if (!l->only_look)
            take_all_away(l->c, cells);
        return true;
    }
    if (!cJSON_IsObject(json))
        return bad(l, m->name, "it has instances: {\"instance\": value}");
    cJSON_ArrayForEach(one, json) if (!take_each(l, m, cells, one)) return false;
    return true;
}

/* ---- an instance domain ---- */

/* Null ends an instance; an object is its labels, and holds it. */
static bool
take_instance(struct line *l, struct config_indom *x, const cJSON *json)
{
    const char *name = json->string;
    bool is_none = cJSON_IsNull(json);

    if (!*name)
        return bad(l, x->name, "an instance without a name");
    if (!is_none && !cJSON_IsObject(json))
        return bad(l, x->name, "of an instance null, or an object of labels");
    if (is_none) {
        if (!l->only_look && is_here(x, name))
            leave(l->c, x, (size_t)instances_find(&x->instances, name));
        return true;
    }
    char *labels = cJSON_PrintUnformatted(json);
    if (!labels)
        return bad(l, x->name, "no memory");
    if (l->only_look || strlen(labels) > MAX_LABEL_BYTES) {
        bool fits = strlen(labels) <= MAX_LABEL_BYTES;
        free(labels);
        l->n_new += !is_here(x, name);
        return fits || bad(l, x->name, "an instance with too many labels");
    }
    int number = come(l->c, x, name);
    if (number < 0) {
        free(labels);
        return bad(l, x->name, pmdaloop_strerror(number));
    }
    struct instance *i = &x->instances.list[number];
    bool is_changed = strcmp(i->labels ? i->labels : "{}", labels) != 0;
    free(i->labels);
    i->labels = labels;
    i->is_held = true;
    if (is_changed)
        (void)pmdaloop_announce(l->c->pl, PMDALOOP_LABELS_CHANGED);
    return true;
}

static bool
take_indom(struct line *l, struct config_indom *x, const cJSON *json)
{
    const cJSON *one;

    if (cJSON_IsNull(json)) {
        if (!l->only_look)
            leave_all(l->c, x);
        return true;
    }
    if (!cJSON_IsObject(json))
        return bad(l, x->name, "instances: {\"instance\": {labels}}, or null");
    cJSON_ArrayForEach(one, json) if (!take_instance(l, x, one)) return false;
    return true;
}

/* ---- lines ---- */

static int
name_to_metric(const void *name, const void *metric)
{
    const struct pmdaloop_metric *const *m = metric;
    return strcmp(name, (*m)->name);
}

static struct config_indom *
find_indom(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_indoms; i++)
        if (strcmp(c->indoms[i].name, name) == 0)
            return &c->indoms[i];
    return NULL;
}

static bool
take_all(struct line *l, const cJSON *json)
{
    const struct config *c = l->c;
    const cJSON *one;

    cJSON_ArrayForEach(one, json)
    {
        const struct pmdaloop_metric *const *m = bsearch(
            one->string, c->by_name, c->n_cells, sizeof(*c->by_name), name_to_metric);
        struct config_indom *x = m ? NULL : find_indom(c, one->string);
        if (!m && !x)
            return bad(l, one->string, "no such metric");
        if (m ? !take_metric(l, *m, one) : !take_indom(l, x, one))
            return false;
    }
    return true;
}

static bool
has_room(struct line *l)
{
    for (size_t i = 0; l->n_new > 0 && i < l->c->n_indoms; i++)
        if (l->n_new > MAX_INSTANCES - l->c->indoms[i].instances.n_here)
            return bad(l, l->c->indoms[i].name, "too many instances");
    return true;
}

bool
config_take_line(struct config *c, const char *text, size_t len)
{
    struct line l = {.c = c, .only_look = true};
    cJSON *json = value_parse(text, len);
    bool done = cJSON_IsObject(json);

    if (!done)
        snprintf(c->why, sizeof(c->why), "not a JSON object");
    done = done && take_all(&l, json) && has_room(&l);
    l.only_look = false;
    done = done && take_all(&l, json);
    cJSON_Delete(json);
    if (done)
        c->lines++;
    else
        c->bad_lines++;
    return done;
}

/* ---- the table's functions ---- */

/* What the agent tells of a command that feeds it. */
static int
fetch_command(const struct config_command *command, uint32_t item,
              struct pmdaloop_value *ret)
{
    switch (item) {
    case CONFIG_RUNS:
        ret->as.u64 = command->runs;
        return PMDALOOP_VALUE;
    case CONFIG_FAILURES:
        ret->as.u64 = command->failures;
        return PMDALOOP_VALUE;
    case CONFIG_STATUS:
        ret->as.i32 = command->status;
        break;
    default:
        ret->as.d = command->seconds;
        break;
    }
    return command->has_ended ? PMDALOOP_VALUE : PMDALOOP_NO_VALUE;
}

static int
fetch_own(const struct config *c, uint32_t item, int32_t inst,
          struct pmdaloop_value *ret)
{
    if (inst >= 0)
        return fetch_command(&c->commands[inst], item, ret);
    ret->as.u64 = item == CONFIG_LINES ? c->lines : c->bad_lines;
    return PMDALOOP_VALUE;
}

int
config_fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
             struct pmdaloop_value *ret)
{
    const struct config *c = pmdaloop_get_user(pl);
    const struct config_cells *cells = m->user;
    size_t at = inst == PMDALOOP_NO_INST ? 0 : (size_t)inst;

    if (!cells)
        return fetch_own(c, m->item, inst, ret);
    if (at >= cells->n || !cells->values[at].is_there)
        return PMDALOOP_NO_VALUE;
    uint64_t fed_ms = cells->values[at].at_ms; /* 0: by the configuration */
    if (cells->expire_ms && fed_ms && c->now_ms - fed_ms > cells->expire_ms)
        return PMDALOOP_NO_VALUE;
    *ret = cells->values[at].value;
    return PMDALOOP_VALUE;
}

/* Instances that nobody has named for too long leave, some time after that. */
int
config_refresh(struct pmdaloop *pl)
{
    enum { SWEEP_MS = 1000, SWEEPS = 4 };
    struct config *c = pmdaloop_get_user(pl);

    for (size_t i = 0; i < c->n_indoms; i++) {
        struct config_indom *x = &c->indoms[i];
        uint64_t pause = x->expire_ms / SWEEPS;
        if (!x->expire_ms ||
            c->now_ms - x->swept_ms < (pause < SWEEP_MS ? pause : SWEEP_MS))
            continue;
        x->swept_ms = c->now_ms;
        for (size_t k = 0; k < x->instances.n; k++) {
            const struct instance *one = &x->instances.list[k];
            if (one->is_here && c->now_ms - one->seen_ms > x->expire_ms)
                leave(c, x, k);
        }
    }
    return 0;
}

/* What has been stored, as the line that would feed it. */
static void
tell_store(const struct config *c, const struct pmdaloop_metric *m, size_t at)
{
    const struct config_cells *cells = m->user;
    cJSON *json = value_give(&cells->values[at].value), *line = cJSON_CreateObject();

    if (cells->indom) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddItemToObject(one, cells->indom->instances.list[at].name, json);
        json = one;
    }
    cJSON_AddItemToObject(line, m->name, json);
    char *text = cJSON_PrintUnformatted(line);
    if (text) {
        size_t len = strlen(text);
        text[len] = '\n'; /* for the NUL: the line has its length */
        c->tell(c->whom, text, len + 1);
    }
    free(text);
    cJSON_Delete(line);
}

int
config_store(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
             const struct pmdaloop_value *value)
{
    struct config *c = pmdaloop_get_user(pl);
    struct config_cells *cells = (struct config_cells *)(uintptr_t)m->user;

    if (!cells || !cells->is_writable)
        return PMDALOOP_PM_PERMISSION;
    size_t at = inst == PMDALOOP_NO_INST ? 0 : (size_t)inst;
    if (!config_put(c, cells, at, value))
        return -ENOMEM;
    if (c->tell)
        tell_store(c, m, at);
    return 0;
}

int
config_label(struct pmdaloop *pl, const struct pmdaloop_indom *indom, int32_t inst,
             char *ret_json, size_t room_bytes)
{
    const struct config *c = pmdaloop_get_user(pl);
    size_t i = (size_t)(indom - c->decls);
    const char *labels =
        i < c->n_indoms ? c->indoms[i].instances.list[inst].labels : NULL;

    if (!labels || strlen(labels) >= room_bytes)
        return 0;
    memcpy(ret_json, labels, strlen(labels) + 1);
    return 1;
}
