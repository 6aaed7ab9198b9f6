/* SPDX-License-Identifier: MIT */
/* Ways for a port manager to be broken or hostile, a row each. */
#include "fault.h"

#include <string.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): string literals, joined to others. */
#define BYTES(text)                                                                    \
    {                                                                                  \
        text, sizeof(text) - 1                                                         \
    }
/* A reply to LIST whose count is odd, and then nothing. */
#define COUNT(n, text)                                                                 \
    {                                                                                  \
        .name = "count-" n, .about = "LIST is answered OK " text, .when = FAULT_LIST,  \
        .head = BYTES("OK " text "\r\n")                                               \
    }
/* A port that is none, in a row and as the answer to GIMME. */
#define PORT(n, text)                                                                  \
    {                                                                                  \
        .name = "port-" n, .about = "the port is " text, .when = FAULT_REQUEST,        \
        .head = BYTES("OK 1\r\n" text " svc fox\r\n"),                                 \
        .gimme = BYTES("OK " text "\r\n")                                              \
    }
/* One row, then the end, or silence. */
#define ROW(n, what, text, end)                                                        \
    {                                                                                  \
        .name = "row-" n, .about = what, .when = FAULT_LIST,                           \
        .head = BYTES("OK 1\r\n" text), .then = end                                    \
    }
#define ENDLESS(n, what, begin, again)                                                 \
    {                                                                                  \
        .name = n, .about = what, .when = FAULT_REQUEST, .head = BYTES(begin),         \
        .unit = BYTES(again), .times = FAULT_FOREVER                                   \
    }
#define INSTEAD(n, what, text, end)                                                    \
    {                                                                                  \
        .name = n, .about = what, .when = FAULT_REQUEST, .head = BYTES(text),          \
        .then = end                                                                    \
    }

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct fault faults[] = {
    {.name = "queue-full", .about = "connecting never ends", .when = FAULT_QUEUE},
    {.name = "silent", .about = "no reply, ever", .when = FAULT_CONNECT},
    {.name = "close-at-once",
     .about = "end of file as soon as connected",
     .when = FAULT_CONNECT,
     .then = FAULT_CLOSE},
    {.name = "reset-at-once",
     .about = "reset as soon as connected",
     .when = FAULT_CONNECT,
     .then = FAULT_RESET},
    {.name = "greeting",
     .about = "speaks first, then serves",
     .when = FAULT_CONNECT,
     .head = BYTES("220 daqhost ready\r\n"),
     .then = FAULT_SERVE},
    {.name = "early-reply",
     .about = "a reply before the request",
     .when = FAULT_CONNECT,
     .head = BYTES("OK 0\r\n"),
     .then = FAULT_SERVE},

    INSTEAD("close-after-request", "end of file instead of a reply", "", FAULT_CLOSE),
    INSTEAD("reset-after-request", "reset instead of a reply", "", FAULT_RESET),
    {.name = "close-after-status",
     .about = "end of file after the status",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 2\r\n"),
     .gimme = BYTES("OK "),
     .then = FAULT_CLOSE},
    {.name = "reset-after-status",
     .about = "reset after the status",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 2\r\n"),
     .gimme = BYTES("OK "),
     .then = FAULT_RESET},
    {.name = "close-in-row",
     .about = "end of file inside a row, or a port",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 2\r\n43010 a fox\r\n430"),
     .gimme = BYTES("OK 4301"),
     .then = FAULT_CLOSE},
    {.name = "reset-in-row",
     .about = "reset inside a row, or a port",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 2\r\n43010 a fox\r\n430"),
     .gimme = BYTES("OK 4301"),
     .then = FAULT_RESET},
    {.name = "no-line-end",
     .about = "end of file where only the line end is missing",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 1\r\n43010 a fox"),
     .gimme = BYTES("OK 43010"),
     .then = FAULT_CLOSE},

    ENDLESS("endless-line", "a line without end", "OK 1\r\n43010 ", "x"),
    ENDLESS("endless-status", "a status without end", "", "x"),
    ENDLESS("endless-blanks", "blanks without end", "", " "),
    ENDLESS("endless-digits", "a number without end", "OK ", "1"),
    ENDLESS("endless-empty-lines", "empty lines without end", "", "\r\n"),
    ENDLESS("endless-random", "bytes of no meaning, without end", "",
            "\x8f\x12\xe0\x5b\x00\x97\xfe\x41\x0d\x33\xc8\x7f\x80\xb2\x06\xd5"),
    {.name = "drip",
     .about = "one byte at a time, for ever",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 1\r\n43010 "),
     .gimme = BYTES("OK "),
     .unit = BYTES("0"),
     .times = FAULT_FOREVER,
     .drip = true},
    {.name = "fail-huge",
     .about = "FAIL with 10 MB of text",
     .when = FAULT_REQUEST,
     .head = BYTES("FAIL {"),
     .unit = BYTES("no room "),
     .times = 10 << 17,
     .tail = BYTES("}\r\n")},
    INSTEAD("fail-control", "FAIL with control sequences and line feeds in its text",
            "FAIL {\x1b]0;owned\x07\x1b[2J no\\nOK 43099}\r\n", FAULT_CLOSE),

    COUNT("1e9", "1000000000"),
    COUNT("1e20", "100000000000000000000"),
    COUNT("negative", "-1"),
    COUNT("2-31", "2147483648"),
    COUNT("2-32", "4294967296"),
    COUNT("2-64", "18446744073709551616"),
    COUNT("fraction", "1.5"),
    COUNT("hex", "0x1"),
    COUNT("exponent", "1e0"),
    COUNT("text-after", "1x"),
    COUNT("empty", "{}"),
    COUNT("none", ""),
    {.name = "count-1e9-rows",
     .about = "OK 1000000000, and rows without end",
     .when = FAULT_LIST,
     .head = BYTES("OK 1000000000\r\n"),
     .unit = BYTES("43010 svc fox\r\n"),
     .times = FAULT_FOREVER},
    {.name = "rows-endless",
     .about = "OK 1, and rows without end",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n"),
     .unit = BYTES("43010 svc fox\r\n"),
     .times = FAULT_FOREVER},
    {.name = "rows-more",
     .about = "a row more than announced",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n43010 a fox\r\n43009 b fox\r\n")},
    {.name = "rows-fewer",
     .about = "a row fewer than announced, then silence",
     .when = FAULT_LIST,
     .head = BYTES("OK 2\r\n43010 a fox\r\n")},
    {.name = "rows-fewer-close",
     .about = "a row fewer than announced, then end of file",
     .when = FAULT_LIST,
     .head = BYTES("OK 2\r\n43010 a fox\r\n"),
     .then = FAULT_CLOSE},

    PORT("0", "0"),
    PORT("65536", "65536"),
    PORT("70000", "70000"),
    PORT("negative", "-5"),
    PORT("2-32-plus-1", "4294967297"),
    PORT("2-64-plus-43010", "18446744073709594626"),
    PORT("text", "port"),
    PORT("text-after", "43x"),
    PORT("hex", "0x50"),
    PORT("fraction", "4.5"),
    PORT("empty", "{}"),
    PORT("exponent", "1e3"),

    ROW("open-brace-close", "an open brace, then end of file", "43010 {a b fox\r\n",
        FAULT_CLOSE),
    ROW("open-brace-silent", "an open brace, then silence", "43010 {a b fox\r\n",
        FAULT_STAY),
    {.name = "row-open-brace-lines",
     .about = "an open brace, then lines for ever",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n43010 {a\r\n"),
     .unit = BYTES("43011 svc fox\r\n"),
     .times = FAULT_FOREVER},
    ROW("open-quote-close", "an open quote, then end of file", "43010 \"a b fox\r\n",
        FAULT_CLOSE),
    ROW("open-quote-silent", "an open quote, then silence", "43010 \"a b fox\r\n",
        FAULT_STAY),
    {.name = "row-open-quote-lines",
     .about = "an open quote, then lines for ever",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n43010 \"a\r\n"),
     .unit = BYTES("43011 svc fox\r\n"),
     .times = FAULT_FOREVER},
    ROW("text-after-brace", "text after a closing brace", "43010 {a}b fox\r\n",
        FAULT_STAY),
    ROW("0-elements", "a row of no element", "\r\n", FAULT_STAY),
    ROW("1-element", "a row of one element", "43010\r\n", FAULT_STAY),
    ROW("2-elements", "a row of two elements", "43010 svc\r\n", FAULT_STAY),
    ROW("4-elements", "a row of four elements", "43010 svc fox 1\r\n", FAULT_STAY),
    {.name = "row-nested",
     .about = "30000 nested braces, never closed",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n43010 "),
     .unit = BYTES("{"),
     .times = 30000,
     .tail = BYTES(" fox\r\n")},
    {.name = "row-backslashes",
     .about = "a name of 60000 backslashes: 30000 of them",
     .when = FAULT_LIST,
     .head = BYTES("OK 1\r\n43010 "),
     .unit = BYTES("\\"),
     .times = 60000,
     .tail = BYTES(" fox\r\n")},

    INSTEAD("nul-in-status", "NUL in the status", "O\0K 1\r\n43010 a fox\r\n",
            FAULT_STAY),
    ROW("nul-in-port", "NUL in the port", "430\00010 a fox\r\n", FAULT_STAY),
    ROW("nul-in-name", "NUL in a name", "43010 a\0b fox\r\n", FAULT_STAY),
    ROW("nul-escape", "NUL as an escape in a name", "43010 a\\x00b fox\r\n",
        FAULT_STAY),
    ROW("not-utf8", "a name that is not UTF-8", "43010 \xff\xfe\xc3 fox\r\n",
        FAULT_STAY),
    ROW("surrogates", "lone surrogates in names, as bytes and as escapes",
        "43010 \xed\xa0\x80 \\ud800\r\n", FAULT_STAY),
    ROW("control", "control sequences in a name",
        "43010 \x1b]0;owned\x07\x1b[2J\x7f\xc2\x9b fox\r\n", FAULT_STAY),
    ROW("line-feed", "a line feed in a name, and what looks like a row behind it",
        "43010 {a\r\n43099 RingMaster root\r\nb} fox\r\n", FAULT_STAY),

    INSTEAD("http", "an HTTP server",
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n",
            FAULT_CLOSE),
    INSTEAD("tls", "a TLS server", "\x15\x03\x01\x00\x02\x02\x46", FAULT_CLOSE),
    {.name = "ssh",
     .about = "an SSH server",
     .when = FAULT_CONNECT,
     .head = BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")},
    INSTEAD("random", "bytes of no meaning",
            "\x8f\x12\xe0\x5b\x00\x97\xfe\x41\x0d\x33\xc8\x7f\x80\xb2\x06\xd5\n",
            FAULT_STAY),
    {.name = "second-reply",
     .about = "two replies to one request",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 1\r\n43010 a fox\r\nOK 0\r\n"),
     .gimme = BYTES("OK 43010\r\nOK 43009\r\n")},
    {.name = "unknown-status",
     .about = "a status that is neither OK nor FAIL",
     .when = FAULT_REQUEST,
     .head = BYTES("OKAY 0\r\n")},
    {.name = "status-extra",
     .about = "a word too many after OK",
     .when = FAULT_REQUEST,
     .head = BYTES("OK 1 2\r\n43010 a fox\r\n")},

    {.name = "hold-close",
     .about = "end of file while a port is held",
     .when = FAULT_HOLD,
     .then = FAULT_CLOSE},
    {.name = "hold-reset",
     .about = "reset while a port is held",
     .when = FAULT_HOLD,
     .then = FAULT_RESET},
    {.name = "hold-chatter",
     .about = "lines without end while a port is held",
     .when = FAULT_HOLD,
     .unit = BYTES("are you still there?\r\n"),
     .times = FAULT_FOREVER},
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

const struct fault *
fault_find(const char *name)
{
    for (size_t i = 0; i < FAULTS; i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}

void
fault_put_names(FILE *f)
{
    for (size_t i = 0; i < FAULTS; i++)
        fprintf(f, "%-22s %s\n", faults[i].name, faults[i].about);
}

size_t
fault_take(struct fault_run *run, char *ret_bytes, size_t room)
{
    enum { HEAD, UNIT, TAIL, PARTS };
    const struct fault *f = run->fault;
    bool gimme = run->gimme && f->gimme.bytes;
    const struct fault_bytes parts[PARTS] = {gimme ? f->gimme : f->head, f->unit,
                                             f->tail};
    const size_t times[PARTS] = {1, f->times, 1};
    size_t n = 0;

    while (run->part < PARTS && n < room) {
        const struct fault_bytes *part = &parts[run->part];
        if (run->round == times[run->part] || part->len == 0) {
            run->part++;
            run->round = 0;
        } else {
            size_t take =
                part->len - run->at < room - n ? part->len - run->at : room - n;
            memcpy(ret_bytes + n, part->bytes + run->at, take);
            n += take;
            run->at += take;
            if (run->at == part->len) {
                run->at = 0;
                run->round += times[run->part] != FAULT_FOREVER;
            }
        }
    }
    return n;
}
