/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_KIND_H
#define XRDMON_TOOL_KIND_H

/* What input.c asks of the kinds of input, each in a file of its own. Each takes its
 * next datagram off in->bytes, and counts what it meets on the way. */
#include "input.h"

struct input {
    struct bytes bytes;
    enum input_kind kind;
    struct input_options options;
    struct input_counts counts;

    /* packets.c */
    size_t taken; /* the bytes of the datagram given last, still to be skipped */
    bool is_lost; /* within garbage */

    /* capture.c */
    struct pcap *pcap;
    struct fragments *fragments;

    /* lines.c */
    size_t line_left;   /* of a line from which an object was taken */
    bool in_garbage;    /* within a line that is too long */
    uint8_t *datagram;  /* the decoded one */
    struct cJSON *line; /* which its origin points into */
};

void input_trouble_at(struct input *in, enum trouble what, uint64_t offset);

/* Looks as far ahead as it must; -EILSEQ where no packet is in sight. */
int packets_open(struct input *in);
bool packets_next(struct input *in, struct datagram *ret_datagram);

/* 0, or -errno, or -EILSEQ and why. */
int capture_open(struct input *in, const char **ret_why);
bool capture_next(struct input *in, struct datagram *ret_datagram);
void capture_close(struct input *in);

int lines_open(struct input *in);
bool lines_next(struct input *in, struct datagram *ret_datagram);
void lines_close(struct input *in);

#endif
