/* SPDX-License-Identifier: MIT */
/* xrdmon decode: the structs layer, one object a packet. */
#include "../cli.h"
#include "commands.h"
#include "show.h"
#include "text.h"
#include "walk.h"

#include <inttypes.h>

struct decoding {
    const struct settings *settings;
    struct out out;
    uint64_t packets, bad;
};

static bool
take_datagram(void *arg, const struct datagram *datagram)
{
    struct decoding *d = (struct decoding *)arg;
    bool is_first = d->packets++ == 0, is_good;

    switch (d->settings->format) {
    case FORMAT_TEXT:
        is_good = text_packet(stdout, datagram);
        break;
    case FORMAT_JSON:
        out_put(&d->out, is_first ? "[" : ",\n", is_first ? 1 : 2);
        is_good = show_packet(&d->out, datagram);
        break;
    case FORMAT_JSONL:
        is_good = show_packet(&d->out, datagram);
        break;
    default:
        is_good = show_packet(&d->out, datagram);
        d->out.len = 0;
        break;
    }
    d->bad += !is_good;
    if (d->settings->format == FORMAT_JSONL)
        out_end_line(&d->out);
    return d->out.err == 0 && !ferror(stdout);
}

int
command_decode(int argc, char **argv)
{
    static const struct option_row *const tables[] = {options_reading, NULL};
    struct settings s = {0};
    struct decoding d = {.settings = &s};
    int code;

    if (!settings_take(&s, argc, argv, tables, &code))
        return code;
    if (out_open(&d.out, 1) < 0) {
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    code = walk(&s, &d.out, take_datagram, &d);
    if (s.format == FORMAT_JSON)
        out_put(&d.out, d.packets ? "]\n" : "[]\n", d.packets ? 2 : 3);
    return commands_end(&d.out, code);
}
