/* SPDX-License-Identifier: MIT */
/* Responses into replies. */
#include "answer.h"

#include "attr.h"

#include <errno.h>
#include <stdlib.h>

enum { ATTRS_MAX = 65536 };

static int
count_attrs(const struct lc_message *m, size_t *ret_n)
{
    struct rd list = rd_over(m->bytes, m->len);
    struct ldmsctl_attr attr;
    size_t n = 0;
    int more;

    while ((more = lc_attr_take(&list, &attr)) > 0)
        if (++n > ATTRS_MAX)
            return -LDMSCTL_EPROTO;
    *ret_n = n;
    return more;
}

/* Text ends where its NULs begin; a 0 byte follows it in any case, since the next
 * attribute or the end of the list starts with one. */
static void
take_text(struct ldmsctl_reply *reply, const struct ldmsctl_attr *attr)
{
    const char *text = attr->value;

    reply->text = text;
    reply->text_len = attr->len;
    while (reply->text_len && text[reply->text_len - 1] == '\0')
        reply->text_len--;
}

/* Daemons answer status 0 to requests that they could not even read, and to those for
 * set groups that are not there. */
static bool
is_refusal(const struct ldmsctl_reply *reply)
{
    static const char *const words[] = {"LDMSD received a bad request.",
                                        "Group get error: "};

    if (reply->status != 0)
        return true;
    for (size_t i = 0; reply->text && i < sizeof(words) / sizeof(words[0]); i++)
        if (reply->text_len >= strlen(words[i]) &&
            memcmp(reply->text, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

int
lc_answer_read(struct lc_answer *answer, const struct lc_message *m,
               enum ldmsctl_reply_kind kind)
{
    struct ldmsctl_reply *reply = &answer->reply;
    struct rd list = rd_over(m->bytes, m->len);
    size_t n = 0;
    int err = count_attrs(m, &n);

    *reply = (struct ldmsctl_reply){.status = (int32_t)m->code};
    if (err < 0)
        return err;
    answer->attrs = n ? calloc(n, sizeof(*answer->attrs)) : NULL;
    if (n && !answer->attrs)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        (void)lc_attr_take(&list, &answer->attrs[i]);
    reply->attrs = answer->attrs;
    reply->n_attrs = n;
    if (n == 1 &&
        (answer->attrs[0].id == LC_ATTR_STRING || answer->attrs[0].id == LC_ATTR_JSON))
        take_text(reply, &answer->attrs[0]);

    bool refused = is_refusal(reply);
    if (n > 0 && !refused && kind == LDMSCTL_REPLY_ATTRS)
        reply->kind = kind;
    else if (reply->text && answer->attrs[0].id == LC_ATTR_JSON)
        reply->kind = LDMSCTL_REPLY_JSON;
    else if (reply->text)
        reply->kind = !refused && kind == LDMSCTL_REPLY_JSON ? LDMSCTL_REPLY_JSON
                                                             : LDMSCTL_REPLY_TEXT;
    else if (n > 0)
        reply->kind = LDMSCTL_REPLY_ATTRS;
    return refused ? -LDMSCTL_EREFUSED : 0;
}

int
lc_answer_read_dir(struct lc_answer *answer, const struct lc_message *m,
                   const size_t *lens, size_t n, size_t max_bytes, size_t *ret_fault)
{
    struct ldmsctl_reply *reply = &answer->reply;

    *reply = (struct ldmsctl_reply){.status = (int32_t)m->code};
    if (reply->status != 0)
        return -LDMSCTL_EREFUSED;
    int err = lc_dir_read((const char *)m->bytes, lens, n, max_bytes, &answer->dir,
                          ret_fault);
    if (err == 0) {
        reply->kind = LDMSCTL_REPLY_SETS;
        reply->text = answer->dir.text;
        reply->text_len = answer->dir.text_len;
        reply->sets = answer->dir.sets;
        reply->n_sets = answer->dir.n_sets;
    } else if (err == -LDMSCTL_EPROTO) {
        reply->kind = LDMSCTL_REPLY_TEXT;
        reply->text = (const char *)m->bytes;
        reply->text_len = m->len;
    }
    return err;
}

void
lc_answer_free(struct lc_answer *answer)
{
    free(answer->attrs);
    lc_dir_free(&answer->dir);
    *answer = (struct lc_answer){0};
}
