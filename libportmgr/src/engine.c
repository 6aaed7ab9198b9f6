/* SPDX-License-Identifier: MIT */
/* The protocol's state. One request at a time, since the Rust server loses what comes
 * with it; one answer to each, or the end of the connection, which is for good. */
#include "engine.h"

#include "printable.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    RECORD_MAX_LINES = 257, /* one and its 256 continuations */
    QUOTED_CHARS = 60,      /* of a line shown to a person */
    QUOTED_BYTES = 320,
};

static void clear_input(struct pt_engine *e);

void
pt_engine_init(struct pt_engine *e, const struct pt_limits *limits)
{
    memset(e, 0, sizeof(*e));
    e->limits = *limits;
    pt_lines_init(&e->lines, limits->max_line_bytes);
    e->record = queue_make(limits->max_line_bytes);
}

void
pt_engine_free(struct pt_engine *e)
{
    clear_input(e);
    for (size_t i = 0; i < e->answer_count; i++)
        portmgr_list_free(e->answers[i].list);
    e->answer_count = 0;
}

void
pt_engine_reset(struct pt_engine *e)
{
    struct pt_limits limits = e->limits;

    pt_engine_free(e);
    pt_engine_init(e, &limits);
}

/* What has come of the present answer is not needed any more. */
static void
clear_input(struct pt_engine *e)
{
    pt_lines_clear(&e->lines);
    queue_free(&e->record);
    pt_rows_clear(&e->rows);
    e->in_list = false;
    e->list_bytes = 0;
    e->record_lines = 0;
}

static void
push_answer(struct pt_engine *e, struct pt_answer answer)
{
    e->answers[e->answer_count++] = answer;
}

static void
end(struct pt_engine *e, int err)
{
    static const enum portmgr_event_kind kinds[] = {
        [PT_IDLE] = PORTMGR_EVENT_LOST,
        [PT_ALLOCATING] = PORTMGR_EVENT_ALLOCATED,
        [PT_LISTING] = PORTMGR_EVENT_LISTED,
    };

    push_answer(e, (struct pt_answer){.kind = kinds[e->doing], .err = err});
    e->over = err;
    e->over_doing = e->doing;
    e->doing = PT_IDLE;
    e->deadline_ms = 0;
    e->ports_held = 0;
    e->out_len = e->out_sent = 0;
    clear_input(e);
}

__attribute__((format(printf, 3, 4))) static void
end_because(struct pt_engine *e, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(e->why, sizeof(e->why), format, args);
    va_end(args);
    end(e, err);
}

static void
end_at_line(struct pt_engine *e, const char *text, size_t len, const char *what)
{
    char quoted[QUOTED_BYTES];

    pt_printable(text, len, QUOTED_CHARS, quoted, sizeof(quoted));
    end_because(e, -PORTMGR_EPROTO, "the server sent '%s', which is %s", quoted, what);
}

void
pt_engine_end(struct pt_engine *e, int err, const char *why)
{
    if (!e->over)
        end_because(e, err, "%s", why ? why : portmgr_strerror(err));
}

static int
start(struct pt_engine *e, enum pt_doing doing, uint64_t now_ms)
{
    if (e->over)
        return -ENOTCONN;
    if (e->doing != PT_IDLE || e->answer_count)
        return -EBUSY;
    e->doing = doing;
    e->deadline_ms = now_ms + e->limits.timeout_ms;
    e->out_sent = 0;
    return 0;
}

int
pt_engine_allocate(struct pt_engine *e, const char *service, const char *user,
                   uint64_t now_ms)
{
    int err = start(e, PT_ALLOCATING, now_ms);

    if (err == 0)
        e->out_len = pt_request_gimme(service, user, e->out);
    return err;
}

int
pt_engine_list(struct pt_engine *e, uint64_t now_ms)
{
    int err = start(e, PT_LISTING, now_ms);

    if (err == 0)
        e->out_len = pt_request_list(e->out);
    return err;
}

static void
finish(struct pt_engine *e, struct pt_answer answer)
{
    push_answer(e, answer);
    e->doing = PT_IDLE;
    e->deadline_ms = 0;
    e->out_len = e->out_sent = 0;
    clear_input(e);
}

static void
finish_list(struct pt_engine *e)
{
    struct portmgr_list *list = pt_rows_finish(&e->rows);

    if (list)
        finish(e, (struct pt_answer){.kind = PORTMGR_EVENT_LISTED, .list = list});
    else
        end_because(e, -ENOMEM, "there is no memory for the list");
}

static void
take_refusal(struct pt_engine *e, const char *text, size_t len)
{
    e->reason = pt_reply_reason(text, len);
    pt_printable(text, len, PT_REFUSAL_CHARS, e->refusal, sizeof(e->refusal));
    end_because(e, -PORTMGR_EREFUSED, "the server refused: '%s'", e->refusal);
}

/* The first line of an answer. */
static void
take_status(struct pt_engine *e, const struct pt_line *line)
{
    struct pt_status status;
    char *text = pt_rows_room(&e->rows, line->len + 1); /* the line may be empty */

    if (!text) {
        end_because(e, -ENOMEM, "there is no memory for the answer");
    } else if (pt_reply_status(line->text, line->len, text, &status) < 0) {
        end_at_line(e, line->text, line->len, "no port manager's answer");
    } else if (!status.ok) {
        take_refusal(e, text, status.text_len);
    } else if (e->doing == PT_LISTING) {
        e->in_list = true;
        e->rows_left = status.number;
        if (e->rows_left == 0)
            finish_list(e);
    } else if (status.number == 0) {
        end_at_line(e, line->text, line->len, "no port that can be had");
    } else {
        e->ports_held++;
        finish(e, (struct pt_answer){.kind = PORTMGR_EVENT_ALLOCATED,
                                     .port = (uint16_t)status.number});
    }
}

/* A record, whole as far as its last line. 1 where it must go on. */
static int
take_record(struct pt_engine *e, const char *text, size_t len, enum pt_row_form form)
{
    struct pt_row row;
    char *names = pt_rows_room(&e->rows, len);
    int err = names ? pt_reply_row(text, len, form, names, &row) : -ENOMEM;

    if (err > 0)
        return err;
    if (err == 0)
        err = pt_rows_add(&e->rows, &row);
    if (err == -ENOMEM)
        end_because(e, err, "there is no memory for the list");
    else if (err < 0)
        end_at_line(e, text, len, "no row of a list");
    else if (--e->rows_left == 0)
        finish_list(e);
    return 0;
}

/* One more line of a record that was open at the end of the lines before. */
static void
add_to_record(struct pt_engine *e, const struct pt_line *line)
{
    int err = 0;

    if (e->record_lines++) {
        err = queue_push(&e->record, "\n", 1); /* which the server wrote as CR LF */
        pt_tclscan_feed(&e->scan, "\n", 1);
    } else {
        e->scan = (struct pt_tclscan){0};
    }
    if (err == 0)
        err = queue_push(&e->record, line->text, line->len);
    if (err == -ENOMEM) {
        end_because(e, err, "there is no memory for the list");
    } else if (err < 0) {
        end_because(e, -PORTMGR_ETOOLONG, "a row of the list is longer than %zu bytes",
                    e->limits.max_line_bytes);
    } else if (!line->has_crlf) {
        end_at_line(e, line->text, line->len, "no row of a list");
    } else if (e->record_lines > RECORD_MAX_LINES) {
        end_because(e, -PORTMGR_ETOOLONG, "a row of the list has more than %d lines",
                    RECORD_MAX_LINES);
    } else {
        pt_tclscan_feed(&e->scan, line->text, line->len);
    }
}

static void
take_row_line(struct pt_engine *e, const struct pt_line *line)
{
    const char *text;
    size_t len;

    if (e->record_lines == 0) {
        enum pt_row_form form = line->has_crlf ? PT_ROW_TCL : PT_ROW_RUST;
        if (take_record(e, line->text, line->len, form) > 0)
            add_to_record(e, line);
        return;
    }
    add_to_record(e, line);
    if (e->over || pt_tclscan_is_open(&e->scan))
        return;
    text = (const char *)queue_at(&e->record);
    len = e->record.len;
    e->record_lines = 0;
    if (take_record(e, text, len, PT_ROW_TCL) > 0)
        end_at_line(e, text, len, "no row of a list");
    queue_drop(&e->record, e->record.len);
}

static void
take_line(struct pt_engine *e, const struct pt_line *line)
{
    if (!e->in_list) {
        take_status(e, line);
        return;
    }
    e->list_bytes += line->len + 1 + line->has_crlf;
    if (e->list_bytes > e->limits.max_list_bytes)
        end_because(e, -PORTMGR_ETOOLONG, "the list is longer than %zu bytes",
                    e->limits.max_list_bytes);
    else
        take_row_line(e, line);
}

void
pt_engine_feed(struct pt_engine *e, const void *bytes, size_t n)
{
    const char *at = bytes, *stop = at + n;

    while (at < stop && !e->over) {
        struct pt_line line;
        if (e->doing == PT_IDLE || e->out_sent < e->out_len) {
            end_at_line(e, at, (size_t)(stop - at), "no answer to anything asked");
            break;
        }
        int got = pt_lines_take(&e->lines, &at, stop, &line);
        if (got == 1)
            take_line(e, &line);
        else if (got == -PORTMGR_ETOOLONG)
            end_because(e, got, "a line of the answer is longer than %zu bytes",
                        e->limits.max_line_bytes);
        else if (got < 0)
            end_because(e, got, "there is no memory for the answer");
    }
}

size_t
pt_engine_out(const struct pt_engine *e, const void **ret_bytes)
{
    *ret_bytes = e->out + e->out_sent;
    return e->out_len - e->out_sent;
}

void
pt_engine_sent(struct pt_engine *e, size_t n)
{
    e->out_sent += n;
}

void
pt_engine_tick(struct pt_engine *e, uint64_t now_ms)
{
    if (e->deadline_ms && now_ms >= e->deadline_ms)
        end_because(e, -ETIMEDOUT, "no whole answer within %u ms",
                    (unsigned)e->limits.timeout_ms);
}

bool
pt_engine_next(struct pt_engine *e, struct pt_answer *ret_answer)
{
    if (e->answer_count == 0)
        return false;
    *ret_answer = e->answers[0];
    e->answers[0] = e->answers[1];
    e->answer_count--;
    return true;
}
