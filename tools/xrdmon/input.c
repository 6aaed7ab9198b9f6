/* SPDX-License-Identifier: MIT */
/* An input: its kind found by content, its datagrams, what went wrong with it. */
#include "../cli.h"
#include "kind.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *bytes;
    size_t len;
    const char *program;
} compressed[] = {
    {"\x1f\x8b", 2, "it is compressed: give it by 'gzip -dc'"},
    {"\xfd"
     "7zXZ",
     5, "it is compressed: give it by 'xz -dc'"},
    {"\x28\xb5\x2f\xfd", 4, "it is compressed: give it by 'zstd -dc'"},
    {"BZh", 3, "it is compressed: give it by 'bzip2 -dc'"},
};

/* pcap in either order of bytes, in micro- and nanoseconds, and an old variant;
 * pcapng. */
static const char captures[][4] = {
    {'\xa1', '\xb2', '\xc3', '\xd4'}, {'\xd4', '\xc3', '\xb2', '\xa1'},
    {'\xa1', '\xb2', '\x3c', '\x4d'}, {'\x4d', '\x3c', '\xb2', '\xa1'},
    {'\xa1', '\xb2', '\xcd', '\x34'}, {'\x34', '\xcd', '\xb2', '\xa1'},
    {'\x0a', '\x0d', '\x0d', '\x0a'},
};

void
input_trouble_at(struct input *in, enum trouble what, uint64_t offset)
{
    struct trouble_count *t = &in->counts.trouble[what];
    if (what == TROUBLE_CUT && in->bytes.was_stopped)
        return; /* not by whoever wrote it */
    if (t->count++ == 0)
        t->first_at = offset;
}

/* Behind empty lines, perhaps. */
static bool
begins_with_object(struct bytes *b)
{
    size_t n = 0;

    while (n < BYTES_AHEAD && bytes_want(b, n + 1) > n && strchr(" \t\r\n", b->at[n]) &&
           b->at[n])
        n++;
    return n < b->have && b->at[n] == '{';
}

static int
find_kind(struct input *in, const char **ret_why)
{
    struct bytes *b = &in->bytes;
    size_t have = bytes_want(b, 8);

    if (b->err)
        return -b->err;
    in->kind = INPUT_EMPTY;
    if (have == 0)
        return 0;
    for (size_t i = 0; have >= 4 && i < sizeof(captures) / sizeof(captures[0]); i++)
        if (memcmp(b->at, captures[i], 4) == 0) {
            in->kind = INPUT_PCAP;
            return capture_open(in, ret_why);
        }
    for (size_t i = 0; i < sizeof(compressed) / sizeof(compressed[0]); i++)
        if (have >= compressed[i].len &&
            memcmp(b->at, compressed[i].bytes, compressed[i].len) == 0) {
            *ret_why = compressed[i].program;
            return -EILSEQ;
        }
    if (begins_with_object(b)) {
        in->kind = INPUT_LINES;
        return lines_open(in);
    }
    in->kind = INPUT_PACKETS;
    *ret_why = "it holds neither packets, nor a capture, nor datagrams as JSON";
    return packets_open(in);
}

static int
open_input(struct input **ret_in, const char *path, const void *memory, size_t len,
           const struct input_options *options, const char **ret_why)
{
    struct input *in = calloc(1, sizeof(*in));
    int err = 0;

    if (!in)
        return -ENOMEM;
    *ret_why = NULL;
    in->options = *options;
    if (path)
        err = bytes_open(&in->bytes, path);
    else
        bytes_over(&in->bytes, memory, len);
    if (err == 0) {
        in->bytes.before_wait = options->before_wait;
        in->bytes.before_wait_arg = options->before_wait_arg;
        err = find_kind(in, ret_why);
    }
    if (err < 0) {
        input_close(in);
        return err;
    }
    *ret_in = in;
    return 0;
}

int
input_open(struct input **ret_in, const char *path, const struct input_options *options,
           const char **ret_why)
{
    return open_input(ret_in, path, NULL, 0, options, ret_why);
}

int
input_open_memory(struct input **ret_in, const void *memory, size_t len,
                  const struct input_options *options, const char **ret_why)
{
    return open_input(ret_in, NULL, memory, len, options, ret_why);
}

void
input_close(struct input *in)
{
    if (!in)
        return;
    capture_close(in);
    lines_close(in);
    bytes_close(&in->bytes);
    free(in);
}

bool
input_next(struct input *in, struct datagram *ret_datagram)
{
    bool found = in->kind == INPUT_PACKETS ? packets_next(in, ret_datagram)
                 : in->kind == INPUT_PCAP  ? capture_next(in, ret_datagram)
                 : in->kind == INPUT_LINES ? lines_next(in, ret_datagram)
                                           : false;
    if (found) {
        in->counts.datagrams++;
        in->counts.bytes += ret_datagram->len;
    } else if (in->bytes.err && in->counts.trouble[TROUBLE_READ].count == 0) {
        input_trouble_at(in, TROUBLE_READ, in->bytes.offset + in->bytes.have);
    }
    return found;
}

enum input_kind
input_get_kind(const struct input *in)
{
    return in->kind;
}

const struct input_counts *
input_get_counts(const struct input *in)
{
    return &in->counts;
}

uint64_t
input_get_offset(const struct input *in)
{
    return in->bytes.offset;
}

uint64_t
input_get_size(const struct input *in)
{
    return in->bytes.size;
}

bool
input_say_troubles(const struct input *in, const char *path)
{
    static const struct {
        const char *one, *many;
        bool is_loss; /* a part of the input was not read */
    } words[TROUBLES] = {
        [TROUBLE_GARBAGE] = {"bytes that are no packet", "stretches that are no packet",
                             true},
        [TROUBLE_CUT] = {"cut off", "cut off", true},
        [TROUBLE_LINE] = {"a line without a datagram", "lines without a datagram",
                          true},
        [TROUBLE_SNAPPED] = {"a frame captured only in part",
                             "frames captured only in part", true},
        [TROUBLE_FRAGMENTS] = {"a datagram of which fragments never came",
                               "datagrams of which fragments never came", false},
        [TROUBLE_DAMAGED] = {"damaged, so the rest cannot be read",
                             "damaged, so the rest cannot be read", true},
        [TROUBLE_READ] = {"cannot be read on", "cannot be read on", true},
    };
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    bool lost = false;

    for (size_t i = 0; i < TROUBLES; i++) {
        const struct trouble_count *t = &in->counts.trouble[i];
        if (t->count == 0)
            continue;
        lost = lost || words[i].is_loss;
        if (i == TROUBLE_GARBAGE)
            cli_say("%s: %" PRIu64
                    " bytes that are no packet, the first at byte %" PRIu64 ": skipped",
                    name, in->counts.garbage_bytes, t->first_at);
        else if (i == TROUBLE_READ)
            cli_say("%s: cannot read on at byte %" PRIu64 ": %s", name, t->first_at,
                    strerror(in->bytes.err));
        else if (t->count == 1)
            cli_say("%s: %s at byte %" PRIu64, name, words[i].one, t->first_at);
        else
            cli_say("%s: %" PRIu64 " %s, the first at byte %" PRIu64, name, t->count,
                    words[i].many, t->first_at);
    }
    return lost;
}

size_t
origin_put_text(const struct origin *origin, char *text, size_t room)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    char address[INET6_ADDRSTRLEN] = "";
    int n;

    text[0] = '\0';
    if (!origin->has_address)
        return 0;
    if (memcmp(origin->address, mapped, sizeof(mapped)) == 0) {
        (void)inet_ntop(AF_INET, origin->address + 12, address, sizeof(address));
        n = snprintf(text, room, "%s:%u", address, origin->port);
    } else {
        (void)inet_ntop(AF_INET6, origin->address, address, sizeof(address));
        n = snprintf(text, room, "[%s]:%u", address, origin->port);
    }
    return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}
