/* SPDX-License-Identifier: MIT */
/* Events of the g-stream, in its binary form and in its text forms. */
#include "engine.h"

/* The first time round the head is read; then there is an event for each line. */
bool
xm_tell_gstream(struct xm_engine *e)
{
    struct xrdmon_event *ev = &e->event;

    if (!e->is_told) {
        e->is_told = true;
        int err = xrdmon_gstream_parse(&e->item->packet, &e->gstream);
        if (err < 0) {
            e->lines.left = (struct xrdmon_text){NULL, 0};
            return xm_tell_bad(e, err, e->item->packet.len,
                               "the packet ends within its head");
        }
        e->lines = e->gstream.lines;
        ev->gstream = &e->gstream;
        ev->window = (struct xrdmon_window){.begin_unix_s = e->gstream.begin_unix_s,
                                            .end_unix_s = e->gstream.end_unix_s};
    }
    ev->type = XRDMON_EV_GSTREAM;
    if (xrdmon_lines_next(&e->lines, &ev->line))
        return true;
    if (e->item->packet.missing == 0 || !ev->gstream)
        return false;
    ev->gstream = NULL; /* so that this is told once */
    ev->line = (struct xrdmon_text){NULL, 0};
    return xm_tell_bad(e, -XRDMON_ETRUNCATED, e->item->packet.len,
                       "the packet is shorter than it says");
}

bool
xm_tell_gtext(struct xm_engine *e)
{
    struct xrdmon_event *ev = &e->event;

    if (!e->is_told) {
        e->is_told = true;
        int err = xrdmon_gtext_parse(&e->item->packet, &e->gtext);
        if (err < 0) {
            e->lines.left = (struct xrdmon_text){NULL, 0};
            return xm_tell_bad(e, err, 0, "the head of the text breaks off");
        }
        e->lines = e->gtext.lines;
        ev->gtext = &e->gtext;
        ev->window = (struct xrdmon_window){.begin_unix_s = e->gtext.begin_unix_s,
                                            .end_unix_s = e->gtext.end_unix_s};
        ev->type = XRDMON_EV_GTEXT;
        return true;
    }
    ev->type = XRDMON_EV_GSTREAM;
    return xrdmon_lines_next(&e->lines, &ev->line);
}
