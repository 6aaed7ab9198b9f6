/* SPDX-License-Identifier: MIT */
/* The stand-in daemon behind its wire. The first byte says what the rest is: a connection
 * from its first byte on, records of one that is there already, or a script. */
#include "attr.h"
#include "frame.h"
#include "hello.h"
#include "message.h"
#include "peer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* As it comes, or in pieces of 7 bytes. */
static void
feed(struct peer *p, const uint8_t *bytes, size_t len, bool in_pieces)
{
    while (len > 0) {
        size_t n = in_pieces && len > 7 ? 7 : len;
        if (!peer_feed(p, bytes, n))
            return;
        queue_drop(&p->out, p->out.len);
        while (p->more) {
            if (!peer_feed(p, NULL, 0))
                return;
            queue_drop(&p->out, p->out.len);
        }
        bytes += n;
        len -= n;
    }
}

static void
shake_hands(struct peer *p)
{
    struct lc_hello h = {.version = {4, 2, 0, 0}, .auth = "none"};
    uint8_t hello[LC_HELLO_RAIL_BYTES], bytes[256];
    struct wr c = wr_over(hello, sizeof(hello));

    lc_hello_put(&c, &h);
    struct wr out = wr_over(bytes, sizeof(bytes));
    lc_frame_put(&out, LC_ZAP_CONNECT, 1, hello, wr_len(&c));
    lc_frame_put(&out, LC_ZAP_ACK_ACCEPTED, 2, NULL, 0);
    feed(p, bytes, wr_len(&out), false);
}

/* Each request is u16 id, u8 length, attributes as they are on the wire. */
static void
make_requests(struct peer *p, struct rd in)
{
    for (uint32_t msg_no = 1; rd_left(&in) > 3; msg_no++) {
        struct lc_record head = {.marker = LC_RECORD_MARKER,
                                 .type = LC_RECORD_REQUEST,
                                 .msg_no = msg_no,
                                 .code = rd_u16(&in)};
        size_t len = rd_u8(&in);
        struct queue out = queue_make(1 << 16);
        uint32_t xid = msg_no;

        if (len > rd_left(&in))
            len = rd_left(&in);
        const uint8_t *attrs = rd_bytes(&in, len);
        (void)lc_message_put(&out, &xid, &head, attrs, len, LC_RECORD_MAX_BYTES);
        feed(p, queue_at(&out), out.len, false);
        queue_free(&out);
    }
}

static void
run_script(struct dm_daemon *d, const uint8_t *bytes, size_t len)
{
    char *text = malloc(len + 1), *save = NULL;

    if (!text)
        return;
    memcpy(text, bytes, len);
    text[len] = '\0';
    for (char *line = strtok_r(text, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        struct dm_reply r;
        if (strstr(line, "dump_cfg") || strstr(line, "include"))
            continue; /* these are for real files */
        (void)dm_command(d, line, &r);
        dm_reply_free(&r);
    }
    free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct stand_in of = {.max_record = 256, .dir_entries = 2};
    const struct lc_auth_config auth = {.kind = LC_AUTH_NONE, .name = "none"};

    if (len < 1)
        return 0;
    of.mind = dm_new("fuzz", bytes[0] & 4, (struct dm_body){0});
    struct peer *p = of.mind ? peer_new(&of, &auth) : NULL;
    if (!p)
        abort();
    switch (bytes[0] & 3) {
    case 0:
        feed(p, bytes + 1, len - 1, (bytes[0] & 8) != 0);
        break;
    case 1:
        shake_hands(p);
        feed(p, bytes + 1, len - 1, (bytes[0] & 8) != 0);
        break;
    case 2:
        shake_hands(p);
        make_requests(p, rd_over(bytes + 1, len - 1));
        break;
    default:
        run_script(of.mind, bytes + 1, len - 1);
        break;
    }
    peer_free(p);
    dm_free(of.mind);
    return 0;
}
