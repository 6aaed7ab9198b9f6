/* SPDX-License-Identifier: MIT */
/* An agent that answers with whatever it likes: `pmdaloop probe` asks for its metrics, and
 * shows them. The first byte says how it is asked, the rest are the answers. */
#include "names.h"
#include "show.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { BY_NAME = 1, BY_NUMBER = 2, AS_JSON = 4 };

static void
check(int ok)
{
    if (!ok)
        abort();
}

/* All that the agent will ever say lies in its socket. */
static struct pmdaloop_probe *
connect_to(const uint8_t *bytes, size_t len, int *ret_peer)
{
    static const uint8_t hello[] = {0, 0, 0, 20, 0, 0, 0x70, 0x0c, 0, 0,
                                    0, 1, 0, 0,  0, 1, 1,    2,    0, 0};
    static const struct pmdaloop_probe_options options = {
        .size = sizeof(options), .reply_timeout_ms = 1000, .max_reply_bytes = 1 << 16};
    struct pmdaloop_probe *p = NULL;
    int pair[2];

    check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    check(write(pair[1], hello, sizeof(hello)) == sizeof(hello));
    check(write(pair[1], bytes, len) == (ssize_t)len);
    check(shutdown(pair[1], SHUT_WR) == 0);
    check(pmdaloop_probe_new(&p, &options) == 0);
    check(pmdaloop_probe_connect_fd(p, pair[0], pair[0]) == 0);
    *ret_peer = pair[1];
    return p;
}

static void
show(const struct reading *r, int how, FILE *nowhere)
{
    if (how & AS_JSON)
        json_put_line(nowhere, show_json(r));
    else
        show_text(r, nowhere);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct options options = {.timeout_ms = 1000};
    struct session s = {.options = &options};
    struct pmns names;
    int peer, how = len ? bytes[0] : 0;

    if (len == 0 || len > 1 << 15)
        return 0;
    FILE *nowhere = fopen("/dev/null", "w");
    check(nowhere != NULL);
    s.probe = connect_to(bytes + 1, len - 1, &peer);
    if (how & BY_NAME)
        options.wanted[options.n_wanted++] = "a.b";
    if (how & BY_NUMBER)
        options.wanted[options.n_wanted++] = "1.2.3";
    check(pmdaloop_probe_await(s.probe, 0, NULL) == 0);
    if (names_find(&s, &options, &names) == CLI_DONE) {
        int err = 0;
        for (size_t i = 0; err == 0 && i < names.n; i++) {
            struct reading r;
            err = reading_take(&s, names.names[i].name, names.names[i].pmid, &r);
            if (err == 0)
                show(&r, how, nowhere);
            reading_free(&r);
        }
    }
    pmns_free(&names);
    pmdaloop_probe_free(s.probe);
    close(peer);
    fclose(nowhere);
    return 0;
}
