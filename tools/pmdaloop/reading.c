/* SPDX-License-Identifier: MIT */
/* All that an agent says of one metric. */
#include "reading.h"

#include "labels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
code_of(const struct pmdaloop_probe_event *event)
{
    return event->err ? event->err : event->code;
}

static int
no_memory(struct session *s)
{
    snprintf(s->why, sizeof(s->why), "no memory");
    return -ENOMEM;
}

static int
by_inst(const void *a, const void *b)
{
    int32_t x = ((const struct reading_value *)a)->inst;
    int32_t y = ((const struct reading_value *)b)->inst;
    return (x > y) - (x < y);
}

static void
free_values(struct reading_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(values[i].name);
        free(values[i].labels);
        if (values[i].value.type >= PMDALOOP_STRING)
            free((void *)(uintptr_t)values[i].value.as.bytes);
    }
    free(values);
}

void
reading_free(struct reading *r)
{
    free(r->help);
    free(r->text);
    free(r->labels);
    free_values(r->values, r->n_values);
    free_values(r->instances, r->n_instances);
    *r = (struct reading){.name = NULL};
}

/* ---- labels ---- */

/* Labels over those so far; takes over `base`. */
static char *
put_over(char *base, const char *more)
{
    char *merged = labels_merge(base, more);

    if (!merged)
        return base;
    free(base);
    return merged;
}

static int
add_labels(struct session *s, uint32_t ident, int kind, char **labels)
{
    const struct pmdaloop_probe_event *event;

    if (session_await(s, pmdaloop_probe_labels_start(s->probe, ident, kind), &event) <
        0)
        return -ECONNRESET;
    if (code_of(event) == 0 && event->n_items > 0 && event->items[0].name_len > 2)
        *labels = put_over(*labels, event->items[0].name);
    return 0;
}

static int
read_labels(struct session *s, struct reading *r)
{
    uint32_t indom = r->desc.indom;
    int err = add_labels(s, r->pmid >> 22, PMDALOOP_LABEL_DOMAIN, &r->labels);

    if (err == 0 && indom != (uint32_t)PMDALOOP_NO_INDOM)
        err = add_labels(s, indom, PMDALOOP_LABEL_INDOM, &r->labels);
    if (err == 0)
        err = add_labels(s, r->pmid & ~UINT32_C(0x3ff), PMDALOOP_LABEL_CLUSTER,
                         &r->labels);
    if (err == 0)
        err = add_labels(s, r->pmid, PMDALOOP_LABEL_ITEM, &r->labels);
    return err;
}

/* ---- help ---- */

static int
read_text(struct session *s, uint32_t pmid, int kind, char **ret_text, int *ret_code)
{
    const struct pmdaloop_probe_event *event;
    int number = pmdaloop_probe_text_start(s->probe, pmid, kind | PMDALOOP_TEXT_PMID);

    if (session_await(s, number, &event) < 0)
        return -ECONNRESET;
    *ret_code = code_of(event);
    if (*ret_code == 0 && event->n_items == 1)
        *ret_text = strdup(event->items[0].name);
    if (*ret_code == 0 && !*ret_text)
        *ret_code = PMDALOOP_PM_TEXT;
    return 0;
}

/* ---- instances ---- */

static int
read_instances(struct session *s, struct reading *r)
{
    const struct pmdaloop_probe_event *event;
    int number =
        pmdaloop_probe_instance_start(s->probe, r->desc.indom, PMDALOOP_NO_INST, NULL);

    if (session_await(s, number, &event) < 0)
        return -ECONNRESET;
    if (code_of(event) != 0 || event->n_items == 0)
        return 0;
    r->instances = calloc(event->n_items, sizeof(*r->instances));
    if (!r->instances)
        return no_memory(s);
    for (size_t i = 0; i < event->n_items; i++) {
        r->instances[i].inst = event->items[i].inst;
        r->instances[i].name = strdup(event->items[i].name);
    }
    r->n_instances = event->n_items;
    qsort(r->instances, r->n_instances, sizeof(*r->instances), by_inst);
    return 0;
}

static struct reading_value *
find_instance(const struct reading *r, int32_t inst)
{
    const struct reading_value key = {.inst = inst};
    return r->n_instances
               ? bsearch(&key, r->instances, r->n_instances, sizeof(key), by_inst)
               : NULL;
}

/* Each one's own, over those of all. */
static int
read_instance_labels(struct session *s, struct reading *r)
{
    const struct pmdaloop_probe_event *event;
    int number =
        pmdaloop_probe_labels_start(s->probe, r->desc.indom, PMDALOOP_LABEL_INSTANCES);

    if (session_await(s, number, &event) < 0)
        return -ECONNRESET;
    for (size_t i = 0; code_of(event) == 0 && i < event->n_items; i++) {
        struct reading_value *one = find_instance(r, event->items[i].inst);
        if (one && event->items[i].name_len > 2 && !one->labels)
            one->labels = labels_merge(r->labels, event->items[i].name);
    }
    for (size_t i = 0; r->labels && i < r->n_instances; i++)
        if (!r->instances[i].labels)
            r->instances[i].labels = strdup(r->labels);
    return 0;
}

/* ---- values ---- */

/* An own copy, of the metric's type: the wire does not tell 32 from U32. */
static bool
copy_value(const struct pmdaloop_probe_item *item, int32_t type,
           struct reading_value *ret)
{
    ret->inst = item->inst;
    ret->value = item->value;
    if (ret->value.type == PMDALOOP_U32 && type == PMDALOOP_32)
        ret->value.type = PMDALOOP_32;
    if (ret->value.type < PMDALOOP_STRING)
        return true;
    char *bytes = malloc(ret->value.len + 1);
    if (!bytes)
        return false;
    if (ret->value.len)
        memcpy(bytes, item->value.as.bytes, ret->value.len);
    bytes[ret->value.len] = '\0';
    ret->value.as.bytes = bytes;
    return true;
}

static int
read_values(struct session *s, struct reading *r)
{
    const struct pmdaloop_probe_event *event;

    if (session_await(s, pmdaloop_probe_fetch_start(s->probe, &r->pmid, 1), &event) < 0)
        return -ECONNRESET;
    r->fetch_code = code_of(event);
    if (r->fetch_code || event->n_items == 0)
        return 0;
    r->values = calloc(event->n_items, sizeof(*r->values));
    if (!r->values)
        return no_memory(s);
    for (size_t i = 0; i < event->n_items; i++) {
        const struct pmdaloop_probe_item *item = &event->items[i];
        if (!item->has_value) {
            r->fetch_code = item->code;
            continue;
        }
        struct reading_value *v = &r->values[r->n_values];
        if (!copy_value(item, r->desc.type, v)) {
            v->value.type = PMDALOOP_NOSUPPORT;
            return no_memory(s);
        }
        r->n_values++;
    }
    return 0;
}

/* Who they are is asked behind the values: a fetch may bring instances, and remove some. */
static int
name_values(struct session *s, struct reading *r)
{
    int err = read_instances(s, r);

    if (err == 0)
        err = read_instance_labels(s, r);
    for (size_t i = 0; err == 0 && i < r->n_values; i++) {
        struct reading_value *v = &r->values[i];
        const struct reading_value *known = find_instance(r, v->inst);
        if (known && known->name)
            v->name = strdup(known->name);
        if (known && known->labels)
            v->labels = strdup(known->labels);
    }
    return err;
}

int
reading_take(struct session *s, const char *name, uint32_t pmid, struct reading *ret)
{
    const struct pmdaloop_probe_event *event;

    *ret = (struct reading){.name = name, .pmid = pmid};
    if (session_await(s, pmdaloop_probe_desc_start(s->probe, pmid), &event) < 0)
        return -ECONNRESET;
    ret->desc_code = code_of(event);
    if (ret->desc_code)
        return 0;
    ret->desc = event->desc;
    int err = read_text(s, pmid, PMDALOOP_TEXT_ONELINE, &ret->help, &ret->help_code);
    if (err == 0)
        err = read_text(s, pmid, PMDALOOP_TEXT_FULL, &ret->text, &ret->text_code);
    if (err == 0)
        err = read_labels(s, ret);
    if (err == 0)
        err = read_values(s, ret);
    if (err == 0 && ret->desc.indom != (uint32_t)PMDALOOP_NO_INDOM)
        err = name_values(s, ret);
    return err;
}
