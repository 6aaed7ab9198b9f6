/* SPDX-License-Identifier: MIT */
/* A line of configuration, such as "prdcr_add name=a xprt=sock", into a call. */
#include "call.h"
#include "verb.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 256, WORD_NAME_BYTES = 64 };

/* name, or name=value; text is within the copy of the line. */
struct word {
    const char *name;
    size_t name_len;
    char *value; /* NULL for a name alone */
};

struct words {
    char *copy; /* of the line; free() */
    struct word at[WORDS_MAX];
    size_t n;
};

/* Cut the value off at its end: at a blank, or for a value that opens with a quotation
 * mark at the next one. Returns where to go on, NULL for a mark that is not closed. */
static char *
end_of_value(char *value)
{
    char *end;

    if (*value != '"')
        return value + strcspn(value, " \t\r\n");
    end = strchr(value + 1, '"');
    return end && (end[1] == '\0' || isspace((unsigned char)end[1])) ? end + 1 : NULL;
}

static int
split(struct words *words, const char *line, char *why)
{
    char *at = words->copy = strdup(line);

    if (!at)
        return -ENOMEM;
    for (;;) {
        struct word *w = &words->at[words->n];
        at += strspn(at, " \t\r\n");
        if (!*at)
            return 0;
        if (words->n == WORDS_MAX) {
            snprintf(why, LC_CALL_WHY_BYTES, "more than %d words in a line", WORDS_MAX);
            return -EINVAL;
        }
        w->name = at;
        w->name_len = strcspn(at, "= \t\r\n");
        at += w->name_len;
        if (*at == '=') {
            char *value = at + 1, *end = end_of_value(value);
            if (!end) {
                snprintf(why, LC_CALL_WHY_BYTES, "%.*s: a quotation mark is not closed",
                         (int)(w->name_len < 60 ? w->name_len : 60), w->name);
                return -EINVAL;
            }
            bool quoted = *value == '"';
            at = *end ? end + 1 : end;
            end[quoted ? -1 : 0] = '\0';
            w->value = value + quoted;
        }
        words->n++;
    }
}

static bool
is_name(const struct word *w, const char *name)
{
    return strlen(name) == w->name_len && memcmp(w->name, name, w->name_len) == 0;
}

/* Words whose others go into STRING, all but these: a plugin knows what they mean. */
static const struct {
    const char *word, *attrs;
} gathering[] = {
    {"auth_add", "name plugin"},
    {"config", "name"},
    {"default_auth", "plugin"},
    {"env", ""},
    {"listen", "xprt port host auth quota rx_rate"},
    {"option", ""},
};

/* Words that stand for a kind of producer: their request has to tell it. */
static const struct {
    const char *word, *type;
} typed[] = {
    {"advertiser_add", "advertiser"},
    {"advertiser_start", "advertiser"},
    {"bridge_add", "bridge"},
};

static bool
is_one_of(const char *list, const struct word *w)
{
    while (*list) {
        size_t len = strcspn(list, " ");
        if (len == w->name_len && memcmp(list, w->name, len) == 0)
            return true;
        list += len;
        list += strspn(list, " ");
    }
    return false;
}

/* The attribute that a word goes into as such; NONE for those that go into STRING. */
static uint32_t
attr_of(const struct lc_verb *verb, const struct word *w)
{
    for (size_t i = 0; i < sizeof(gathering) / sizeof(gathering[0]); i++)
        if (strcmp(gathering[i].word, verb->word) == 0 &&
            !is_one_of(gathering[i].attrs, w))
            return LC_ATTR_NONE;
    return lc_attr_find(w->name, w->name_len);
}

/* Where a daemon asks for less than the reference does, or would die for want of it. */
static const struct {
    const char *word, *spared, *needs;
} but[] = {
    {"listen", "port", ""},           {"prdcr_add", "port", ""}, /* of passive ones */
    {"prdcr_hint_tree", "name", ""},  {"prdcr_unsubscribe", "stream", ""},
    {"setgroup_ins", "", "instance"}, {"setgroup_rm", "", "instance"},
    {"updtr_match_add", "match", ""}, {"updtr_match_del", "match", ""},
    {"updtr_task", "name", ""},
};

/* Each word of the list that no given word stands for. */
static int
check_list(const char *need, const char *spared, const struct lc_verb *verb,
           const struct words *words, char *why)
{
    while (*need) {
        size_t len = strcspn(need, " ");
        uint32_t id = lc_attr_find(need, len);
        bool there = strlen(spared) == len && memcmp(spared, need, len) == 0;
        for (size_t i = 1; i < words->n && !there; i++)
            there = attr_of(verb, &words->at[i]) == id;
        if (!there) {
            snprintf(why, LC_CALL_WHY_BYTES, "%s: needs %.*s=", verb->word, (int)len,
                     need);
            return -EINVAL;
        }
        need += len;
        need += strspn(need, " ");
    }
    return 0;
}

static int
check_needs(const struct lc_verb *verb, const struct words *words, char *why)
{
    const char *spared = "", *needs = "";

    for (size_t i = 0; i < sizeof(but) / sizeof(but[0]); i++)
        if (strcmp(but[i].word, verb->word) == 0) {
            spared = but[i].spared;
            needs = but[i].needs;
        }
    int err = check_list(verb->needs, spared, verb, words, why);
    return err < 0 ? err : check_list(needs, "", verb, words, why);
}

/* Words that are no attributes go into STRING as they are, a blank between them. Those
 * of auth_opt= leave their name behind. */
static void
put_rest(struct wr *c, const struct lc_verb *verb, const struct words *words)
{
    uint8_t *len_at = NULL;

    for (size_t i = 1; i < words->n; i++) {
        const struct word *w = &words->at[i];
        if (attr_of(verb, w) != LC_ATTR_NONE)
            continue;
        if (!len_at) {
            wr_u32(c, 1);
            wr_u32(c, LC_ATTR_STRING);
            len_at = wr_room(c, 4);
        } else {
            wr_u8(c, ' ');
        }
        bool options = is_name(w, "auth_opt") && w->value;
        if (options && !strchr(w->value, '='))
            wr_bytes(c, "conf", 4);
        else if (!options)
            wr_bytes(c, w->name, w->name_len);
        if (w->value && (!options || !strchr(w->value, '=')))
            wr_u8(c, '=');
        if (w->value)
            wr_bytes(c, w->value, strlen(w->value));
    }
    if (!len_at)
        return;
    wr_u8(c, '\0');
    if (!c->bad)
        wr_be32(len_at, (uint32_t)(c->at - len_at - 4));
}

static void
put_type(struct wr *c, const struct lc_verb *verb, const struct words *words)
{
    bool told = false;

    for (size_t i = 1; i < words->n; i++)
        told = told || is_name(&words->at[i], "type");
    for (size_t i = 0; !told && i < sizeof(typed) / sizeof(typed[0]); i++)
        if (strcmp(typed[i].word, verb->word) == 0)
            lc_attr_put_text(c, LC_ATTR_TYPE, typed[i].type);
}

static int
call_verb(struct lc_call *call, const struct lc_verb *verb, const struct words *words,
          char *why)
{
    const struct lc_method *m = lc_method_by_request(verb->request_id);
    size_t room = 64;
    int err = check_needs(verb, words, why);

    for (size_t i = 1; i < words->n; i++)
        room += LC_ATTR_HEAD_BYTES + words->at[i].name_len + 8 +
                (words->at[i].value ? strlen(words->at[i].value) : 0);
    if (err == 0)
        err = lc_call_room(call, room);
    if (err < 0)
        return err;
    struct wr c = lc_call_begin(call);
    for (size_t i = 1; i < words->n; i++) {
        uint32_t id = attr_of(verb, &words->at[i]);
        if (id != LC_ATTR_NONE && words->at[i].value)
            lc_attr_put_text(&c, id, words->at[i].value);
        else if (id != LC_ATTR_NONE)
            lc_attr_put(&c, id, NULL, 0);
    }
    put_type(&c, verb, words);
    put_rest(&c, verb, words);
    lc_call_end(call, verb->request_id, &c);
    call->name = verb->word;
    call->reply = m ? m->pub.reply : LDMSCTL_REPLY_TEXT;
    return 0;
}

/* A method's name at the start of a line: the words are its arguments. */
static int
call_by_name(struct lc_call *call, struct words *words, enum ldmsctl_release release,
             char *why)
{
    struct ldmsctl_arg args[WORDS_MAX];
    char names[WORDS_MAX][WORD_NAME_BYTES];

    for (size_t i = 0; i < words->n; i++) {
        const struct word *w = &words->at[i];
        if (w->name_len >= WORD_NAME_BYTES) {
            snprintf(why, LC_CALL_WHY_BYTES, "no word '%.60s'", w->name);
            return -LDMSCTL_EUNKNOWN;
        }
        memcpy(names[i], w->name, w->name_len);
        names[i][w->name_len] = '\0';
        args[i] = (struct ldmsctl_arg){names[i], w->value ? w->value : "true"};
    }
    int err = lc_call_method(call, names[0], args + 1, words->n - 1, release, why);
    if (err == -LDMSCTL_EUNKNOWN && !lc_method_find(names[0], strlen(names[0])))
        snprintf(why, LC_CALL_WHY_BYTES, "no word '%s'", names[0]);
    return err;
}

int
lc_call_line(struct lc_call *ret_call, const char *line, enum ldmsctl_release release,
             char ret_why[LC_CALL_WHY_BYTES])
{
    struct words words = {.copy = NULL};
    struct lc_call call = {0};
    int err = split(&words, line, ret_why);

    if (err == 0 && words.n == 0) {
        snprintf(ret_why, LC_CALL_WHY_BYTES, "the line is empty");
        err = -EINVAL;
    }
    if (err == 0) {
        const struct lc_verb *verb =
            words.at[0].value ? NULL
                              : lc_verb_find(words.at[0].name, words.at[0].name_len);
        err = verb ? call_verb(&call, verb, &words, ret_why)
                   : call_by_name(&call, &words, release, ret_why);
    }
    if (err == -ENOMEM)
        snprintf(ret_why, LC_CALL_WHY_BYTES, "out of memory");
    free(words.copy);
    if (err < 0)
        lc_call_free(&call);
    else
        *ret_call = call;
    return err;
}
