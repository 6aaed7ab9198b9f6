/* SPDX-License-Identifier: MIT */
/* prot/user.pid:sid@host */
#include "xm.h"

/* The last place of c in text, or -1. */
static ptrdiff_t
last_of(struct xrdmon_text text, char c)
{
    for (size_t i = text.len; i > 0; i--)
        if (text.at[i - 1] == c)
            return (ptrdiff_t)(i - 1);
    return -1;
}

/* Cut text at its last c: what follows it is returned, what precedes stays in text.
 * Without a c text stays whole, and what is returned is absent. */
static struct xrdmon_text
cut_at_last(struct xrdmon_text *text, char c)
{
    ptrdiff_t at = last_of(*text, c);
    if (at < 0)
        return xm_text(NULL, 0);

    struct xrdmon_text right = xm_text(text->at + at + 1, text->len - (size_t)at - 1);
    text->len = (size_t)at;
    return right;
}

/* From the right, since a user may contain dots, and from the end of the host on nothing
 * is the client's to choose. The staging daemons send no prot, and one of them no pid. */
void
xrdmon_userid_parse(struct xrdmon_text text, struct xrdmon_userid *ret_userid)
{
    struct xrdmon_userid u = {.raw = text};
    struct xrdmon_text left = text;

    u.host = cut_at_last(&left, '@');
    struct xrdmon_text sid = cut_at_last(&left, ':');
    if (!u.host.at || !xm_text_u64(sid, UINT64_MAX, &u.sid)) {
        *ret_userid = (struct xrdmon_userid){.raw = text};
        return;
    }
    u.sid &= XM_SID_MASK;

    const char *slash = left.len ? memchr(left.at, '/', left.len) : NULL;
    if (slash) {
        u.prot = xm_text(left.at, (size_t)(slash - left.at));
        left = xm_text(slash + 1, left.len - u.prot.len - 1);
    }
    u.user = left;
    struct xrdmon_text pid = cut_at_last(&left, '.');
    uint64_t number;
    if (xm_text_u64(pid, UINT32_MAX, &number)) {
        u.pid = (uint32_t)number;
        u.has_pid = true;
        u.user = left;
    }
    u.is_valid = true;
    *ret_userid = u;
}
