/* SPDX-License-Identifier: MIT */
/* Replies: the status line, and a record of a list. Numbers are decimal digits and
 * nothing else, since a guess at a damaged one is a wrong port. */
#include "reply.h"

#include "tclword.h"

#include <string.h>

struct word {
    const char *text;
    size_t len;
};

/* The next word between blanks, as it stands; empty at the end. */
static struct word
take_raw(const char **at, const char *end)
{
    struct word w;

    while (*at < end && pt_tclword_is_blank(**at))
        (*at)++;
    w.text = *at;
    while (*at < end && !pt_tclword_is_blank(**at))
        (*at)++;
    w.len = (size_t)(*at - w.text);
    return w;
}

static bool
is_word(struct word w, const char *text)
{
    return w.len == strlen(text) && memcmp(w.text, text, w.len) == 0;
}

/* Decimal digits of a value up to 65535. Leading zeros do no harm. */
static bool
read_number(const char *text, size_t len, uint32_t *ret_number)
{
    uint32_t n = 0;

    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = n * 10 + (uint32_t)(text[i] - '0');
        if (n > UINT16_MAX)
            return false;
    }
    *ret_number = n;
    return true;
}

/* The Tcl server says FAIL {words}, the Rust server FAIL - words. */
static size_t
take_refusal(const char *at, const char *end, char *buf)
{
    const char *rest = at, *more = at;
    size_t len, next_len;

    if (pt_tclword_take(&rest, end, buf, &len) == PT_WORD) {
        more = rest;
        while (more < end && pt_tclword_is_blank(*more))
            more++;
        if (more == end)
            return len;
    }
    while (at < end && pt_tclword_is_blank(*at))
        at++;
    if (end - at >= 2 && memcmp(at, "- ", 2) == 0)
        at += 2;
    next_len = (size_t)(end - at);
    if (next_len)
        memcpy(buf, at, next_len);
    return next_len;
}

int
pt_reply_status(const char *line, size_t len, char *buf, struct pt_status *ret)
{
    const char *at = line, *end = line + len;
    struct pt_status s = {0};
    struct word status = take_raw(&at, end);

    if (is_word(status, "FAIL")) {
        s.text_len = take_refusal(at, end, buf);
        *ret = s;
        return 0;
    }
    if (!is_word(status, "OK"))
        return -PORTMGR_EPROTO;
    struct word number = take_raw(&at, end);
    if (!read_number(number.text, number.len, &s.number) || take_raw(&at, end).len != 0)
        return -PORTMGR_EPROTO;
    s.ok = true;
    *ret = s;
    return 0;
}

static bool
contains(const char *text, size_t len, const char *what)
{
    size_t n = strlen(what);

    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(text + i, what, n) == 0)
            return true;
    return false;
}

enum portmgr_reason
pt_reply_reason(const char *text, size_t len)
{
    static const struct {
        const char *words;
        enum portmgr_reason reason;
    } known[] = {
        {"no free ports", PORTMGR_REASON_NO_PORTS}, /* Tcl */
        {"No free ports", PORTMGR_REASON_NO_PORTS}, /* Rust */
        {"Only local applications", PORTMGR_REASON_NOT_LOCAL},
        {"only allocate to local", PORTMGR_REASON_NOT_LOCAL},
        {"Duplicate port allocation", PORTMGR_REASON_DUPLICATE},
        {"nvalid request", PORTMGR_REASON_INVALID}, /* both */
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (contains(text, len, known[i].words))
            return known[i].reason;
    return PORTMGR_REASON_OTHER;
}

static int
read_tcl_row(const char *record, size_t len, char *buf, struct pt_row *ret_row)
{
    const char *at = record, *end = record + len;
    char *names[3] = {buf, buf, NULL};
    size_t lens[3] = {0};
    struct pt_row row;
    uint32_t port = 0;

    for (size_t i = 0; i < 3; i++) {
        enum pt_taken taken = pt_tclword_take(&at, end, names[i], &lens[i]);
        if (taken == PT_OPEN)
            return 1;
        if (taken != PT_WORD)
            return -PORTMGR_EPROTO;
        if (i == 0 && (!read_number(buf, lens[0], &port) || port == 0))
            return -PORTMGR_EPROTO;
        if (i == 1)
            names[2] = buf + lens[1] + 1;
    }
    while (at < end && pt_tclword_is_blank(*at))
        at++;
    if (at < end)
        return -PORTMGR_EPROTO;
    names[1][lens[1]] = '\0';
    names[2][lens[2]] = '\0';
    row.port = (uint16_t)port;
    row.service_len = lens[1];
    row.user_len = lens[2];
    *ret_row = row;
    return 0;
}

static int
read_rust_row(const char *record, size_t len, char *buf, struct pt_row *ret_row)
{
    const char *at = record, *end = record + len;
    struct word number = take_raw(&at, end);
    struct word service = take_raw(&at, end);
    struct word user = take_raw(&at, end);
    uint32_t port;

    if (user.len == 0 || take_raw(&at, end).len != 0 ||
        !read_number(number.text, number.len, &port) || port == 0)
        return -PORTMGR_EPROTO;
    memcpy(buf, service.text, service.len);
    buf[service.len] = '\0';
    memcpy(buf + service.len + 1, user.text, user.len);
    buf[service.len + 1 + user.len] = '\0';
    *ret_row = (struct pt_row){
        .port = (uint16_t)port, .service_len = service.len, .user_len = user.len};
    return 0;
}

/* The Rust server lists names as it got them. What a careful client registered is a Tcl
 * list all the same; what is none must be taken as it stands. */
int
pt_reply_row(const char *record, size_t len, enum pt_row_form form, char *buf,
             struct pt_row *ret_row)
{
    int err = read_tcl_row(record, len, buf, ret_row);

    if (err == 0 || form == PT_ROW_TCL)
        return err;
    return read_rust_row(record, len, buf, ret_row);
}
