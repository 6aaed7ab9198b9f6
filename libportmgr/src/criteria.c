/* SPDX-License-Identifier: MIT */
/* What find looks for. All criteria given must hold; none looks at case or patterns. */
#include "criteria.h"

#include "options.h"

#include <stdlib.h>

int
pt_criteria_read(const struct portmgr_criteria *criteria, struct pt_criteria *ret)
{
    struct portmgr_criteria c;
    int err = pt_options_read(criteria, &c, sizeof(c), sizeof(c));

    if (err == 0)
        *ret = (struct pt_criteria){.service = c.service,
                                    .begins_with = c.begins_with,
                                    .user = c.user,
                                    .instances_of = c.instances_of};
    return err;
}

static bool
begins(const char *text, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);
    return n <= len && memcmp(text, prefix, n) == 0;
}

static bool
equals(const char *text, size_t len, const char *want)
{
    return strlen(want) == len && memcmp(text, want, len) == 0;
}

/* NAME, or NAME_ and digits, as the server numbers them. */
static bool
is_instance(const char *text, size_t len, const char *name)
{
    size_t n = strlen(name);

    if (!begins(text, len, name))
        return false;
    if (n == len)
        return true;
    if (text[n++] != '_' || n == len)
        return false;
    for (; n < len; n++)
        if (text[n] < '0' || text[n] > '9')
            return false;
    return true;
}

bool
pt_criteria_match(const struct pt_criteria *want, const struct portmgr_row *row)
{
    return (!want->service || equals(row->service, row->service_len, want->service)) &&
           (!want->begins_with ||
            begins(row->service, row->service_len, want->begins_with)) &&
           (!want->user || equals(row->user, row->user_len, want->user)) &&
           (!want->instances_of ||
            is_instance(row->service, row->service_len, want->instances_of));
}

int
pt_criteria_copy(const struct pt_criteria *from, struct pt_criteria *ret,
                 char **ret_block)
{
    const char *in[] = {from->service, from->begins_with, from->user,
                        from->instances_of};
    const char *out[4] = {NULL};
    size_t total = 1;

    for (size_t i = 0; i < 4; i++)
        total += in[i] ? strlen(in[i]) + 1 : 0;
    char *block = malloc(total), *at = block;
    if (!block)
        return -ENOMEM;
    for (size_t i = 0; i < 4; i++) {
        if (!in[i])
            continue;
        size_t n = strlen(in[i]) + 1;
        memcpy(at, in[i], n);
        out[i] = at;
        at += n;
    }
    *ret = (struct pt_criteria){.service = out[0],
                                .begins_with = out[1],
                                .user = out[2],
                                .instances_of = out[3]};
    *ret_block = block;
    return 0;
}
