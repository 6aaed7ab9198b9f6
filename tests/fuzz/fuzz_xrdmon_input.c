/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of the tool: packets, a capture, lines of JSON. What is found in
 * it is printed, and what is printed is JSON, on one line. */
#include <input.h>
#include <show.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
check(bool holds)
{
    if (!holds)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct input_options options = {.port = 0};
    struct datagram datagram;
    struct input *in;
    struct out out;
    const char *why;
    uint64_t last = 0;

    if (input_open_memory(&in, bytes, len, &options, &why) < 0)
        return 0;
    check(out_open(&out, -1) == 0);
    while (input_next(in, &datagram)) {
        check(datagram.len <= 65536 && datagram.offset >= last &&
              datagram.offset <= len);
        last = datagram.offset;
        (void)show_packet(&out, &datagram);
        check(xrdmon_json_is_valid((struct xrdmon_text){out.text, out.len}));
        check(!memchr(out.text, '\n', out.len));
        out.len = 0;
    }
    check(input_get_counts(in)->bytes <= 16 * len); /* fragments may come again */
    input_close(in);
    out_close(&out);
    return 0;
}
