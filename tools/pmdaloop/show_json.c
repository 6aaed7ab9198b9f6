/* SPDX-License-Identifier: MIT */
/* What was read of a metric, as a JSON object. */
#include "events.h"
#include "show.h"

#include <inttypes.h>
#include <math.h>
#include <pcp/pmapi.h>
#include <stdlib.h>
#include <string.h>

/* Text as it is if it is UTF-8; other bytes as the lone surrogates of json_put_string(). */
static cJSON *
text_json(const char *text, size_t len)
{
    char *quoted = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&quoted, &size);

    if (!f)
        return NULL;
    json_put_string(f, text, len);
    (void)fclose(f); /* leaves NULL without memory */
    cJSON *value = quoted ? cJSON_CreateRaw(quoted) : NULL;
    free(quoted);
    return value;
}

static void
add_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        cJSON_AddItemToObject(object, key, text_json(text, strlen(text)));
    else
        cJSON_AddNullToObject(object, key);
}

/* An object as the agent wrote it, so that its numbers stay as they are; else a string. */
static void
add_labels(cJSON *object, const char *labels)
{
    cJSON *checked = labels ? cJSON_ParseWithOpts(labels, NULL, 1) : NULL;

    if (labels && cJSON_IsObject(checked) && !strchr(labels, '\n'))
        cJSON_AddRawToObject(object, "labels", labels);
    else
        add_text(object, "labels", labels);
    cJSON_Delete(checked);
}

static cJSON *
number_json(const char *format, double d)
{
    char digits[64];

    if (!isfinite(d)) /* JSON has no number for it */
        return cJSON_CreateString(isnan(d) ? "nan" : d > 0 ? "inf" : "-inf");
    snprintf(digits, sizeof(digits), format[0] == 'f' ? "%.9g" : "%.17g", d);
    return cJSON_CreateRaw(digits);
}

static cJSON *
integer_json(int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRId64, value);
    return cJSON_CreateRaw(digits);
}

static cJSON *
unsigned_json(uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRIu64, value);
    return cJSON_CreateRaw(digits);
}

static cJSON *
hex_json(const struct pmdaloop_value *v)
{
    const uint8_t *bytes = v->as.bytes;
    char *hex = malloc(v->len * 2 + 1);
    static const char digits[] = "0123456789abcdef";

    if (!hex)
        return NULL;
    for (size_t i = 0; i < v->len; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[v->len * 2] = '\0';
    cJSON *value = cJSON_CreateString(hex);
    free(hex);
    return value;
}

static cJSON *
value_json(const struct pmdaloop_value *v)
{
    switch (v->type) {
    case PMDALOOP_32:
        return integer_json(v->as.i32);
    case PMDALOOP_U32:
        return unsigned_json(v->as.u32);
    case PMDALOOP_64:
        return integer_json(v->as.i64);
    case PMDALOOP_U64:
        return unsigned_json(v->as.u64);
    case PMDALOOP_FLOAT:
        return number_json("f", (double)v->as.f);
    case PMDALOOP_DOUBLE:
        return number_json("d", v->as.d);
    case PMDALOOP_STRING:
        return text_json(v->as.bytes, v->len);
    default:
        return hex_json(v);
    }
}

/* An array of records never holds another: pmcd's clients refuse that. */
static cJSON *
events_json(const struct pmdaloop_value *v)
{
    cJSON *list = cJSON_CreateArray();
    struct events e = events_over(v);
    struct event_record r;
    struct event_param p;
    char pmid[16];

    while (events_next(&e, &r)) {
        cJSON *record = cJSON_CreateObject(), *params = cJSON_CreateArray();
        cJSON_AddItemToObject(record, "unix_s", integer_json(r.unix_s));
        cJSON_AddNumberToObject(record, "nsec", r.nsec);
        cJSON_AddNumberToObject(record, "flags", r.flags);
        if (r.flags & PMDALOOP_RECORD_MISSED)
            cJSON_AddNumberToObject(record, "missed", r.missed);
        while (events_next_param(&r, &p)) {
            cJSON *param = cJSON_CreateObject();
            show_pmid(p.pmid, pmid);
            cJSON_AddStringToObject(param, "pmid", pmid);
            cJSON_AddItemToObject(param, "value", value_json(&p.value));
            cJSON_AddItemToArray(params, param);
        }
        cJSON_AddItemToObject(record, "parameters", params);
        cJSON_AddItemToArray(list, record);
    }
    return list;
}

static void
add_desc(cJSON *object, const struct pmdaloop_desc *d)
{
    char indom[16], words[64];
    pmUnits units;

    (void)pmTypeStr_r(d->type, words, sizeof(words));
    cJSON_AddStringToObject(object, "type", words);
    cJSON_AddStringToObject(object, "semantics", pmSemStr(d->sem));
    memcpy(&units, &d->units, sizeof(units));
    (void)pmUnitsStr_r(&units, words, sizeof(words));
    cJSON_AddStringToObject(object, "units", *words ? words : "none");
    show_indom(d->indom, indom);
    if (d->indom == (uint32_t)PMDALOOP_NO_INDOM)
        cJSON_AddNullToObject(object, "indom");
    else
        cJSON_AddStringToObject(object, "indom", indom);
}

static cJSON *
values_json(const struct reading *r)
{
    bool has_instances = r->desc.indom != (uint32_t)PMDALOOP_NO_INDOM;
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < r->n_values; i++) {
        const struct reading_value *v = &r->values[i];
        bool is_event =
            v->value.type == PMDALOOP_EVENT || v->value.type == PMDALOOP_HIGHRES_EVENT;
        cJSON *one = cJSON_CreateObject();
        if (has_instances) {
            cJSON_AddNumberToObject(one, "inst", v->inst);
            add_text(one, "name", v->name);
        }
        cJSON_AddItemToObject(
            one, "value", is_event ? events_json(&v->value) : value_json(&v->value));
        if (has_instances && v->labels)
            add_labels(one, v->labels);
        cJSON_AddItemToArray(list, one);
    }
    return list;
}

cJSON *
show_json(const struct reading *r)
{
    cJSON *object = cJSON_CreateObject();
    char pmid[16];

    show_pmid(r->pmid, pmid);
    add_text(object, "name", r->name);
    cJSON_AddStringToObject(object, "pmid", pmid);
    int code = r->desc_code ? r->desc_code : r->fetch_code;
    if (code) {
        cJSON_AddNumberToObject(object, "code", code);
        cJSON_AddStringToObject(object, "error", show_code(code));
    }
    if (r->desc_code)
        return object;
    add_desc(object, &r->desc);
    add_text(object, "help", r->help);
    add_text(object, "text", r->text);
    add_labels(object, r->labels);
    cJSON_AddItemToObject(object, "values", values_json(r));
    return object;
}
