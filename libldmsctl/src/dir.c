/* SPDX-License-Identifier: MIT */
/* Directory replies, and the metric sets in their JSON. */
#include "dir.h"

#include "json.h"

#include <errno.h>
#include <stdlib.h>

/*    0  u32  rc          8  u32  more follow
 *    4  u32  type       12  u32  length of the JSON, which is the rest
 */
int
lc_dir_reply_take(const void *bytes, size_t len, struct lc_dir_reply *ret_reply)
{
    struct lc_dir_reply r = {0};
    struct rd c = rd_over(bytes, len);

    r.rc = rd_u32(&c);
    if (!c.bad && r.rc != 0 && rd_left(&c) < 12) {
        *ret_reply = r; /* a refusal may end here */
        return 0;
    }
    r.type = rd_u32(&c);
    r.more = rd_u32(&c) != 0 && r.rc == 0; /* nothing follows a refusal */
    uint32_t json_len = rd_u32(&c);
    if (c.bad || (r.rc == 0 && json_len > rd_left(&c)))
        return -LDMSCTL_EPROTO;
    r.json = c.at;
    r.len = rd_left(&c);
    *ret_reply = r;
    return 0;
}

void
lc_dir_reply_put(struct wr *c, const struct lc_dir_reply *reply)
{
    wr_u32(c, reply->rc);
    wr_u32(c, reply->type);
    wr_u32(c, reply->more);
    wr_u32(c, (uint32_t)reply->len);
    wr_bytes(c, reply->json, reply->len);
}

/* A string of the sets, at the end of those there are. Decoded it is no longer than with
 * its quotation marks, so all of them fit into as many bytes as the JSON has. */
static const char *
add_string(char **strings, struct lc_json value)
{
    char *start = *strings;

    if (!value.at || *value.at != '"')
        return "";
    *strings += lc_json_text(value, start) + 1;
    return start;
}

/* JSON that stays JSON. */
static const char *
add_json(char **strings, struct lc_json value)
{
    char *start = *strings;

    memcpy(start, value.at, value.len);
    start[value.len] = '\0';
    *strings += value.len + 1;
    return start;
}

static uint64_t
time_us(struct lc_json value)
{
    return lc_json_u64(lc_json_get(value, "sec")) * 1000000 +
           lc_json_u64(lc_json_get(value, "usec"));
}

static const struct {
    const char *name;
    size_t at;
} texts[] =
    {
        {"name", offsetof(struct ldmsctl_set, name)},
        {"schema", offsetof(struct ldmsctl_set, schema)},
        {"digest", offsetof(struct ldmsctl_set, digest)},
        {"flags", offsetof(struct ldmsctl_set, flags)},
        {"perm", offsetof(struct ldmsctl_set, perm)},
},
  numbers[] = {
      {"meta_size", offsetof(struct ldmsctl_set, meta_size_bytes)},
      {"data_size", offsetof(struct ldmsctl_set, data_size_bytes)},
      {"heap_size", offsetof(struct ldmsctl_set, heap_size_bytes)},
      {"uid", offsetof(struct ldmsctl_set, uid)},
      {"gid", offsetof(struct ldmsctl_set, gid)},
      {"card", offsetof(struct ldmsctl_set, card)},
      {"array_card", offsetof(struct ldmsctl_set, array_card)},
      {"meta_gn", offsetof(struct ldmsctl_set, meta_gn)},
      {"data_gn", offsetof(struct ldmsctl_set, data_gn)},
};

static void
read_member(struct ldmsctl_set *set, struct lc_json key, struct lc_json value,
            char **strings)
{
    char *base = (char *)set;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (lc_json_is(key, texts[i].name)) {
            const char *text = add_string(strings, value);
            memcpy(base + texts[i].at, &text, sizeof(text));
            return;
        }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (lc_json_is(key, numbers[i].name)) {
            uint64_t number = lc_json_u64(value);
            memcpy(base + numbers[i].at, &number, sizeof(number));
            return;
        }
    if (lc_json_is(key, "timestamp"))
        set->timestamp_unix_us = time_us(value);
    else if (lc_json_is(key, "duration"))
        set->duration_us = time_us(value);
    else if (lc_json_is(key, "info"))
        set->info = add_json(strings, value);
}

static void
read_set(struct ldmsctl_set *set, struct lc_json entry, char **strings)
{
    struct lc_json_walk walk = lc_json_walk(entry);
    struct lc_json key, value;

    *set = (struct ldmsctl_set){
        .name = "", .schema = "", .digest = "", .flags = "", .perm = "", .info = "[]"};
    while (lc_json_next(&walk, &key, &value))
        read_member(set, key, value, strings);
}

static size_t
count_sets(struct lc_json list)
{
    struct lc_json_walk walk = lc_json_walk(list);
    struct lc_json entry;
    size_t n = 0;

    while (lc_json_next(&walk, NULL, &entry))
        n += *entry.at == '{';
    return n;
}

static char *
add_sets(struct lc_dir *dir, struct lc_json list, char **strings, char *text)
{
    struct lc_json_walk walk = lc_json_walk(list);
    struct lc_json entry;

    while (lc_json_next(&walk, NULL, &entry)) {
        if (*entry.at != '{')
            continue;
        if (dir->n_sets)
            *text++ = ',';
        memcpy(text, entry.at, entry.len);
        text += entry.len;
        read_set(&dir->sets[dir->n_sets++], entry, strings);
    }
    return text;
}

int
lc_dir_read(const char *json, const size_t *lens, size_t n, size_t max_bytes,
            struct lc_dir *ret_dir, size_t *ret_fault)
{
    struct lc_dir dir = {0};
    struct lc_json document;
    size_t n_sets = 0, total = 0;

    for (size_t i = 0; i < n; total += lens[i++]) {
        int err = lc_json_check(json + total, lens[i], &document, ret_fault);
        if (err == 0 && !lc_json_get(document, "directory").at) {
            *ret_fault = 0;
            err = -LDMSCTL_EPROTO;
        }
        if (err < 0) {
            *ret_fault += total;
            return err;
        }
        n_sets += count_sets(lc_json_get(document, "directory"));
    }
    if (n_sets > max_bytes / sizeof(*dir.sets))
        return -LDMSCTL_ETOOBIG;
    /* Each set brings a comma at most, and its brackets are longer than NULs of info. */
    dir.sets = calloc(n_sets ? n_sets : 1, sizeof(*dir.sets));
    dir.text = malloc(total + n_sets + 3);
    dir.strings = malloc(total + n_sets + 1);
    if (!dir.sets || !dir.text || !dir.strings) {
        lc_dir_free(&dir);
        return -ENOMEM;
    }
    char *text = dir.text, *strings = dir.strings;
    *text++ = '[';
    total = 0;
    for (size_t i = 0; i < n; total += lens[i++])
        if (lc_json_check(json + total, lens[i], &document, ret_fault) == 0)
            text = add_sets(&dir, lc_json_get(document, "directory"), &strings, text);
    *text++ = ']';
    *text = '\0';
    dir.text_len = (size_t)(text - dir.text);
    *ret_dir = dir;
    return 0;
}

void
lc_dir_free(struct lc_dir *dir)
{
    free(dir->sets);
    free(dir->text);
    free(dir->strings);
    *dir = (struct lc_dir){0};
}
