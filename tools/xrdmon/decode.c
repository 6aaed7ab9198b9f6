/* SPDX-License-Identifier: MIT */
/* xrdmon decode: the structs layer, one object a packet. */
#include "../cli.h"
#include "commands.h"
#include "show.h"
#include "text.h"
#include "walk.h"

struct decoding {
    enum format format;
    struct out out;
};

static bool
take_datagram(void *arg, const struct datagram *datagram)
{
    struct decoding *d = (struct decoding *)arg;

    switch (d->format) {
    case FORMAT_TEXT:
        text_packet(stdout, datagram);
        break;
    case FORMAT_NONE:
        show_packet(&d->out, datagram);
        d->out.len = 0;
        break;
    default:
        out_begin_item(&d->out);
        show_packet(&d->out, datagram);
        out_end_item(&d->out);
        break;
    }
    return d->out.err == 0 && !ferror(stdout);
}

int
command_decode(int argc, char **argv)
{
    static const struct option_row *const tables[] = {options_reading, NULL};
    struct settings s = {0};
    struct decoding d;
    int code;

    if (!settings_take(&s, argc, argv, tables, &code))
        return code;
    if (out_open(&d.out, 1) < 0) {
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    d.format = s.format;
    d.out.is_document = s.format == FORMAT_JSON;
    code = walk(&s, &d.out, take_datagram, &d);
    out_end_items(&d.out);
    return commands_end(&d.out, code);
}
