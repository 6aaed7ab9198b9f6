/* SPDX-License-Identifier: MIT */
/* Stands in for capture.c where libpcap is absent. */
#include "kind.h"

#include <errno.h>

int
capture_open(struct input *in, const char **ret_why)
{
    (void)in;
    *ret_why = "it is a capture, and this xrdmon was built without libpcap";
    return -EILSEQ;
}

bool
capture_next(struct input *in, struct datagram *ret_datagram)
{
    (void)in, (void)ret_datagram;
    return false;
}

void
capture_close(struct input *in)
{
    (void)in;
}
