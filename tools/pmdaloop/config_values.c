/* SPDX-License-Identifier: MIT */
/* Lines of values into a ready agent: {"metric": value, "metric": {"instance": value}}. */
#include "config.h"

#include <cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
bad(struct config *c, const char *name, const char *what)
{
    snprintf(c->why, sizeof(c->why), "'%.100s': %s", name, what);
    return false;
}

/* A whole number, as JSON has it, or as a string: JSON's own are doubles. */
static bool
take_integer(const cJSON *json, int32_t type, struct pmdaloop_value *ret)
{
    bool is_signed = type == PMDALOOP_32 || type == PMDALOOP_64;
    const char *text = cJSON_GetStringValue(json);
    char digits[32], *end = NULL;

    if (cJSON_IsNumber(json)) {
        double d = json->valuedouble;
        if (d != floor(d) || fabs(d) > 1e19)
            return false;
        snprintf(digits, sizeof(digits), "%.0f", d);
        text = digits;
    }
    if (!text || !*text || strspn(text, "-0123456789") != strlen(text) ||
        (!is_signed && *text == '-'))
        return false;
    errno = 0;
    if (is_signed)
        ret->as.i64 = strtoll(text, &end, 10);
    else
        ret->as.u64 = strtoull(text, &end, 10);
    if (errno || *end)
        return false;
    if (type == PMDALOOP_32) {
        int64_t v = ret->as.i64;
        ret->as.i32 = (int32_t)v;
        return v >= INT32_MIN && v <= INT32_MAX;
    }
    if (type == PMDALOOP_U32) {
        uint64_t v = ret->as.u64;
        ret->as.u32 = (uint32_t)v;
        return v <= UINT32_MAX;
    }
    return true;
}

static bool
take_value(const cJSON *json, int32_t type, struct pmdaloop_value *ret)
{
    *ret = (struct pmdaloop_value){.type = type};
    switch (type) {
    case PMDALOOP_FLOAT:
        ret->as.f = (float)json->valuedouble;
        return cJSON_IsNumber(json);
    case PMDALOOP_DOUBLE:
        ret->as.d = json->valuedouble;
        return cJSON_IsNumber(json);
    case PMDALOOP_STRING:
        return cJSON_IsString(json);
    default:
        return take_integer(json, type, ret);
    }
}

/* The number of an instance, which is made if need be. */
static int
number_of(struct config *c, const struct pmdaloop_metric *m, const char *name)
{
    int inst = pmdaloop_find_instance(c->pl, m->indom->serial, name);

    if (inst == -ENOENT)
        inst = pmdaloop_add_instance(c->pl, m->indom->serial, PMDALOOP_NO_INST, name);
    return inst < MAX_INSTANCES ? inst : -E2BIG;
}

static bool
put(struct config_cells *cells, size_t at, const cJSON *json, int32_t type)
{
    struct config_value *v;

    if (at >= cells->n) {
        size_t n = (at + 1) * 2;
        struct config_value *values = realloc(cells->values, n * sizeof(*values));
        if (!values)
            return false;
        memset(values + cells->n, 0, (n - cells->n) * sizeof(*values));
        cells->values = values;
        cells->n = n;
    }
    v = &cells->values[at];
    free(v->text);
    *v = (struct config_value){.is_there = !cJSON_IsNull(json)};
    if (!v->is_there)
        return true;
    (void)take_value(json, type, &v->value);
    if (type == PMDALOOP_STRING) {
        v->text = strdup(cJSON_GetStringValue(json));
        v->value.as.bytes = v->text;
        v->is_there = v->text != NULL;
    }
    return true;
}

/* One value, null for none any more; with `only_look` nothing is changed. */
static bool
take_one(struct config *c, const struct pmdaloop_metric *m, const char *instance,
         const cJSON *json, bool only_look)
{
    struct config_cells *cells = &c->cells[m - c->metrics];
    struct pmdaloop_value unused;
    int inst = 0;

    if (!cJSON_IsNull(json) && !take_value(json, m->type, &unused))
        return bad(c, m->name, "a value that is not of its type");
    if (instance && !*instance)
        return bad(c, m->name, "an instance without a name");
    if (only_look)
        return true;
    if (instance && (inst = number_of(c, m, instance)) < 0)
        return bad(c, m->name, pmdaloop_strerror(inst));
    return put(cells, (size_t)inst, json, m->type) || bad(c, m->name, "no memory");
}

static const struct pmdaloop_metric *
find_metric(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_metrics; i++)
        if (c->metrics[i].cluster && strcmp(c->metrics[i].name, name) == 0)
            return &c->metrics[i];
    return NULL;
}

static bool
take_all(struct config *c, const cJSON *line, bool only_look)
{
    const cJSON *one, *value;

    cJSON_ArrayForEach(one, line)
    {
        const struct pmdaloop_metric *m = find_metric(c, one->string);
        if (!m)
            return bad(c, one->string, "no such metric");
        if (!m->indom) {
            if (!take_one(c, m, NULL, one, only_look))
                return false;
            continue;
        }
        if (!cJSON_IsObject(one))
            return bad(c, one->string, "it has instances: {\"instance\": value}");
        cJSON_ArrayForEach(value, one) if (!take_one(c, m, value->string, value,
                                                     only_look)) return false;
    }
    return true;
}

bool
config_take_line(struct config *c, const char *line, size_t len)
{
    cJSON *json = cJSON_ParseWithLength(line, len);
    bool done = cJSON_IsObject(json);

    if (!done)
        snprintf(c->why, sizeof(c->why), "not a JSON object");
    done = done && take_all(c, json, true) && take_all(c, json, false);
    cJSON_Delete(json);
    if (done)
        c->lines++;
    else
        c->bad_lines++;
    return done;
}

int
config_fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
             struct pmdaloop_value *ret)
{
    const struct config_cells *cells = m->user;
    size_t at = inst == PMDALOOP_NO_INST ? 0 : (size_t)inst;

    (void)pl;
    if (!m->cluster) {
        ret->as.u64 = *(const uint64_t *)m->user;
        return PMDALOOP_VALUE;
    }
    if (at >= cells->n || !cells->values[at].is_there)
        return PMDALOOP_NO_VALUE;
    *ret = cells->values[at].value;
    return PMDALOOP_VALUE;
}
