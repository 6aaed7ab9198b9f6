/* SPDX-License-Identifier: MIT */
/* Prints who moved how much of which file, from packets that lie back to back on standard
 * input. */
#include <xrdmon.h>

#include <inttypes.h>
#include <stdio.h>

static void
print_access(const struct xrdmon_event *ev)
{
    const struct xrdmon_fstat_totals *t = &ev->access->totals;
    struct xrdmon_text user = {"somebody", 8};

    if (ev->client && ev->client->userid.is_valid)
        user = ev->client->userid.user;
    printf("%.*s read %" PRId64 " and wrote %" PRId64 " bytes of %.*s%s\n",
           (int)user.len, user.at, t->read_bytes + t->readv_bytes, t->write_bytes,
           (int)ev->path.len, ev->path.at ? ev->path.at : "",
           ev->access->end == XRDMON_END_CLOSE ? "" : " so far");
}

static void
take_events(struct xrdmon *xm)
{
    const struct xrdmon_event *ev;

    while ((ev = xrdmon_next(xm)) != NULL) {
        if (ev->type == XRDMON_EV_ACCESS)
            print_access(ev);
        else if (ev->type == XRDMON_EV_BAD)
            printf("packet %" PRIu64 " is bad at %zu: %s\n", ev->packet_number,
                   ev->bad.offset, ev->bad.why);
    }
}

int
main(void)
{
    struct xrdmon_options options = {.size = sizeof(options), .want_access = true};
    struct xrdmon_reader *reader;
    struct xrdmon_stats stats;
    struct xrdmon *xm;
    const uint8_t *bytes;
    size_t len;

    if (xrdmon_new(&xm, &options) < 0)
        return 1;
    if (xrdmon_reader_new_file(&reader, stdin) < 0) {
        xrdmon_free(xm);
        return 1;
    }
    while (xrdmon_reader_next(reader, &bytes, &len) > 0) {
        if (xrdmon_feed(xm, NULL, bytes, len, 0) < 0)
            fprintf(stderr, "events: %s\n", xrdmon_errmsg(xm));
        take_events(xm);
    }
    xrdmon_flush(xm);
    take_events(xm);
    xrdmon_get_stats(xm, &stats);
    printf("%" PRIu64 " packets, %" PRIu64 " lost\n", stats.packets, stats.lost);
    xrdmon_reader_free(reader);
    xrdmon_free(xm);
    return 0;
}
