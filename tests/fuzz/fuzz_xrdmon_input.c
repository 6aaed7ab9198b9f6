/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of the tool: packets, a capture, lines of JSON. What is found in
 * it is printed, packets and events, and what is printed is JSON, on one line. */
#include <input.h>
#include <names.h>
#include <show_event.h>

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static void
check_line(struct out *out)
{
    check(xrdmon_json_is_valid((struct xrdmon_text){out->text, out->len}));
    check(!memchr(out->text, '\n', out->len));
    out->len = 0;
}

static void
check_events(struct out *out, struct xrdmon *xm, const struct names *names)
{
    for (const struct xrdmon_event *e; (e = xrdmon_next(xm)) != NULL;) {
        struct arrival arrival = {names_give(names, &e->source),
                                  names_has_time(&e->source)};
        show_event(out, e, &arrival);
        check_line(out);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct names *names; /* large, and made once; it has its own limit */
    struct xrdmon_options settings = {.size = sizeof(settings), .want_access = true};
    struct xrdmon *xm;
    struct input_options options = {.port = 0};
    struct datagram datagram;
    struct input *in;
    struct out out;
    const char *why;
    uint64_t last = 0;

    if (input_open_memory(&in, bytes, len, &options, &why) < 0)
        return 0;
    if (!names)
        names = names_new();
    check(names && out_open(&out, -1) == 0 && xrdmon_new(&xm, &settings) == 0);
    while (input_next(in, &datagram)) {
        check(datagram.len <= 65536 && datagram.offset >= last &&
              datagram.offset <= len);
        last = datagram.offset;
        show_packet(&out, &datagram);
        check_line(&out);
        struct xrdmon_source source = names_take(names, &datagram);
        while (xrdmon_feed(xm, &source, datagram.bytes, datagram.len,
                           datagram.time_ns) == -EAGAIN)
            check_events(&out, xm, names);
        check_events(&out, xm, names);
    }
    xrdmon_flush(xm);
    check_events(&out, xm, names);
    xrdmon_free(xm);
    check(input_get_counts(in)->bytes <= 16 * len); /* fragments may come again */
    input_close(in);
    out_close(&out);
    return 0;
}
