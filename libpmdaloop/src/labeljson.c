/* SPDX-License-Identifier: MIT */
/* The index that goes with a JSON object of labels. */
#include "labeljson.h"
#include "jsontext.h"

#include <stdlib.h>

static bool
is_label_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '_')))
            return false;
    }
    return len > 0;
}

static int
compare_names(const char *json, const struct pl_label *a, const struct pl_label *b)
{
    size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(json + a->name, json + b->name, n);
    return order ? order : (int)a->name_len - (int)b->name_len;
}

/* Into the sorted ones. False when the name is there already. */
static bool
insert(const char *json, struct pl_label *labels, int n, struct pl_label label)
{
    int at = n;

    while (at > 0) {
        int order = compare_names(json, &label, &labels[at - 1]);
        if (order == 0)
            return false;
        if (order > 0)
            break;
        labels[at] = labels[at - 1];
        at--;
    }
    labels[at] = label;
    return true;
}

int
pl_labeljson_parse(const char *json, size_t len, uint8_t flags, char *ret_json,
                   size_t *ret_json_len, struct pl_label *ret, int max)
{
    struct pl_jsontext s = {.at = json, .end = json + len, .out = ret_json};
    int n = 0;

    if (len > PL_MAX_LABEL_JSON)
        return -E2BIG;
    if (!pl_jsontext_take(&s, '{'))
        return -EINVAL;
    bool more = !pl_jsontext_take(&s, '}');
    while (more) {
        size_t name = s.n + 1;
        if (!pl_jsontext_string(&s))
            return -EINVAL;
        size_t name_len = s.n - 1 - name;
        if (!is_label_name(ret_json + name, name_len) || !pl_jsontext_take(&s, ':'))
            return -EINVAL;
        size_t value = s.n;
        uint8_t compound = pl_jsontext_peek(&s) == '{' ? PMDALOOP_LABEL_COMPOUND : 0;
        if (!pl_jsontext_value(&s))
            return -EINVAL;
        struct pl_label label = {.name = (uint16_t)name,
                                 .name_len = (uint8_t)name_len,
                                 .flags = flags | compound,
                                 .value = (uint16_t)value,
                                 .value_len = (uint16_t)(s.n - value)};
        if (n == max || name_len > UINT8_MAX)
            return -E2BIG;
        if (!insert(ret_json, ret, n, label))
            return -EINVAL;
        n++;
        more = pl_jsontext_take(&s, ',');
        if (!more && !pl_jsontext_take(&s, '}'))
            return -EINVAL;
    }
    if (s.at != s.end)
        return -EINVAL;
    *ret_json_len = s.n;
    return n;
}
