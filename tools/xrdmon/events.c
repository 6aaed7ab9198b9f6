/* SPDX-License-Identifier: MIT */
/* xrdmon events: the streams layer, one object an event, or a window. */
#include "../cli.h"
#include "commands.h"
#include "show_event.h"
#include "streams.h"
#include "text.h"

#include <stdio.h>

struct printing {
    const struct settings *settings;
    struct streams streams;
    struct out out;
    bool in_window;
};

static bool
take_windows(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->stream.want_windows = true;
    return true;
}

static bool
take_access(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->stream.want_access = true;
    return true;
}

static bool
take_lines(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->wants_lines = true;
    return true;
}

static const struct option_row options_events[] = {
    {"access", 0, NULL, "also each file's open, last transfer and close as one",
     take_access},
    {"windows", 0, NULL, "events of a window within one object", take_windows},
    {"lines", 0, NULL, "also the records of text-form g-streams, one by one",
     take_lines},
    {NULL, 0, NULL, NULL, NULL},
};

static bool
take_event(void *arg, const struct xrdmon_event *e)
{
    struct printing *p = (struct printing *)arg;

    if (e->type == XRDMON_EV_GSTREAM && !e->gstream && !p->settings->wants_lines)
        return true; /* its text was printed whole */
    if (p->settings->format == FORMAT_TEXT) {
        text_event(stdout, e, names_has_time(&e->source));
        return !ferror(stdout);
    }
    if (p->in_window) {
        p->in_window = e->type != XRDMON_EV_WINDOW_END;
        if (p->in_window) {
            show_window_event(&p->out, e);
        } else {
            show_window_end(&p->out);
            out_end_item(&p->out);
        }
        return p->out.err == 0;
    }
    struct arrival arrival = {names_give(p->streams.names, &e->source),
                              names_has_time(&e->source)};
    out_begin_item(&p->out);
    if (e->type == XRDMON_EV_WINDOW_BEGIN) {
        p->in_window = true;
        show_window_begin(&p->out, e, &arrival);
    } else {
        show_event(&p->out, e, &arrival);
        out_end_item(&p->out);
    }
    return p->out.err == 0;
}

static bool
drop_event(void *arg, const struct xrdmon_event *event)
{
    (void)arg, (void)event;
    return true;
}

int
command_events(int argc, char **argv)
{
    static const struct option_row *const tables[] = {options_reading, options_events,
                                                      options_streams, NULL};
    struct settings s = {0};
    struct printing p = {.settings = &s};
    int code;

    if (!settings_take(&s, argc, argv, tables, &code))
        return code;
    if (out_open(&p.out, 1) < 0) {
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    p.out.is_document = s.format == FORMAT_JSON;
    code = streams_run(&p.streams, &s, &p.out,
                       s.format == FORMAT_NONE ? drop_event : take_event, &p);
    out_end_items(&p.out);
    code = commands_end(&p.out, code);
    if (code != CLI_MISUSED)
        streams_say_counts(&p.streams);
    streams_close(&p.streams);
    return code;
}
