/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_INPUT_H
#define XRDMON_TOOL_INPUT_H

/* Datagrams out of whatever holds them: packets back to back, a pcap or pcapng capture,
 * or lines of JSON. The kind is found by content. */
#include "bytes.h"

enum input_kind {
    INPUT_EMPTY,   /* no byte at all */
    INPUT_PACKETS, /* packets back to back */
    INPUT_PCAP,    /* a capture, pcap or pcapng */
    INPUT_LINES,   /* JSON, one datagram a line */
};

/* Who sent a datagram. An IPv4 address is kept as ::ffff:a.b.c.d. */
struct origin {
    bool has_address; /* else nobody knows, or only a name is known */
    uint8_t address[16];
    uint16_t port;
    const char *text; /* as the input spells it: address or name, and port; or NULL */
    size_t text_len;
};

/* Longest text that origin_put_text() makes, its NUL included. */
#define ORIGIN_TEXT 56

/* One datagram. What it points to is valid until the next call on its input. */
struct datagram {
    const uint8_t *bytes;
    size_t len;
    bool has_time;
    uint64_t time_ns; /* since 1970 */
    struct origin origin;
    uint64_t offset; /* where in the input the record that holds it begins */
};

/* What can be wrong with an input. None of it ends the reading, but for a capture that
 * is damaged: nothing tells where its next record would begin. */
enum trouble {
    TROUBLE_GARBAGE,   /* bytes between packets that are no packet */
    TROUBLE_CUT,       /* the input ends within a packet, a record or a line */
    TROUBLE_LINE,      /* a line that holds no datagram */
    TROUBLE_SNAPPED,   /* a frame of which the capture kept only a part */
    TROUBLE_FRAGMENTS, /* a datagram of which fragments never came */
    TROUBLE_DAMAGED,   /* a capture that cannot be read on */
    TROUBLE_READ,      /* the system refused to read on */
    TROUBLES,
};

struct trouble_count {
    uint64_t count, first_at;
};

struct input_counts {
    uint64_t datagrams, bytes;
    uint64_t foreign; /* frames of a capture that hold no UDP, or for another port */
    uint64_t reassembled, garbage_bytes;
    struct trouble_count trouble[TROUBLES];
};

struct input_options {
    uint16_t port; /* of a capture, take what was sent to this UDP port; 0: all */
    void (*before_wait)(void *); /* see bytes.h */
    void *before_wait_arg;
};

struct input;

/* 0; -errno where the path cannot be opened or read; -EILSEQ where its content is of
 * no kind that we know, and then *ret_why is a sentence about it, valid for good. */
int input_open(struct input **ret_in, const char *path,
               const struct input_options *options, const char **ret_why);
/* The same over memory, which stays the caller's. */
int input_open_memory(struct input **ret_in, const void *memory, size_t len,
                      const struct input_options *options, const char **ret_why);
void input_close(struct input *in);

/* True with the next datagram, false at the end. */
bool input_next(struct input *in, struct datagram *ret_datagram);

enum input_kind input_get_kind(const struct input *in);
const struct input_counts *input_get_counts(const struct input *in);
/* How far the reading is, and how far it will go; 0 where that is not known. */
uint64_t input_get_offset(const struct input *in);
uint64_t input_get_size(const struct input *in);

/* What went wrong in an input, a sentence each, by cli_say(). True where the input was
 * not read in full. */
bool input_say_troubles(const struct input *in, const char *path);

/* "192.0.2.1:9930", "[2001:db8::1]:9930"; "" where nothing is known. */
size_t origin_put_text(const struct origin *origin, char *text, size_t room);

#endif
