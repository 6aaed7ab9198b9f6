/* SPDX-License-Identifier: MIT */
/* What records and events are called. */
#include "words.h"

const char *
word_of_fstat(uint8_t type)
{
    static const char *const words[] = {
        [XRDMON_FSTAT_CLOSE] = "close", [XRDMON_FSTAT_OPEN] = "open",
        [XRDMON_FSTAT_TIME] = "time",   [XRDMON_FSTAT_XFR] = "xfr",
        [XRDMON_FSTAT_DISC] = "disc",
    };
    return type < sizeof(words) / sizeof(words[0]) ? words[type] : NULL;
}

const char *
word_of_trace(uint8_t type)
{
    switch (type) {
    case XRDMON_TRACE_READ:
        return "read";
    case XRDMON_TRACE_WRITE:
        return "write";
    case XRDMON_TRACE_OPEN:
        return "open";
    case XRDMON_TRACE_READV:
        return "readv";
    case XRDMON_TRACE_READU:
        return "readu";
    case XRDMON_TRACE_APPID:
        return "appid";
    case XRDMON_TRACE_CLOSE:
        return "close";
    case XRDMON_TRACE_DISC:
        return "disc";
    case XRDMON_TRACE_WINDOW:
        return "window";
    default:
        return NULL;
    }
}

/* What tells the stream of a window: the packet that it is in. */
static const char *
window_stream(const struct xrdmon_event *e)
{
    switch (e->packet ? e->packet->kind : 0) {
    case XRDMON_FSTAT:
        return "f";
    case XRDMON_TRACE:
        return "t";
    case XRDMON_REDIR:
        return "r";
    default:
        return "g";
    }
}

struct words
words_of_event(const struct xrdmon_event *e)
{
    static const struct words fixed[] = {
        [XRDMON_EV_SERVER] = {"map", "server"},
        [XRDMON_EV_USER] = {"map", "user"},
        [XRDMON_EV_PATH] = {"map", "path"},
        [XRDMON_EV_APPINFO] = {"map", "appinfo"},
        [XRDMON_EV_TOKEN] = {"map", "token"},
        [XRDMON_EV_EXPERIMENT] = {"map", "ea"},
        [XRDMON_EV_TRANSFER] = {"map", "frmxfr"},
        [XRDMON_EV_PURGE] = {"map", "purge"},
        [XRDMON_EV_REDIR] = {"r", "redirect"},
        [XRDMON_EV_GSTREAM] = {"g", "gstream"},
        [XRDMON_EV_GTEXT] = {"g", "gtext"},
        [XRDMON_EV_SUMMARY] = {"summary", "summary"},
        [XRDMON_EV_ACCESS] = {"f", "access"},
        [XRDMON_EV_BAD] = {NULL, "bad"},
    };
    const char *word;

    switch (e->type) {
    case XRDMON_EV_FSTAT:
        word = word_of_fstat(e->fstat->type);
        return (struct words){"f", word ? word : "unknown"};
    case XRDMON_EV_TRACE:
        word = e->is_segment                          ? "readseg"
               : e->trace->type == XRDMON_TRACE_READU ? "readv" /* parts follow */
                                                      : word_of_trace(e->trace->type);
        return (struct words){"t", word ? word : "unknown"};
    case XRDMON_EV_WINDOW_BEGIN:
    case XRDMON_EV_WINDOW_END:
        return (struct words){window_stream(e), "window"};
    default:
        return (size_t)e->type < sizeof(fixed) / sizeof(fixed[0]) ? fixed[e->type]
                                                                  : (struct words){0};
    }
}
