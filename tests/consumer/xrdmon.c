/* SPDX-License-Identifier: MIT */
/* A consumer of libxrdmon, which compiles as C and as C++: the files that were opened. */
#include <xrdmon.h>

#include <stdio.h>

static void
print_events(struct xrdmon *xm)
{
    const struct xrdmon_event *e;

    while ((e = xrdmon_next(xm)) != NULL)
        if (e->type == XRDMON_EV_FSTAT && e->fstat->type == XRDMON_FSTAT_OPEN)
            printf("open %.*s\n", (int)e->path.len, e->path.at ? e->path.at : "");
}

int
main(int argc, char **argv)
{
    struct xrdmon_reader *reader;
    struct xrdmon *xm;
    const uint8_t *packet;
    size_t len;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (!file || xrdmon_reader_new_file(&reader, file) < 0 || xrdmon_new(&xm, NULL) < 0)
        return 1;
    while (xrdmon_reader_next(reader, &packet, &len) == 1) {
        if (xrdmon_feed(xm, NULL, packet, len, 0) < 0)
            return 1;
        print_events(xm);
    }
    xrdmon_flush(xm);
    print_events(xm);
    xrdmon_free(xm);
    xrdmon_reader_free(reader);
    fclose(file);
    return 0;
}
